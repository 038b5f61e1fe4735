// Labels of all cells, put together from the ranges that workers send.
import { emptyColumns, setColumns } from '../label_columns';
import { type AnnotatedRange, type BroaderTerm, type CellType, type LabelColumns, LabelKind, type NameRange } from '../protocol';

export const kUnknown = -1;

export class Results {
  readonly columns: LabelColumns;
  private readonly names: NameRange[] = [];

  constructor(
    readonly cells: number,
    readonly classes: CellType[],
    readonly broader: BroaderTerm[],
    readonly source: string,
  ) {
    this.columns = emptyColumns(cells);
  }

  add(range: AnnotatedRange): void {
    setColumns(this.columns, range, range.first);
    const at = this.names.findIndex(({ first }) => first > range.first);
    this.names.splice(at < 0 ? this.names.length : at, 0, { first: range.first, names: range.names });
  }

  // What shown labels index: the model's types, then its broader terms.
  get labels(): readonly { name: string; ontologyId: string }[] {
    return [...this.classes, ...this.broader];
  }

  get nameRanges(): readonly NameRange[] {
    return this.names;
  }

  nameOf(cell: number): string {
    const bytes = this.nameBytes(cell);
    return bytes ? new TextDecoder().decode(bytes) : '';
  }

  // `needle` in lower case; ASCII letters match in either case, other characters as they are.
  nameContains(cell: number, needle: Uint8Array): boolean {
    const bytes = this.nameBytes(cell);
    if (!bytes) return false;
    for (let at = 0; at + needle.length <= bytes.length; at++) {
      let k = 0;
      while (k < needle.length && lowerCase(bytes[at + k]!) === needle[k]) k++;
      if (k === needle.length) return true;
    }
    return false;
  }

  private nameBytes(cell: number): Uint8Array | undefined {
    let low = 0;
    let high = this.names.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.names[middle]!.first <= cell) low = middle;
      else high = middle - 1;
    }
    const range = this.names[low];
    if (!range) return undefined;
    const { bytes, begin } = range.names;
    return bytes.subarray(begin[cell - range.first], begin[cell - range.first + 1]);
  }
}

function lowerCase(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

// How far the cells lie from the reference, as the core wants it to say what is promised.
export function shiftOf({ undisplacedScore }: LabelColumns): { shift: number; beyond95: number } {
  const kBeyond = Math.fround(0.95);
  let [sum, beyond] = [0, 0];
  for (const score of undisplacedScore) {
    sum += score;
    if (score > kBeyond) beyond++;
  }
  const cells = Math.max(1, undisplacedScore.length);
  return { shift: sum / cells, beyond95: beyond / cells };
}

// The label each cell is shown with: an index into Results.labels, or kUnknown.
export function shownLabels({ columns, cells, classes }: Results, labelAll: boolean): Int32Array {
  if (labelAll) return columns.best;
  const shown = columns.best.slice();
  for (let cell = 0; cell < cells; cell++) {
    if (columns.kind[cell] === LabelKind.unknown) shown[cell] = kUnknown;
    if (columns.kind[cell] === LabelKind.broader) shown[cell] = classes.length + columns.term[cell]!;
  }
  return shown;
}

export interface LabelCount {
  label: number;
  cells: number;
}

// Types, then broader terms, then unknown; most frequent first, equal counts in the model's order, labels without cells
// left out.
export function countLabels({ classes, labels }: Results, shown: Int32Array): LabelCount[] {
  const counts = new Array<number>(labels.length).fill(0);
  let unknown = 0;
  for (const label of shown) {
    if (label === kUnknown) unknown++;
    else counts[label]!++;
  }
  const found = counts.map((cells, label) => ({ label, cells })).filter(({ cells }) => cells > 0);
  const isBroader = (label: number) => Number(label >= classes.length);
  found.sort((a, b) => isBroader(a.label) - isBroader(b.label) || b.cells - a.cells || a.label - b.label);
  return unknown > 0 ? [...found, { label: kUnknown, cells: unknown }] : found;
}

export interface CellFilter {
  label: number | null; // null: all labels
  search: string;
}

// The cells that fit, in file order.
export function filterCells(results: Results, shown: Int32Array, names: string[], filter: CellFilter): Uint32Array {
  const search = filter.search.trim().toLowerCase();
  const needle = new TextEncoder().encode(search);
  const fits = names.map((name) => name.toLowerCase().includes(search));
  const unknownFits = 'unknown'.includes(search);
  const found = new Uint32Array(shown.length);
  let count = 0;
  for (let cell = 0; cell < shown.length; cell++) {
    const label = shown[cell]!;
    if (filter.label !== null && label !== filter.label) continue;
    const labelFits = label === kUnknown ? unknownFits : fits[label]!;
    if (labelFits || results.nameContains(cell, needle)) found[count++] = cell;
  }
  return found.subarray(0, count);
}
