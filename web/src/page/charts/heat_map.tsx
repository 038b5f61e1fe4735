// How active patterns are in labels: warm is above the average, cold below.
import { useRef, useState } from 'preact/hooks';
import { signed } from '../format';
import { texts } from '../texts';
import { ChartFrame, type ChartTable } from './chart_frame';
import { isPress, moveFocus, type Place, placeAfter } from './grid_keys';
import { RampLegend } from './legend';
import { type ChartLabel, columnWidthFor, namesWidth, Plot, RowNames, SlantedName, slantedRoom } from './plot';
import { warmth } from './scale';

const words = texts.charts.heatMap;

export interface HeatMapProps {
  rows: readonly ChartLabel[];
  columns: readonly string[];
  values: ArrayLike<number>; // [rows x columns], in standard deviations from the average; NaN where not known
  fileName: string;
  selected?: Place | null;
  onCell?: (row: number, column: number) => void;
}

const kLimit = 2.5;
const kRow = 22;

export function HeatMap(props: HeatMapProps) {
  const { rows, columns, fileName, onCell } = props;
  return (
    <ChartFrame
      title={words.title}
      explanation={onCell ? `${words.explanation} ${words.choose}` : words.explanation}
      fileName={fileName}
      isEmpty={rows.length === 0 || columns.length === 0}
      table={() => tableOf(props)}
    >
      {(width) => <Cells {...props} width={width} />}
    </ChartFrame>
  );
}

function Cells({ rows, columns, values, selected, onCell, width }: HeatMapProps & { width: number }) {
  const leftWidth = namesWidth(rows, width);
  const columnNames = columns.map((name, column) => ({ name, at: column + 0.5 }));
  const columnWidth = columnWidthFor(columns.length, columnNames, width - leftWidth, 36);
  const across = columnWidth * columns.length;
  const names = columnNames.map(({ name, at }) => ({ name, x: at * columnWidth }));
  const slanted = slantedRoom(names, across);
  const said = (row: number, column: number) => {
    const value = values[row * columns.length + column]!;
    return Number.isNaN(value) ? words.notKnown : words.value(value);
  };
  const tipAt = (x: number, y: number) => {
    const [row, column] = [Math.floor(y / kRow), Math.floor(x / columnWidth)];
    if (!rows[row] || columns[column] === undefined) return null;
    return [columns[column], rows[row].name, said(row, column)];
  };
  const colourOf = (at: number) => warmth(values[at]! / kLimit);
  return (
    <>
      <Plot
        summary={words.summary(rows.length, columns.length)}
        {...(onCell ? { operable: 'body' as const } : {})}
        width={across + slanted.right}
        height={kRow * rows.length + 4}
        leftWidth={leftWidth}
        topHeight={slanted.height}
        left={<RowNames labels={rows} width={leftWidth} rowHeight={kRow} />}
        top={names.map(({ name, x }, column) => (
          <SlantedName key={column} name={name} x={x} y={slanted.height} />
        ))}
        tipAt={tipAt}
      >
        {onCell ? (
          <Buttons
            {...{ rows, columns, columnWidth, colourOf, onCell }}
            nameOf={(row, column) => words.cell(columns[column]!, rows[row]!.name, said(row, column))}
          />
        ) : (
          rows.map((_, row) =>
            columns.map((_name, column) => (
              <rect
                {...square(row, column, columnWidth)}
                key={`${row} ${column}`}
                class="heat-cell"
                style={{ fill: colourOf(row * columns.length + column) }}
              />
            )),
          )
        )}
        {selected && <rect class="selected-cell" {...square(selected.row, selected.column, columnWidth)} />}
      </Plot>
      <RampLegend
        kind="warmth"
        title={words.legend}
        low={words.atMost(-kLimit)}
        middle={words.average}
        high={words.atLeast(kLimit)}
        width={width}
      />
    </>
  );
}

interface ButtonsProps {
  rows: readonly ChartLabel[];
  columns: readonly string[];
  columnWidth: number;
  colourOf: (at: number) => string;
  nameOf: (row: number, column: number) => string;
  onCell: (row: number, column: number) => void;
}

// One for all cells would be said as one; each is a button, of which the tab key reaches one.
function Buttons({ rows, columns, columnWidth, colourOf, nameOf, onCell }: ButtonsProps) {
  const group = useRef<SVGGElement>(null);
  const [reached, setReached] = useState<Place>({ row: 0, column: 0 });
  const stop = { row: Math.min(reached.row, rows.length - 1), column: Math.min(reached.column, columns.length - 1) };
  const placeOf = (target: EventTarget | null): Place | null => {
    const at = target instanceof SVGElement ? Number(target.dataset['at'] ?? -1) : -1;
    return at < 0 ? null : { row: Math.floor(at / columns.length), column: at % columns.length };
  };
  const press = (event: KeyboardEvent) => {
    const place = placeOf(event.target);
    if (!place) return;
    const next = placeAfter(event.key, place, rows.length, columns.length);
    if (isPress(event)) onCell(place.row, place.column);
    else if (next) {
      setReached(next);
      moveFocus(group.current, `[data-at="${next.row * columns.length + next.column}"]`);
    } else return;
    event.preventDefault();
  };
  const click = (event: MouseEvent) => {
    const place = placeOf(event.target);
    if (!place) return;
    setReached(place);
    onCell(place.row, place.column);
  };
  return (
    <g ref={group} onKeyDown={press} onClick={click}>
      {rows.map((_, row) =>
        columns.map((_name, column) => {
          const at = row * columns.length + column;
          const isStop = row === stop.row && column === stop.column;
          return (
            <rect
              key={at}
              {...square(row, column, columnWidth)}
              class="heat-cell chart-button"
              role="button"
              tabindex={isStop ? 0 : -1}
              aria-label={nameOf(row, column)}
              data-at={at}
              style={{ fill: colourOf(at) }}
            />
          );
        }),
      )}
    </g>
  );
}

function square(row: number, column: number, columnWidth: number) {
  return { x: column * columnWidth + 0.5, y: row * kRow + 0.5, width: columnWidth - 1, height: kRow - 1 };
}

function tableOf({ rows, columns, values }: HeatMapProps): ChartTable {
  return {
    head: [words.label, ...columns],
    rows: rows.map(({ name }, row) => [
      name,
      ...columns.map((_, column) => {
        const value = values[row * columns.length + column]!;
        return Number.isNaN(value) ? '–' : signed(value);
      }),
    ]),
  };
}
