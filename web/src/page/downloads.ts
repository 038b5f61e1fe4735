// What a finished run leaves as files: labels.csv, the user's own h5ad with the labels in it, and the receipt.
import { type Calls, type NamedFile, PlkdError, type ReceiptRequest } from '../protocol';
import { report } from './report';
import * as state from './state';
import { lead, Stopped } from './stations';
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
    save(await blobOf(run, file), `${stemOf(run.results.source)}.${kEndings[file]}`);
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
    columns: results.columns,
    names: [...results.nameRanges],
    labelAll: state.labelAll.value,
    vote: state.vote.value,
  });
}

async function written(run: state.FinishedRun, file: FileKind, call: 'writeH5ad' | 'writeReceipt'): Promise<Blob> {
  const params: Calls['writeH5ad']['params'] = { columns: run.results.columns, request: requestOf(run) };
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
  const { model, cells, slot, orthologues } = inputs;
  const [only] = cells;
  return {
    engine: engine.id,
    model: { name: model.name, bytes: model.size },
    cells: cells.length === 1 && only ? { name: only.file.name, bytes: only.file.size } : { name: matrixOf(cells) },
    options: {
      error_rate: settings.errorRate,
      adapt: settings.isAdapted,
      batch: settings.batchColumn,
      only: settings.excluded.length === 0 ? [] : namesOfPossible(results.classes, settings.excluded),
      label_all: state.labelAll.value,
      clusters: state.vote.value?.column ?? '',
      slot,
      orthologues,
      force: isForced,
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

// Of several files the first names them all.
function stemOf(source: string): string {
  return source.replace(/,.*/s, '').replace(/(\.(h5ad|h5|mtx|tsv|csv|txt|loom|zip|tar|tgz|gz))+$/i, '');
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun when the click returns; the address is kept a while for slow disks.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
