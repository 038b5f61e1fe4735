import { computed, signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { LabelKind } from '../../protocol';
import { pickCell, pickLabel } from '../actions/look';
import { choices } from '../choices';
import { type Order, sortCells, type SortKey } from '../filter_cells';
import { probability } from '../format';
import type { Results } from '../results';
import { confidenceOf, labelCounts, labelKind, labelName, labels, pickedCell, search, shown, visibleCells, columns } from '../state';
import { texts } from '../texts';
import { Dot, KindTag } from './label_mark';
import { SearchField } from './search_field';

const words = texts.table;
const kSpareRows = 8;

const order = signal<Order>({ by: 'file', isDescending: false });
const sortedCells = computed(() => sorted(visibleCells.value, order.value));

// Only the rows in sight are in the document, so a million cells scroll like a hundred.
export function CellTable({ results }: { results: Results }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const head = useRef<HTMLDivElement>(null);
  const { rowHeight, viewHeight } = useHeights(scroller, head);
  const cells = sortedCells.value;

  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [cells]);

  const picked = pickedCell.value;
  const at = picked === null ? -1 : cells.indexOf(picked);
  useEffect(() => {
    if (scroller.current && at >= 0) bringIntoView(scroller.current, at, rowHeight, viewHeight);
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
        <SearchField label={words.search} text={search} />
        <LabelSelect />
      </div>
      <p class="for-screen-readers" id="table-hint">
        {words.hint}
      </p>
      <div
        class="table"
        role="grid"
        tabIndex={0}
        ref={scroller}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        aria-labelledby="table-title"
        aria-describedby="table-hint"
        aria-rowcount={cells.length + 1}
        aria-activedescendant={at >= first && at < end ? rowId(picked!) : undefined}
        onKeyDown={onKeyDown}
      >
        <div class="row head" role="row" aria-rowindex={1} ref={head}>
          <Heading by="file" place="cell-name" name={words.cell} />
          <Heading by="label" place="cell-label" name={words.label} />
          <span role="columnheader" class="cell-ontology">{words.ontology}</span>
          <Heading by="confidence" place="cell-confidence" name={words.confidence} />
          <Heading by="second" place="cell-second" name={words.second} />
        </div>
        <div class="rows" role="rowgroup">
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

// Sorts by its column; again, the other way round.
function Heading({ by, place, name }: { by: SortKey; place: string; name: string }) {
  const { by: now, isDescending } = order.value;
  const direction = now !== by ? 'none' : isDescending ? 'descending' : 'ascending';
  return (
    <span role="columnheader" class={place} aria-sort={direction}>
      <button
        type="button"
        class="sort"
        title={words.sort(name)}
        onClick={() => (order.value = { by, isDescending: now === by && !isDescending })}
      >
        {name}
        <span aria-hidden="true">{now === by ? (isDescending ? '▾' : '▴') : ''}</span>
      </button>
    </span>
  );
}

function sorted(cells: Uint32Array, { by, isDescending }: Order): Uint32Array {
  if (by === 'file') return isDescending ? cells.slice().reverse() : cells;
  return sortCells(cells, keyOf(by), isDescending);
}

const kMostKey = 65535;

function keyOf(by: Exclude<SortKey, 'file'>): (cell: number) => number {
  const found = columns.value!;
  switch (by) {
    case 'label': {
      const places = ranked([...labels.value.map((_, label) => labelName(label))]);
      return (cell) => places[shown.value[cell]!] ?? kMostKey; // unknown comes last
    }
    case 'confidence':
      return (cell) => Math.round(kMostKey * confidenceOf(cell));
    case 'second':
      return (cell) => Math.round(kMostKey * found.secondProbability[cell]!);
  }
}

// The place of each name in alphabetical order.
function ranked(names: string[]): number[] {
  const places = names.map(() => 0);
  names
    .map((name, k) => ({ name, k }))
    .sort((a, b) => a.name.localeCompare(b.name))
    .forEach(({ k }, place) => (places[k] = place));
  return places;
}

interface RowProps {
  results: Results;
  cell: number;
  index: number;
  isPicked: boolean;
}

function Row({ results, cell, index, isPicked }: RowProps) {
  const { columns: found, classes } = results;
  const label = shown.value[cell]!;
  const confidence = confidenceOf(cell);
  const isUnknown = labelKind(label) === LabelKind.unknown;
  const second = classes[found.second[cell]!];
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
        {isUnknown && <span class="quiet clip">{words.nearest(classes[found.best[cell]!]!.name)}</span>}
      </span>
      <span role="gridcell" class="cell-ontology">{labels.value[label]?.ontologyId ?? ''}</span>
      <span role="gridcell" class="cell-confidence">
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${100 * confidence}%` }} />
        </span>
        {probability(confidence)}
      </span>
      <span role="gridcell" class="cell-second">
        {second && (
          <>
            <span class="clip">{second.name}</span> <span class="quiet">{probability(found.secondProbability[cell]!)}</span>
          </>
        )}
      </span>
    </div>
  );
}

function LabelSelect() {
  const { selection } = choices.value;
  const value = selection === null ? '' : selection.kind === 'label' ? String(selection.label) : 'cells';
  const onChange = (event: Event) => {
    const { value: chosen } = event.currentTarget as HTMLSelectElement;
    if (chosen !== 'cells') pickLabel(chosen === '' ? null : Number(chosen));
  };
  return (
    <select id="label-filter" aria-label={words.filter} value={value} onChange={onChange}>
      <option value="">{words.allLabels}</option>
      {selection?.kind === 'cells' && <option value="cells">{selection.what}</option>}
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

// The row that a key goes to; none for other keys and for an empty table.
function placeAfter(key: string, at: number, rows: number, page: number): number | undefined {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows, End: rows };
  const step = steps[key];
  if (step === undefined || rows === 0) return undefined;
  return at < 0 && Math.abs(step) < rows ? 0 : Math.min(rows - 1, Math.max(0, at + step));
}

function bringIntoView(scroller: HTMLElement, at: number, rowHeight: number, viewHeight: number): void {
  if (at * rowHeight < scroller.scrollTop) scroller.scrollTop = at * rowHeight;
  else if ((at + 1) * rowHeight > scroller.scrollTop + viewHeight) scroller.scrollTop = (at + 1) * rowHeight - viewHeight;
}

// Rows are taller on narrow screens (styles.css says how tall), so both heights are measured. The head lies over the rows.
function useHeights(scroller: { current: HTMLElement | null }, head: { current: HTMLElement | null }) {
  const [heights, setHeights] = useState({ rowHeight: 40, viewHeight: 480 });
  useEffect(() => {
    if (!scroller.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const rowHeight = Number.parseFloat(getComputedStyle(entry.target).getPropertyValue('--row-height'));
      setHeights({ rowHeight, viewHeight: entry.contentRect.height - (head.current?.offsetHeight ?? 0) });
    });
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  return heights;
}
