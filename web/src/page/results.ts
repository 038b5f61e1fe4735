// Labels of all cells, put together from the ranges that workers send.
import { type CellColumns, emptyChoice, emptyColumns, type LabelChoice, type LabelColumns, setColumns } from '../label_columns';
import { type AnnotatedRange, type BroaderTerm, type CellType, LabelKind, type NameRange } from '../protocol';

export const kUnknown = -1;
// Of a cell that no worker has come to yet.
export const kPending = -2;
const kPendingKind = 255;

// What a label is, as people see it: by the model, or by the person's own hand.
export interface Label {
  name: string;
  ontologyId: string;
}

export class Results {
  readonly columns: CellColumns;
  readonly choices: LabelChoice[]; // one for each error rate
  private readonly names: NameRange[] = [];

  constructor(
    readonly cells: number,
    readonly classes: CellType[],
    readonly broader: BroaderTerm[],
    readonly source: string,
    readonly errorRates: readonly number[],
  ) {
    this.columns = emptyColumns(cells);
    this.columns.map.fill(Number.NaN);
    this.choices = errorRates.map(() => emptyChoice(cells));
    for (const { kind } of this.choices) kind.fill(kPendingKind);
  }

  add(range: AnnotatedRange): void {
    setColumns(this.columns, range, range.first);
    this.choices.forEach((choice, k) => setColumns(choice, range.choices[k]!, range.first));
    const at = this.names.findIndex(({ first }) => first > range.first);
    this.names.splice(at < 0 ? this.names.length : at, 0, { first: range.first, names: range.names });
  }

  // With the labels for one of the error rates; the columns are shared, not copied.
  columnsAt(errorRate: number): LabelColumns {
    return { ...this.columns, ...this.choices[this.placeOf(errorRate)]! };
  }

  // Of an error rate, or of the one nearest to it, among the error rates.
  placeOf(errorRate: number): number {
    const distances = this.errorRates.map((rate) => Math.abs(rate - errorRate));
    return distances.indexOf(Math.min(...distances));
  }

  // The model's types, then its broader terms: what shown labels index.
  get labels(): readonly Label[] {
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
export function shiftOf({ undisplacedScore }: CellColumns): { shift: number; beyond95: number } {
  const kBeyond = Math.fround(0.95);
  let [sum, beyond] = [0, 0];
  for (const score of undisplacedScore) {
    sum += score;
    if (score > kBeyond) beyond++;
  }
  const cells = Math.max(1, undisplacedScore.length);
  return { shift: sum / cells, beyond95: beyond / cells };
}

// The label each cell has by the model: an index into Results.labels, kUnknown or kPending.
export function modelLabels({ cells, classes }: Results, columns: LabelColumns, labelAll: boolean): Int32Array {
  const labels = columns.best.slice();
  for (let cell = 0; cell < cells; cell++) {
    const kind = columns.kind[cell]!;
    if (kind === kPendingKind) labels[cell] = kPending;
    else if (labelAll || kind === LabelKind.type) continue;
    else labels[cell] = kind === LabelKind.unknown ? kUnknown : classes.length + columns.term[cell]!;
  }
  return labels;
}

export interface LabelCount {
  label: number;
  cells: number;
  selected: number; // of these, those that are selected; all when nothing is
}

// Types, then what people named, then broader terms, then unknown; most frequent first, equal counts in the model's order,
// labels without cells left out. `kindOf` gives the order of kinds.
export function countLabels(
  shown: Int32Array,
  labels: number,
  isSelected: Uint8Array | null,
  orderOf: (label: number) => number,
): LabelCount[] {
  // Place 0 is kUnknown's.
  const [counts, selected] = [new Uint32Array(labels + 1), new Uint32Array(labels + 1)];
  for (let cell = 0; cell < shown.length; cell++) {
    const at = shown[cell]! + 1;
    if (at < 0) continue;
    counts[at]!++;
    if (!isSelected || isSelected[cell]) selected[at]!++;
  }
  const found: LabelCount[] = [];
  counts.forEach((cells, at) => {
    if (cells > 0) found.push({ label: at - 1, cells, selected: selected[at]! });
  });
  return found.sort((a, b) => orderOf(a.label) - orderOf(b.label) || b.cells - a.cells || a.label - b.label);
}
