// Where cells fall on the canvas, and which one is nearest to the pointer.
export interface MapLayout {
  width: number; // css pixels
  height: number;
  x: Float32Array; // [cells], css pixels
  y: Float32Array; // [cells]
  grid: Grid;
}

interface Grid {
  columns: number;
  begin: Uint32Array; // [squares + 1]
  cell: Uint32Array; // [cells], by square
}

const kMargin = 14;
const kSquare = 12; // css pixels: at least as wide as the pointer's reach

export function layOut(map: Float32Array, width: number, height: number): MapLayout {
  const cells = map.length / 2;
  const x = scaled(map, 0, kMargin, width - kMargin);
  const y = scaled(map, 1, height - kMargin, kMargin);
  const columns = Math.ceil(width / kSquare);
  const squares = columns * Math.ceil(height / kSquare);
  const begin = new Uint32Array(squares + 1);
  const squareOf = (cell: number) => Math.floor(y[cell]! / kSquare) * columns + Math.floor(x[cell]! / kSquare);
  for (let cell = 0; cell < cells; cell++) begin[squareOf(cell) + 1]!++;
  for (let square = 0; square < squares; square++) begin[square + 1]! += begin[square]!;
  const next = begin.slice();
  const sorted = new Uint32Array(cells);
  for (let cell = 0; cell < cells; cell++) sorted[next[squareOf(cell)]!++] = cell;
  return { width, height, x, y, grid: { columns, begin, cell: sorted } };
}

// The nearest cell within one square's width that `isShown`, or -1.
export function nearestCell(
  { x, y, grid, height }: MapLayout,
  atX: number,
  atY: number,
  isShown: (cell: number) => boolean,
): number {
  const rows = Math.ceil(height / kSquare);
  const [column, row] = [Math.floor(atX / kSquare), Math.floor(atY / kSquare)];
  let nearest = -1;
  let best = kSquare * kSquare;
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(grid.columns - 1, column + 1); c++) {
      const square = r * grid.columns + c;
      for (let k = grid.begin[square]!; k < grid.begin[square + 1]!; k++) {
        const cell = grid.cell[k]!;
        const distance = (x[cell]! - atX) ** 2 + (y[cell]! - atY) ** 2;
        if (distance < best && isShown(cell)) [nearest, best] = [cell, distance];
      }
    }
  }
  return nearest;
}

function scaled(map: Float32Array, axis: 0 | 1, from: number, to: number): Float32Array {
  let [low, high] = [Infinity, -Infinity];
  for (let k = axis; k < map.length; k += 2) {
    low = Math.min(low, map[k]!);
    high = Math.max(high, map[k]!);
  }
  const perUnit = high > low ? (to - from) / (high - low) : 0;
  const offset = high > low ? from : (from + to) / 2;
  return Float32Array.from({ length: map.length / 2 }, (_, cell) => offset + (map[2 * cell + axis]! - low) * perUnit);
}
