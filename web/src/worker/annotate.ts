// Annotates ranges of cells with either engine, and compares the two.
import { emptyChoice, emptyColumns, setColumns } from '../label_columns';
import { type AnnotatedRange, type CellColumns, kErrorRate, type LabelChoice, type Verification } from '../protocol';
import { valueOf } from './core';
import { largestDifference } from './largest_difference';
import type { Opened } from './opened';
import type { OrtStudent, ReadyCells, StudentOutput } from './ort_student';

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

// While one batch is run, the labels of the one before are decided on and the one after is made ready.
async function runOrt(opened: Opened, student: OrtStudent, first: number, end: number, errorRates: readonly number[]) {
  const columns = emptyColumns(end - first);
  const choices = errorRates.map(() => emptyChoice(end - first));
  const logits = new Float32Array((end - first) * opened.classes); // [cells x classes]
  const decide = (cells: ReadyCells, output: StudentOutput) => {
    logits.set(output.logits, (cells.first - first) * opened.classes);
    const decided = valueOf(opened.query.decide(cells.first, output.logits, output.latent, output.map, errorRates));
    setColumns(columns, decided, cells.first - first);
    choices.forEach((choice, k) => setColumns(choice, decided.choices[k]!, cells.first - first));
  };
  const readyFrom = (begin: number) =>
    begin < end ? student.ready(opened.query, begin, Math.min(end, begin + student.batchCells)) : undefined;

  let decideLast = () => {};
  for (let cells = readyFrom(first); cells; ) {
    const current = cells;
    const ahead = async () => {
      await untilSubmitted();
      decideLast();
      return readyFrom(current.end);
    };
    const [output, next] = await bothOf(student.run(current), ahead());
    decideLast = () => decide(current, output);
    cells = next;
  }
  decideLast();
  return { labels: { ...columns, choices } satisfies Labels, logits };
}

// onnxruntime hands its work to the device in the same turn of the event loop and then waits; what follows runs beside the device.
function untilSubmitted(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

// When one fails the other is waited for, too: onnxruntime must not be called again while it runs.
async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

function withNames(opened: Opened, first: number, end: number, labels: Labels): AnnotatedRange {
  return { first, names: opened.cellNames(first, end), ...labels };
}
