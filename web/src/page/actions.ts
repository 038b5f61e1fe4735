// What a person can do. Each action says in the state what it is doing and ends in a result or in a problem.
import { type NamedFile, PlkdError } from '../protocol';
import { annotateCells, inTime } from './annotate_cells';
import { findExample, loadExample } from './example';
import { Results } from './results';
import { type FileKind, missingParts, type SortedFiles, sortFiles, type TenxPart } from './sort_files';
import { type Inputs, Station } from './station';
import * as state from './state';
import { texts } from './texts';

// The lead answers what is needed before a run and takes part in it; helpers are started for large queries only.
const lead = new Station();
const graphics = new Station();
const helpers: Station[] = [];
const kMostWorkers = 4;
const kCellsWorthAHelper = 4096;
const kVerifyCells = 256;

interface Chosen {
  model: File | null;
  cells: NamedFile[] | null;
}

const chosen: Chosen = { model: null, cells: null };
const tenx = new Map<TenxPart, NamedFile>();

class Stopped extends DOMException {
  constructor() {
    super('stopped', 'AbortError');
  }
}

function report(error: unknown): void {
  if (error instanceof Stopped) return;
  // After a fault of ours, such as memory running out, nothing a worker holds can be trusted.
  if (!(error instanceof PlkdError) || error.kind === 'Internal') stopAll();
  state.problem.value =
    error instanceof PlkdError
      ? error
      : new PlkdError('Internal', error instanceof Error ? error.message : String(error), texts.problem.bug);
}

export async function addFiles(files: File[], fallback: FileKind = 'cells'): Promise<void> {
  if (files.length === 0) return;
  state.problem.value = null;
  try {
    if (state.isRunning.value) cancel();
    takeFiles(await sortFiles(files, fallback));
    await openChosen();
  } catch (error) {
    report(error);
  }
}

function takeFiles(sorted: SortedFiles): void {
  if (sorted.models.length > 1) throw tooMany('model', sorted.models);
  if (sorted.matrices.length > 1) throw tooMany('cells', sorted.matrices);
  const [model] = sorted.models;
  const [matrix] = sorted.matrices;
  if (model) chosen.model = model;
  if (matrix) {
    tenx.clear();
    chosen.cells = [{ name: matrix.name, file: matrix }];
  } else if (sorted.tenx.size > 0) {
    // A complete set begins a new matrix; parts are added to the parts that came before.
    if (missingParts(sorted.tenx).length === 0 || missingParts(tenx).length === 0) tenx.clear();
    sorted.tenx.forEach((file, part) => tenx.set(part, file));
    chosen.cells = missingParts(tenx).length === 0 ? [...tenx.values()] : null;
  }
}

function tooMany(kind: FileKind, files: File[]): PlkdError {
  const names = files.map(({ name }) => name);
  return kind === 'model'
    ? new PlkdError('BadInput', texts.problem.tooManyModels(names), texts.problem.tooManyModelsHint)
    : new PlkdError('BadInput', texts.problem.tooManyCells(names), texts.problem.tooManyCellsHint);
}

let turn = 0;
let openedModel: File | null = null;
let openedCells: NamedFile[] | null = null;

// Opens what was chosen and not opened yet. A later choice overtakes an earlier one that is still being read.
async function openChosen(): Promise<void> {
  const mine = ++turn;
  if (lead.isBusy) lead.stop(new Stopped());
  markStale();
  state.match.value = { status: 'none' };
  const opened = [await openModel(mine), await openCells(mine)];
  const { model, cells } = chosen;
  if (mine === turn && opened.every(Boolean) && model && cells) await matchGenes(mine, { model, cells });
}

async function openModel(mine: number): Promise<boolean> {
  const file = chosen.model;
  if (!file || file === openedModel) return file !== null;
  openedModel = null;
  state.model.value = { status: 'reading', name: file.name };
  try {
    const summary = await lead.openModel(file);
    if (mine !== turn) return false;
    openedModel = file;
    state.model.value = { status: 'ready', name: file.name, bytes: file.size, summary };
    return true;
  } catch (error) {
    if (mine !== turn) return false;
    chosen.model = null;
    state.model.value = { status: 'empty' };
    report(error);
    return false;
  }
}

async function openCells(mine: number): Promise<boolean> {
  const files = chosen.cells;
  if (!files) {
    if (tenx.size > 0) {
      openedCells = null;
      const found = [...tenx.values()].map(({ file }) => file.name);
      state.cells.value = { status: 'incomplete', found, missing: missingParts(tenx) };
    }
    return false;
  }
  if (files === openedCells) return true;
  openedCells = null;
  const name = files.map(({ file }) => file.name).join(', ');
  state.cells.value = { status: 'reading', name };
  try {
    const summary = await lead.openCells(files);
    if (mine !== turn) return false;
    openedCells = files;
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    state.cells.value = { status: 'ready', name, bytes, summary };
    return true;
  } catch (error) {
    if (mine !== turn) return false;
    chosen.cells = null;
    tenx.clear();
    state.cells.value = { status: 'empty' };
    report(error);
    return false;
  }
}

