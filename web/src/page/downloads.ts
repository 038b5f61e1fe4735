// What a finished run leaves as files: labels.csv, the user's own h5ad with the labels in it, and the receipt.
import { type Calls, type Curated, kReviewNames, type NamedFile, PlkdError, type ReceiptRequest, Review } from '../protocol';
import { choices } from './choices';
import { report } from './report';
import { kUnknown } from './results';
import { save } from './save_file';
import * as state from './state';
import { Stopped } from './station';
import { lead } from './stations';
import { texts } from './texts';

type FileKind = state.Writing['file'];

const kEndings: Record<FileKind, string> = { csv: 'labels.csv', h5ad: 'annotated.h5ad', receipt: 'receipt.json' };
// Of another format than h5ad a new file is made in memory.
const kLargestToConvert = 1e9; // bytes

export async function download(file: FileKind): Promise<void> {
  const run = state.run.value;
  if (run.status !== 'done') return;
  state.writing.value = { file, share: 0 };
  try {
    save(await blobOf(run, file), `${state.fileStem()}.${kEndings[file]}`);
    state.announcement.value = texts.results.written(kEndings[file]);
  } catch (error) {
    report(error);
  } finally {
    state.writing.value = null;
  }
}

// The worker holds nothing that cannot be opened again.
export function stopWriting(): void {
  lead.stop(new Stopped());
}

function blobOf(run: state.FinishedRun, file: FileKind): Promise<Blob> {
  switch (file) {
    case 'csv':
      return labels(run);
    case 'h5ad':
      return written(run, file, 'writeH5ad');
    case 'receipt':
      return written(run, file, 'writeReceipt');
  }
}

function labels({ results }: state.FinishedRun): Promise<Blob> {
  return lead.call('writeCsv', {
    classes: results.classes,
    broader: results.broader,
    columns: results.columnsAt(state.errorRate.value),
    names: [...results.nameRanges],
    labelAll: choices.value.labelAll,
    vote: state.vote.value,
    curated: curatedLabels(),
  });
}

// What a person made of the labels; null when they left them as they are.
function curatedLabels(): Curated | null {
  if (!state.isAnyCurated.value) return null;
  const { names, accepted, assigned } = choices.value;
  const own = new Uint8Array(state.shown.value.length);
  for (const { cells } of assigned) for (const cell of cells) own[cell] = 1;
  const labels = [kUnknown, ...state.labels.value.keys()];
  const reviewed = labels.map((label) => {
    const name = state.modelName(label);
    if (name in names) return Review.renamed;
    return accepted.includes(name) ? Review.accepted : Review.none;
  });
  return {
    names: labels.map((label) => choices.value.names[state.modelName(label)] ?? state.modelName(label)),
    label: state.shown.value.map((label) => label + 1),
    reviewNames: kReviewNames,
    review: Uint8Array.from(state.shown.value, (label, cell) => (own[cell] ? Review.named : reviewed[label + 1]!)),
  };
}

async function written(run: state.FinishedRun, file: FileKind, call: 'writeH5ad' | 'writeReceipt'): Promise<Blob> {
  const params: Calls['writeH5ad']['params'] = {
    columns: run.results.columnsAt(state.errorRate.value),
    request: requestOf(run),
    curated: curatedLabels(),
  };
  const { bytes, name } = params.request.cells;
  if (file === 'h5ad' && !run.keepsResults && bytes !== undefined && bytes > kLargestToConvert)
    throw new PlkdError('BadInput', texts.results.tooLarge(name), texts.results.tooLargeHint);
  await lead.bringUp(run.inputs);
  for (let share = 0; share < 1; ) {
    share = await lead.call('digestFurther', {});
    state.writing.value = { file, share };
  }
  return lead.call(call, params);
}

// What the labels on show were made by.
export function requestOf({ inputs, settings, engine, results, isForced }: state.FinishedRun): ReceiptRequest {
  const { model, cells, slot, orthologues, without } = inputs;
  const [only] = cells;
  return {
    engine: engine.id,
    model: { name: model.name, bytes: model.size },
    cells: cells.length === 1 && only ? { name: only.file.name, bytes: only.file.size } : { name: matrixOf(cells) },
    options: {
      error_rate: state.errorRate.value,
      adapt: settings.isAdapted,
      batch: settings.batchColumn,
      only: settings.excluded.length === 0 ? [] : namesOfPossible(results.classes, settings.excluded),
      label_all: choices.value.labelAll,
      clusters: state.vote.value?.column ?? '',
      slot,
      orthologues,
      force: isForced,
      ...(without.length > 0 ? { without: [...without] } : {}),
    },
  };
}

function namesOfPossible(classes: readonly { name: string }[], excluded: readonly number[]): string[] {
  return classes.filter((_, type) => !excluded.includes(type)).map(({ name }) => name);
}

// Of the files of 10x the matrix stands for all.
function matrixOf(files: readonly NamedFile[]): string {
  return (files.find(({ name }) => name.startsWith('matrix')) ?? files[0])?.file.name ?? '';
}
