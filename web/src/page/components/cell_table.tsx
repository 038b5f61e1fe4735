import { useEffect, useRef, useState } from 'preact/hooks';
import { probability } from '../format';
import { labelColour } from '../palette';
import { kUnknown, type Results } from '../results';
import { filter, labelCounts, labelName, shown, visibleCells } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';

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
      <div class="table" role="table" aria-labelledby="table-title" aria-rowcount={cells.length + 1}>
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
          tabIndex={0}
          aria-label={words.title}
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        >
          <div style={{ height: `${cells.length * rowHeight}px` }}>
            <div style={{ transform: `translateY(${first * rowHeight}px)` }}>
              {rows.map((cell, k) => (
                <Row key={cell} results={results} cell={cell} index={first + k + 2} />
              ))}
            </div>
          </div>
          {cells.length === 0 && <p class="quiet nothing">{words.empty}</p>}
        </div>
      </div>
    </section>
  );
}

function Row({ results, cell, index }: { results: Results; cell: number; index: number }) {
  const { columns, classes, labels } = results;
  const label = shown.value[cell]!;
  const confidence = columns.probability[cell]!;
  const second = classes[columns.second[cell]!];
  return (
    <div class="row" role="row" aria-rowindex={index}>
      <span role="cell" class="cell-name">{results.nameOf(cell)}</span>
      <span role="cell" class="cell-label">
        <span class="dot" style={{ background: labelColour(label, theme.value) }} aria-hidden="true" />
        <span class={label === kUnknown ? 'unknown' : 'clip'}>{labelName(label)}</span>
        {label === kUnknown && <span class="quiet clip">{words.nearest(classes[columns.best[cell]!]!.name)}</span>}
      </span>
      <span role="cell" class="cell-ontology">{labels[label]?.ontologyId ?? ''}</span>
      <span role="cell" class="cell-confidence">
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${100 * confidence}%` }} />
        </span>
        {probability(confidence)}
      </span>
      <span role="cell" class="cell-second">
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
    filter.value = { ...filter.value, label: value === '' ? null : Number(value) };
  };
  return (
    <select aria-label={words.filter} value={filter.value.label === null ? '' : String(filter.value.label)} onChange={onChange}>
      <option value="">{words.allLabels}</option>
      {labelCounts.value.map(({ label }) => (
        <option key={label} value={String(label)}>
          {labelName(label)}
        </option>
      ))}
    </select>
  );
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