async function matchGenes(mine: number, inputs: Inputs): Promise<void> {
  state.match.value = { status: 'matching' };
  try {
    const summary = await lead.match(inputs);
    if (mine === turn) state.match.value = { status: 'ready', summary };
  } catch (error) {
    if (mine !== turn) return;
    state.match.value = { status: 'failed' };
    report(error);
  }
}

function markStale(): void {
  const before = state.run.value;
  if (before.status === 'done') state.run.value = { ...before, isStale: true };
}

export async function annotate(): Promise<void> {
  const inputs = inputsOrNull();
  const { cells, model } = state;
  if (!inputs || cells.value.status !== 'ready' || model.value.status !== 'ready') return;
  const results = new Results(
    cells.value.summary.cells,
    model.value.summary.classes,
    model.value.summary.broader,
    cells.value.name,
  );
  resetResults(results.cells);
  const start = performance.now();
  try {
    const engine = await annotateCells(results, {
      inputs,
      choice: state.engineChoice.value,
      stations: [lead, ...helpersFor(results.cells, inputs)],
      graphics,
      onProgress: (progress) => (state.run.value = { status: 'running', total: results.cells, progress }),
    });
    const elapsedSeconds = (performance.now() - start) / 1000;
    state.run.value = { status: 'done', results, elapsedSeconds, engine, isStale: false };
    state.announcement.value = texts.run.finished(results.cells);
  } catch (error) {
    // After Cancel everything has stopped already, and may be reading new files by now; after an error the other workers
    // still have ranges to do.
    if (!(error instanceof Stopped)) stopAll();
    state.run.value = { status: 'idle' };
    report(error);
  }
}

function resetResults(total: number): void {
  state.problem.value = null;
  state.filter.value = { label: null, search: '' };
  state.verification.value = { status: 'idle' };
  state.run.value = { status: 'running', total, progress: null };
  state.announcement.value = texts.run.starting;
}

function inputsOrNull(): Inputs | null {
  const { model, cells } = chosen;
  return model && cells ? { model, cells } : null;
}

// One worker for a 10x text matrix: each worker would read the whole of it.
function helpersFor(cells: number, inputs: Inputs): Station[] {
  const cores = Math.min(kMostWorkers, Math.max(1, navigator.hardwareConcurrency - 1));
  const useful = Math.min(cores, Math.max(1, Math.floor(cells / kCellsWorthAHelper)));
  const wanted = inputs.cells.length > 1 ? 0 : useful - 1;
  while (helpers.length < wanted) helpers.push(new Station());
  return helpers.slice(0, wanted);
}

function stopAll(): void {
  for (const station of [lead, graphics, ...helpers]) station.stop(new Stopped());
}

export function cancel(): void {
  stopAll();
  state.announcement.value = texts.run.cancelled;
}

export async function verify(): Promise<void> {
  const inputs = inputsOrNull();
  if (!inputs || state.cells.value.status !== 'ready') return;
  state.verification.value = { status: 'running' };
  try {
    await graphics.bringUp(inputs);
    const adapter = await graphics.call('findAdapter', {});
    await inTime(graphics.call('startOrt', { device: adapter ? 'webgpu' : 'cpu' }));
    const cells = Math.min(kVerifyCells, state.cells.value.summary.cells);
    const verification = await inTime(graphics.call('verify', { cells }));
    state.verification.value = { status: 'done', verification };
  } catch (error) {
    graphics.stop(new Stopped());
    state.verification.value = { status: 'idle' };
    report(error);
  }
}

// labels.csv under the name of the file it describes.
export async function csvFile(): Promise<File> {
  const results = state.results.value;
  if (!results) throw new PlkdError('Internal', 'there are no labels to write', texts.problem.bug);
  const blob = await lead.call('writeCsv', {
    classes: results.classes,
    broader: results.broader,
    columns: results.columns,
    names: [...results.nameRanges],
    labelAll: state.labelAll.value,
  });
  const stem = results.source.replace(/,.*/s, '').replace(/(\.(h5ad|h5|mtx|tsv|gz))+$/i, '');
  return new File([blob], `${stem}.labels.csv`, { type: blob.type });
}

export async function downloadCsv(): Promise<void> {
  try {
    const file = await csvFile();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    // The download has begun when the click returns; the address is kept a while for slow disks.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    report(error);
  }
}

export async function lookForExample(): Promise<void> {
  state.exampleTitle.value = (await findExample())?.title ?? null;
}

export async function tryExample(): Promise<void> {
  state.isLoadingExample.value = true;
  try {
    const files = await loadExample();
    await addFiles(files);
  } catch (error) {
    report(error);
  } finally {
    state.isLoadingExample.value = false;
  }
}
