// Annotates ranges of cells with either engine, and compares the two.
import { emptyChoice, emptyColumns, setColumns } from '../label_columns';
import { type AnnotatedRange, type CellColumns, kErrorRate, type LabelChoice, type Verification } from '../protocol';
import { valueOf } from './core';
import type { Opened } from './opened';
import type { OrtStudent } from './ort_student';

type Labels = CellColumns & { choices: LabelChoice[] };

export function annotate(opened: Opened, first: number, end: number, errorRates: readonly number[]): AnnotatedRange {
  return withNames(opened, first, end, valueOf(opened.query.annotate(first, end, errorRates)));
}

export async function annotateWithOrt(
  opened: Opened,
  student: OrtStudent,
  first: number,
  end: number,
  errorRates: readonly number[],
): Promise<AnnotatedRange> {
  const { labels } = await runOrt(opened, student, first, end, errorRates);
  return withNames(opened, first, end, labels);
}

export async function verify(opened: Opened, student: OrtStudent, cells: number): Promise<Verification> {
  const logits = valueOf(opened.query.logits(0, cells));
  const ours = valueOf(opened.query.annotate(0, cells, [kErrorRate]));
  const theirs = await runOrt(opened, student, 0, cells, [kErrorRate]);
  return {
    cells,
    device: student.device,
    deviceName: student.name,
    sameLabels: ours.best.reduce((same, label, cell) => same + (label === theirs.labels.best[cell] ? 1 : 0), 0),
    maxProbability: Math.max(
      largestDifference(ours.probability, theirs.labels.probability),
      largestDifference(ours.secondProbability, theirs.labels.secondProbability),
    ),
    maxLogit: largestDifference(logits, theirs.logits),
  };
}

async function runOrt(opened: Opened, student: OrtStudent, first: number, end: number, errorRates: readonly number[]) {
  const cells = end - first;
  const columns = emptyColumns(cells);
  const choices = errorRates.map(() => emptyChoice(cells));
  const logits = new Float32Array(cells * opened.classes); // [cells x classes]
  for (let begin = first; begin < end; begin += student.batchCells) {
    const expression = valueOf(opened.query.expression(begin, Math.min(end, begin + student.batchCells)));
    const output = await student.run(expression);
    logits.set(output.logits, (begin - first) * opened.classes);
    const decided = valueOf(opened.query.decide(output.logits, output.latent, output.map, errorRates));
    setColumns(columns, decided, begin - first);
    choices.forEach((choice, k) => setColumns(choice, decided.choices[k]!, begin - first));
  }
  return { labels: { ...columns, choices } satisfies Labels, logits };
}

function withNames(opened: Opened, first: number, end: number, labels: Labels): AnnotatedRange {
  return { first, names: opened.cellNames(first, end), ...labels };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  // Starting from the lengths makes a missing value an infinite difference, never an overlooked one.
  let largest = a.length === b.length ? 0 : Infinity;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k]! - b[k]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
