// The file's own labels against ours: which cells agree, and what the others became.
import { useMemo, useRef, useState } from 'preact/hooks';
import { counted, percent, whole } from '../format';
import { texts } from '../texts';
import { ChartFrame, type ChartTable } from './chart_frame';
import { isPress, moveFocus, type Place, placeAfter } from './grid_keys';
import { RampLegend } from './legend';
import { kSmallTextSize, widest } from './measure';
import { type ChartLabel, namesWidth, Plot, RowNames, SlantedName, slantedRoom } from './plot';
import { isStrong, tone } from './scale';

const words = texts.charts.confusion;

export interface ConfusionProps {
  own: readonly string[];
  ours: readonly ChartLabel[];
  counts: ArrayLike<number>; // [own x ours], cells
  // Index into `ours` that means the same as each of `own`, -1 where none does: then the commonest counts as agreement.
  same?: ArrayLike<number>;
  fileName: string;
  selected?: Place | null; // of own x ours
  onCell?: (row: number, column: number) => void;
}

// As it is shown: rows and columns in an order that brings agreement to the diagonal.
interface Grid {
  rows: { own: number; name: string; cells: number; best: number; agreement: number }[]; // best: of columns below
  columns: number[]; // index into ours; those that some cell has
}

export function Confusion(props: ConfusionProps) {
  const { own, ours, counts, same, fileName, onCell } = props;
  const grid = useMemo(() => gridOf(own, ours.length, counts, same), [own, ours.length, counts, same]);
  return (
    <ChartFrame
      title={words.title}
      explanation={onCell ? `${words.explanation} ${words.choose}` : words.explanation}
      fileName={fileName}
      isEmpty={grid.rows.length === 0}
      table={() => tableOf(props, grid)}
      picture={() => <Drawing {...props} grid={grid} />}
    >
      {(width) => <CellGrid {...props} grid={grid} width={width} />}
    </ChartFrame>
  );
}

interface GridProps extends ConfusionProps {
  grid: Grid;
}

