// The cells that the table lists, and their order.
import { kPending, kUnknown, type Results } from './results';

export interface CellFilter {
  results: Results;
  shown: Int32Array; // [cells]
  labelNames: string[]; // of shown labels
  unknownName: string;
  isSelected: Uint8Array | null; // null: all are
  isHidden: Uint8Array | null; // null: none is
  search: string;
}

// The cells that fit, in file order.
export function filterCells({ results, shown, labelNames, unknownName, isSelected, isHidden, search }: CellFilter): Uint32Array {
  const wanted = search.trim().toLowerCase();
  const needle = new TextEncoder().encode(wanted);
  const fits = labelNames.map((name) => name.toLowerCase().includes(wanted));
  const unknownFits = unknownName.toLowerCase().includes(wanted);
  const found = new Uint32Array(shown.length);
  let count = 0;
  for (let cell = 0; cell < shown.length; cell++) {
    const label = shown[cell]!;
    if (label === kPending || (isSelected && !isSelected[cell]) || isHidden?.[cell]) continue;
    const labelFits = label === kUnknown ? unknownFits : fits[label]!;
    if (labelFits || results.nameContains(cell, needle)) found[count++] = cell;
  }
  return found.subarray(0, count);
}

export type SortKey = 'file' | 'label' | 'confidence' | 'second';

export interface Order {
  by: SortKey;
  isDescending: boolean;
}

// Sorts by values of 0 to 65535, one pass to count and one to place, so that a million cells take milliseconds; equal ones stay
// in file order.
export function sortCells(cells: Uint32Array, keyOf: (cell: number) => number, isDescending: boolean): Uint32Array {
  const kKeys = 65536;
  const keys = Uint16Array.from(cells, (cell) => (isDescending ? kKeys - 1 - keyOf(cell) : keyOf(cell)));
  const begin = new Uint32Array(kKeys + 1);
  for (const key of keys) begin[key + 1]!++;
  for (let key = 0; key < kKeys; key++) begin[key + 1]! += begin[key]!;
  const sorted = new Uint32Array(cells.length);
  keys.forEach((key, k) => (sorted[begin[key]!++] = cells[k]!));
  return sorted;
}
