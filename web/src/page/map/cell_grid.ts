// Finds the cell nearest to a point. The grid lies on the places themselves, so it outlives every change of the view.
import { type Bounds, boundsOf, type MapView, type Transform } from './view';

export interface CellGrid {
  cells: number; // of the view it was built for
  bounds: Bounds;
  side: number; // squares along each axis
  begin: Uint32Array; // [side x side + 1]
  sorted: Uint32Array; // cells by square
}

const kCellsPerSquare = 4;
const kMaxSide = 512;
const kStep = 16_384; // cells between two chances to stop

// In steps, so that it can be spread over idle time.
export function* buildGrid({ cells, places }: MapView): Generator<void, CellGrid> {
  const bounds = boundsOf(places, 0, cells) ?? { left: 0, right: 0, low: 0, high: 0 };
  yield;
  const side = Math.min(kMaxSide, Math.ceil(Math.sqrt(cells / kCellsPerSquare)) || 1);
  const begin = new Uint32Array(side * side + 1);
  const squares = new Int32Array(cells);
  const perX = side / (bounds.right - bounds.left || 1);
  const perY = side / (bounds.high - bounds.low || 1);
  for (let cell = 0; cell < cells; cell++) {
    if (cell % kStep === kStep - 1) yield;
    const [x, y] = [places[2 * cell]!, places[2 * cell + 1]!];
    const column = Math.min(side - 1, Math.floor((x - bounds.left) * perX));
    const row = Math.min(side - 1, Math.floor((y - bounds.low) * perY));
    const square = row * side + column;
    // Neither holds for NaN, nor for a cell that moved out since the bounds were taken.
    const isInside = column >= 0 && row >= 0;
    squares[cell] = isInside ? square : -1;
    if (isInside) begin[square + 1]!++;
  }
  for (let square = 0; square < side * side; square++) begin[square + 1]! += begin[square]!;
  const next = begin.slice();
  const sorted = new Uint32Array(begin[side * side]!);
  for (let cell = 0; cell < cells; cell++) {
    if (cell % kStep === kStep - 1) yield;
    if (squares[cell]! >= 0) sorted[next[squares[cell]!]!++] = cell;
  }
  return { cells, bounds, side, begin, sorted };
}

// The nearest drawn cell within `reach` css pixels, or -1; one that is drawn faint only where no other is within reach.
export function nearestCell(
  { bounds, side, begin, sorted }: CellGrid,
  { cells, places, isHidden, isSelected }: MapView,
  { scaleX, scaleY, offsetX, offsetY }: Transform,
  atX: number,
  atY: number,
  reach: number,
): number {
  const square = (value: number, from: number, to: number) =>
    Math.min(side - 1, Math.max(0, Math.floor(((value - from) / (to - from || 1)) * side)));
  const columnAt = (x: number) => square((x - offsetX) / scaleX, bounds.left, bounds.right);
  const rowAt = (y: number) => square((y - offsetY) / scaleY, bounds.low, bounds.high);
  const [firstColumn, lastColumn] = [columnAt(atX - reach), columnAt(atX + reach)];
  const [firstRow, lastRow] = [rowAt(atY + reach), rowAt(atY - reach)];
  let nearest = -1;
  let best = Infinity;
  for (let row = firstRow; row <= lastRow; row++) {
    const end = begin[row * side + lastColumn + 1]!;
    for (let k = begin[row * side + firstColumn]!; k < end; k++) {
      const cell = sorted[k]!;
      if (cell >= cells || (isHidden && isHidden[cell])) continue;
      const x = scaleX * places[2 * cell]! + offsetX - atX;
      const y = scaleY * places[2 * cell + 1]! + offsetY - atY;
      const distance = x * x + y * y;
      if (!(distance <= reach * reach)) continue;
      const rank = isSelected && !isSelected[cell] ? distance + 2 * reach * reach : distance;
      if (rank < best) [nearest, best] = [cell, rank];
    }
  }
  return nearest;
}