function CellGrid({ ours, counts, selected, onCell, grid, width }: GridProps & { width: number }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [reached, setReached] = useState<Place>({ row: 0, column: 0 });
  const { rows, columns } = grid;
  const stop = { row: Math.min(reached.row, rows.length - 1), column: Math.min(reached.column, columns.length - 1) };
  const choose = ({ row, column }: Place) => onCell?.(rows[row]!.own, columns[column]!);
  const press = (event: KeyboardEvent) => {
    const place = placeOf(event.target);
    if (!place) return;
    const next = placeAfter(event.key, place, rows.length, columns.length);
    if (isPress(event)) choose(place);
    else if (next) moveFocus(body.current, `[data-row="${next.row}"][data-column="${next.column}"]`);
    else return;
    event.preventDefault();
  };
  const on = (act: (place: Place) => void) => (event: Event) => {
    const place = placeOf(event.target);
    if (place) act(place);
  };
  const nameWidth = Math.max(110, Math.min(280, Math.round(0.38 * width)));
  return (
    <>
      <div class="chart-box confusion-box" style={{ scrollPadding: `170px 8px 8px ${nameWidth + 8}px` }}>
        <table class={onCell ? 'confusion operable' : 'confusion'} role="grid" aria-label={words.title} aria-readonly="true">
          <thead>
            <tr>
              <th scope="col" class="confusion-own" style={{ minWidth: `${nameWidth}px`, maxWidth: `${nameWidth}px` }}>
                {words.own}
              </th>
              <th scope="col" class="confusion-number">
                {words.cells}
              </th>
              <th scope="col" class="confusion-number">
                {words.agreement}
              </th>
              {columns.map((column) => (
                <th scope="col" key={column} class="confusion-ours" title={ours[column]!.name}>
                  <span>{ours[column]!.name}</span>
                  {ours[column]!.colour !== undefined && <i style={{ color: ours[column]!.colour }} />}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={press} onClick={on(choose)} onFocusIn={on(setReached)}>
            {rows.map(({ own, name, cells, best, agreement }, row) => (
              <tr key={own}>
                <th scope="row" class="confusion-own clip" title={name} style={{ maxWidth: `${nameWidth}px` }}>
                  {name}
                </th>
                <td class="confusion-number">{whole(cells)}</td>
                <td class="confusion-number">{percent(agreement)}</td>
                {columns.map((column, k) => {
                  const count = counts[own * ours.length + column]!;
                  const isSelected = selected?.row === own && selected.column === column;
                  return (
                    <td
                      key={column}
                      class={`confusion-cell${isStrong(count / cells) ? ' strong' : ''}${k === best ? ' best' : ''}`}
                      data-row={row}
                      data-column={k}
                      tabIndex={row === stop.row && k === stop.column ? 0 : -1}
                      aria-label={words.cell(name, ours[column]!.name, count, count / cells)}
                      title={words.cell(name, ours[column]!.name, count, count / cells)}
                      {...(onCell ? { 'aria-selected': isSelected } : {})}
                      style={{ backgroundColor: count > 0 ? tone(count / cells) : 'transparent' }}
                    >
                      {count > 0 ? whole(count) : ''}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <RampLegend kind="tone" title={words.legend} low={percent(0)} high={percent(1)} width={width} />
    </>
  );
}

function placeOf(target: EventTarget | null): Place | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.confusion-cell') : null;
  return cell && { row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) };
}

const kRow = 24;

// For the file that is saved.
function Drawing({ ours, counts, grid }: GridProps) {
  const { rows, columns } = grid;
  const labels = rows.map(({ name }) => ({ name }));
  const numberWidth = Math.ceil(widest([words.cells, words.agreement, ...rows.map(({ cells }) => whole(cells))], kSmallTextSize)) + 14;
  const columnWidth = Math.max(30, Math.ceil(widest(Array.from(counts, whole), kSmallTextSize)) + 10);
  const names = columns.map((column, k) => ({ name: ours[column]!.name, x: (k + 0.5) * columnWidth }));
  const slanted = slantedRoom(names, columnWidth * columns.length);
  const nameWidth = namesWidth(labels, 750);
  return (
    <>
      <Plot
        summary={words.title}
        width={columnWidth * columns.length + slanted.right}
        height={kRow * rows.length}
        leftWidth={nameWidth + 2 * numberWidth}
        topHeight={slanted.height}
        corner={
          <>
            <text class="small" x={nameWidth - 10} y={slanted.height - 8} text-anchor="end">
              {words.own}
            </text>
            {[words.cells, words.agreement].map((name, k) => (
              <text key={name} class="small" x={nameWidth + (k + 1) * numberWidth - 10} y={slanted.height - 8} text-anchor="end">
                {name}
              </text>
            ))}
          </>
        }
        top={names.map(({ name, x }, k) => (
          <SlantedName key={k} name={name} x={x} y={slanted.height} />
        ))}
        left={
          <>
            <RowNames labels={labels} width={nameWidth} rowHeight={kRow} />
            {rows.map(({ cells, agreement }, row) =>
              [whole(cells), percent(agreement)].map((number, k) => (
                <text
                  key={`${row} ${k}`}
                  class="small"
                  x={nameWidth + (k + 1) * numberWidth - 10}
                  y={(row + 0.5) * kRow + 4}
                  text-anchor="end"
                >
                  {number}
                </text>
              )),
            )}
          </>
        }
      >
        {rows.map(({ own, cells, best }, row) =>
          columns.map((column, k) => {
            const count = counts[own * ours.length + column]!;
            if (count === 0 && k !== best) return null;
            const [x, y] = [k * columnWidth, row * kRow];
            return (
              <g key={column}>
                <rect
                  class={k === best ? 'best' : ''}
                  x={x + 1}
                  y={y + 1}
                  width={columnWidth - 2}
                  height={kRow - 2}
                  style={{ fill: count > 0 ? tone(count / cells) : 'none' }}
                />
                <text
                  class={`small on-tone${isStrong(count / cells) ? ' strong' : ''}`}
                  x={x + columnWidth / 2}
                  y={y + kRow / 2 + 4}
                  text-anchor="middle"
                >
                  {count > 0 ? whole(count) : ''}
                </text>
              </g>
            );
          }),
        )}
      </Plot>
      <RampLegend kind="tone" title={words.legend} low={percent(0)} high={percent(1)} width={400} />
    </>
  );
}

function gridOf(own: readonly string[], ours: number, counts: ArrayLike<number>, same: ArrayLike<number> | undefined): Grid {
  const columnCells = new Float64Array(ours);
  const found = own.map((name, row) => {
    let [cells, best] = [0, 0];
    for (let column = 0; column < ours; column++) {
      const count = counts[row * ours + column]!;
      cells += count;
      columnCells[column]! += count;
      if (count > counts[row * ours + best]!) best = column;
    }
    const agreeing = same && same[row]! >= 0 ? same[row]! : best;
    return { own: row, name, cells, best, agreeing };
  });
  const shown = found.filter(({ cells }) => cells > 0);
  for (const { agreeing } of shown) columnCells[agreeing]! += 1e-9; // it has a column even where no cell agrees
  const columns = Array.from({ length: ours }, (_, column) => column)
    .filter((column) => columnCells[column]! > 0)
    .sort((a, b) => columnCells[b]! - columnCells[a]! || a - b);
  const place = new Map(columns.map((column, k) => [column, k]));
  const rows = shown
    .map(({ own: row, name, cells, best, agreeing }) => ({
      own: row,
      name,
      cells,
      mostly: place.get(best)!,
      best: place.get(agreeing)!,
      agreement: counts[row * ours + agreeing]! / cells,
    }))
    .sort((a, b) => a.mostly - b.mostly || b.cells - a.cells || a.own - b.own);
  return { rows, columns };
}

function tableOf({ ours, counts }: ConfusionProps, { rows, columns }: Grid): ChartTable {
  return {
    head: [words.own, words.cells, words.agreement, ...columns.map((column) => ours[column]!.name)],
    rows: rows.map(({ own, name, cells, agreement }) => [
      name,
      counted(cells, words.cellUnit, words.cellsUnit),
      percent(agreement),
      ...columns.map((column) => whole(counts[own * ours.length + column]!)),
    ]),
  };
}
