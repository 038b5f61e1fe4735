// Which cells are drawn, and which first: in a mixed order, so that no label hides another only because the file lists it last.
import type { MapView } from './view';

export interface DrawOrder {
  cells: Uint32Array; // faint ones in [0, faint), full ones in [full, cells.length)
  faint: number;
  full: number;
}

// Layers of a cell; 0: not drawn.
const [kFaint, kFull] = [1, 2];

// Writes into `space`, which has room for every cell.
export function orderCells(view: MapView, space: Uint32Array): DrawOrder {
  const { cells } = view;
  const layer = layersOf(view);
  const stride = mixingStride(cells);
  let faint = 0;
  let full = space.length;
  for (let k = 0, cell = 0; k < cells; k++) {
    if (layer[cell] === kFull) space[--full] = cell;
    else if (layer[cell] === kFaint) space[faint++] = cell;
    cell += stride;
    if (cell >= cells) cell -= cells;
  }
  return { cells: space, faint, full };
}

// By itself and in the file's order, since places are too large for the processor's cache to be looked up in a mixed one.
function layersOf({ cells, places, isHidden, isSelected }: MapView): Uint8Array {
  const layer = new Uint8Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const x = places[2 * cell]!;
    const isDrawn = x === x && !(isHidden && isHidden[cell]);
    if (isDrawn) layer[cell] = isSelected && !isSelected[cell] ? kFaint : kFull;
  }
  return layer;
}

// Coprime to the number of cells and near its golden section, so that k * stride visits every cell once, well mixed.
function mixingStride(cells: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.max(1, Math.floor(cells * 0.618));
  while (divisor(cells, stride) !== 1) stride++;
  return stride;
}
