import { useEffect, useRef, useState } from 'preact/hooks';
import { LabelKind } from '../../protocol';
import { pickCell, pickLabel } from '../actions';
import { probability } from '../format';
import type { Results } from '../results';
import { confidenceOf, filter, labelCounts, labelKind, labelName, pickedCell, shown, visibleCells } from '../state';
import { texts } from '../texts';
import { Dot, KindTag } from './label_mark';

const words = texts.table;
const kSpareRows = 8;

// Only the rows in sight are in the document, so a million cells scroll like a hundred.
export function CellTable({ results }: { results: Results }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const { rowHeight, viewHeight } = useHeights(scroller);
  const cells = visibleCells.value;

  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [cells]);

  const picked = pickedCell.value;
  const at = picked === null ? -1 : placeOf(cells, picked);
  useEffect(() => {
    if (scroller.current && at >= 0) bringIntoView(scroller.current, at, rowHeight);
  }, [at, rowHeight]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = placeAfter(event.key, at, cells.length, Math.max(1, Math.floor(viewHeight / rowHeight) - 1));
    if (next === undefined) return;
    event.preventDefault();
    pickCell(cells[next]!);
  };

  const first = Math.max(0, Math.floor(top / rowHeight) - kSpareRows);
  const end = Math.min(cells.length, Math.ceil((top + viewHeight) / rowHeight) + kSpareRows);
  const rows = Array.from(cells.subarray(first, end));
  return (
    <section class="card table-card" aria-labelledby="table-title">
      <div class="table-head">
        <h3 id="table-title">{words.title}</h3>
        <span class="quiet grow" aria-live="polite">
          {words.shown(cells.length, results.cells)}
        </span>
        <Search />
        <LabelSelect />
      </div>
      <p class="for-screen-readers" id="table-hint">
        {words.hint}
      </p>
      <div
        class="table"
        role="grid"
        tabIndex={0}
        aria-labelledby="table-title"
        aria-describedby="table-hint"
        aria-rowcount={cells.length + 1}
        aria-activedescendant={at >= first && at < end ? rowId(picked!) : undefined}
        onKeyDown={onKeyDown}
      >
        <div class="row head" role="row" aria-rowindex={1}>
          <span role="columnheader" class="cell-name">{words.cell}</span>
          <span role="columnheader" class="cell-label">{words.label}</span>
          <span role="columnheader" class="cell-ontology">{words.ontology}</span>
          <span role="columnheader" class="cell-confidence">{words.confidence}</span>
          <span role="columnheader" class="cell-second">{words.second}</span>
        </div>
        <div
          class="rows"
          role="rowgroup"
          ref={scroller}
          tabIndex={-1}
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        >
          <div style={{ height: `${cells.length * rowHeight}px` }}>
            <div style={{ transform: `translateY(${first * rowHeight}px)` }}>
              {rows.map((cell, k) => (
                <Row key={cell} results={results} cell={cell} index={first + k + 2} isPicked={cell === picked} />
              ))}
            </div>
          </div>
          {cells.length === 0 && <p class="quiet nothing">{words.empty}</p>}
        </div>
      </div>
    </section>
  );
}

interface RowProps {
  results: Results;
  cell: number;
  index: number;
  isPicked: boolean;
}

function Row({ results, cell, index, isPicked }: RowProps) {
  const { columns, classes, labels } = results;
  const label = shown.value[cell]!;
  const confidence = confidenceOf(results, cell);
  const isUnknown = labelKind(label) === LabelKind.unknown;
  const second = classes[columns.second[cell]!];
  return (
    <div
      class="row"
      role="row"
      id={rowId(cell)}
      aria-rowindex={index}
      aria-selected={isPicked}
      onClick={() => pickCell(isPicked ? null : cell)}
    >
      <span role="gridcell" class="cell-name">{results.nameOf(cell)}</span>
      <span role="gridcell" class="cell-label">
        <Dot label={label} />
        <span class={isUnknown ? 'unknown' : 'clip'}>{labelName(label)}</span>
        <KindTag label={label} />
        {isUnknown && <span class="quiet clip">{words.nearest(classes[columns.best[cell]!]!.name)}</span>}
      </span>
      <span role="gridcell" class="cell-ontology">{labels[label]?.ontologyId ?? ''}</span>
      <span role="gridcell" class="cell-confidence">
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${100 * confidence}%` }} />
        </span>
        {probability(confidence)}
      </span>
      <span role="gridcell" class="cell-second">
        {second && (
          <>
            <span class="clip">{second.name}</span> <span class="quiet">{probability(columns.secondProbability[cell]!)}</span>
          </>
        )}
      </span>
    </div>
  );
}

function Search() {
  const onInput = (event: Event) => {
    filter.value = { ...filter.value, search: (event.currentTarget as HTMLInputElement).value };
  };
  return (
    <input
      type="search"
      class="search"
      placeholder={words.search}
      aria-label={words.search}
      value={filter.value.search}
      onInput={onInput}
    />
  );
}

function LabelSelect() {
  const onChange = (event: Event) => {
    const { value } = event.currentTarget as HTMLSelectElement;
    pickLabel(value === '' ? null : Number(value));
  };
  return (
    <select aria-label={words.filter} value={filter.value.label === null ? '' : String(filter.value.label)} onChange={onChange}>
      <option value="">{words.allLabels}</option>
      {labelCounts.value.map(({ label }) => (
        <option key={label} value={String(label)}>
          {labelKind(label) === LabelKind.broader ? words.broaderOption(labelName(label)) : labelName(label)}
        </option>
      ))}
    </select>
  );
}

function rowId(cell: number): string {
  return `cell-${cell}`;
}

// The place of a cell among ascending cells, or -1.
function placeOf(cells: Uint32Array, cell: number): number {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells[middle]! < cell) low = middle + 1;
    else high = middle;
  }
  return cells[low] === cell ? low : -1;
}

// The row that a key goes to; none for other keys and for an empty table.
function placeAfter(key: string, at: number, rows: number, page: number): number | undefined {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows, End: rows };
  const step = steps[key];
  if (step === undefined || rows === 0) return undefined;
  return at < 0 && Math.abs(step) < rows ? 0 : Math.min(rows - 1, Math.max(0, at + step));
}

function bringIntoView(scroller: HTMLElement, at: number, rowHeight: number): void {
  const { scrollTop, clientHeight } = scroller;
  if (at * rowHeight < scrollTop) scroller.scrollTop = at * rowHeight;
  else if ((at + 1) * rowHeight > scrollTop + clientHeight) scroller.scrollTop = (at + 1) * rowHeight - clientHeight;
}

// Rows are taller on narrow screens (styles.css says how tall), so both heights are measured.
function useHeights(scroller: { current: HTMLElement | null }) {
  const [heights, setHeights] = useState({ rowHeight: 40, viewHeight: 480 });
  useEffect(() => {
    if (!scroller.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const rowHeight = Number.parseFloat(getComputedStyle(entry.target).getPropertyValue('--row-height'));
      setHeights({ rowHeight, viewHeight: entry.contentRect.height });
    });
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  return heights;
}
