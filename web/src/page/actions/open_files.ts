// Opens what a person chose, and says how well it fits together. Like every action: it says in the state what it is doing, and
// ends in a result or in a problem.
import { type NamedFile, PlkdError } from '../../protocol';
import { beginAnew, choices } from '../choices';
import { findExample, loadExample } from '../example';
import { report } from '../report';
import { type FileKind, missingParts, type SortedFiles, sortFiles, type TenxPart } from '../sort_files';
import { type Inputs, type MatchInputs, type Station, Stopped } from '../station';
import * as state from '../state';
import { helpersFor, lead, prepare, stopAll } from '../stations';
import { texts } from '../texts';
import { suggestion, suggestModel } from './gallery';
import { restoreSession, takeSessions } from './session';

interface Chosen {
  model: File | null;
  teacher: File | null;
  cells: NamedFile[] | null;
  slot: string; // matrix of the cells' file; '' lets the core choose
}

const chosen: Chosen = { model: null, teacher: null, cells: null, slot: '' };
const tenx = new Map<TenxPart, NamedFile>();

export async function addFiles(files: File[], fallback: FileKind = 'cells'): Promise<void> {
  if (files.length === 0) return;
  state.problem.value = null;
  try {
    if (state.isRunning.value) cancel();
    const sorted = await sortFiles(files, fallback);
    await takeSessions(sorted.sessions);
    takeFiles(sorted);
    await openChosen();
  } catch (error) {
    report(error);
  }
}

function takeFiles(sorted: SortedFiles): void {
  if (sorted.models.length > 1) throw tooMany('model', sorted.models);
  if (sorted.teachers.length > 1) throw tooMany('model', sorted.teachers);
  if (sorted.matrices.length > 1) throw tooMany('cells', sorted.matrices);
  const [model] = sorted.models;
  const [matrix] = sorted.matrices;
  const [teacher] = sorted.teachers;
  if (model) chosen.model = model;
  // A Teacher may come before its model, but does not stay for another.
  if (teacher || (model && openedModel)) chosen.teacher = teacher ?? null;
  if (matrix || sorted.tenx.size > 0) {
    chosen.slot = '';
    suggestion.value = { status: 'none' };
  }
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

// Another matrix of the same file.
export async function chooseSlot(slot: string): Promise<void> {
  if (!chosen.cells || state.isRunning.value) return;
  state.problem.value = null;
  chosen.slot = slot;
  openedCells = null;
  suggestion.value = { status: 'none' };
  await openChosen();
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
// With it other workers can read the cells; null where each would have to read the whole file.
let cellsIndex: Uint8Array | null = null;

// Opens what was chosen and not opened yet. A later choice overtakes an earlier one that is still being read.
async function openChosen(): Promise<void> {
  const mine = ++turn;
  if (lead.isBusy) lead.stop(new Stopped());
  markStale();
  state.match.value = { status: 'none' };
  state.orthologues.value = false;
  state.isForced.value = false;
  const hasModel = await openModel(mine);
  if (mine !== turn) return;
  const hasCells = await openCells(mine);
  await openTeacher(mine);
  const { model, cells, slot } = chosen;
  if (mine !== turn) return;
  if (hasModel && hasCells && model && cells) await matchGenes(mine, { model, cells, slot, index: cellsIndex, orthologues: false, without: choices.value.without });
  else if (!model && cells && state.cells.value.status === 'ready') {
    const { organism, cells: count } = state.cells.value.summary;
    await suggestModel({ files: cells, slot, index: cellsIndex, organism, count }, () => mine === turn);
  }
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
    forgetChoices();
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

// Here it is only held against its model; it is read again when it is asked.
async function openTeacher(mine: number): Promise<void> {
  const file = chosen.teacher;
  state.teacher.value = file && { file, isChecked: false };
  if (!file || !openedModel || mine !== turn) return;
  try {
    await lead.checkTeacher(openedModel, file);
    if (mine === turn) state.teacher.value = { file, isChecked: true };
  } catch (error) {
    if (mine !== turn) return;
    chosen.teacher = null;
    state.teacher.value = null;
    report(error);
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
  state.groups.value = { status: 'none' };
  const name = files.map(({ file }) => file.name).join(', ');
  state.cells.value = { status: 'reading', name };
  try {
    const [summary, index] = [await lead.openCells(files, chosen.slot), await lead.call('countsIndex', {})];
    if (mine !== turn) return false;
    openedCells = files;
    forgetChoices();
    cellsIndex = index;
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    state.cells.value = { status: 'ready', name, bytes, summary, chosenSlot: chosen.slot };
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

async function matchGenes(mine: number, inputs: MatchInputs): Promise<void> {
  state.match.value = { status: 'matching' };
  try {
    const summary = await lead.match(inputs);
    if (mine !== turn) return;
    state.match.value = { status: 'ready', summary };
    if (restoreSession()) await matchAsChosen();
    prepareToAnnotate();
    if (choices.value.isAdapting) await findGroups();
  } catch (error) {
    if (mine !== turn) return;
    state.match.value = { status: 'failed' };
    report(error);
  }
}

function prepareToAnnotate(): void {
  const inputs = inputsOrNull();
  if (inputs && state.canAnnotate.value) prepare(inputs, state.engineChoice.value === 'webgpu' ? [] : helpersToRead());
}

// Workers beside the lead that are worth starting for these cells.
export function helpersToRead(): Station[] {
  const cells = state.cells.value;
  return cells.status === 'ready' && canHelpersRead() ? helpersFor(cells.summary.cells) : [];
}

// Remedies for cells that do not fit the model.
export async function mapOrthologues(): Promise<void> {
  const inputs = inputsOrNull();
  if (!inputs || state.isRunning.value) return;
  state.orthologues.value = true;
  markStale();
  await matchGenes(++turn, { ...inputs, orthologues: true });
}

// After a modality was set aside or taken back, by whatever way. Labels that were made stay on show.
export async function matchAsChosen(): Promise<void> {
  const inputs = inputsOrNull();
  const now = state.match.value;
  if (!inputs || now.status !== 'ready' || state.isRunning.value) return;
  const setAside = now.summary.modalities.filter(({ isSetAside }) => isSetAside).map(({ name }) => name);
  const wanted = now.summary.modalities.map(({ name }) => name).filter((name) => inputs.without.includes(name));
  if (setAside.join() === wanted.join()) return;
  const mine = ++turn;
  try {
    const summary = await lead.match(inputs);
    if (mine === turn) state.match.value = { status: 'ready', summary };
  } catch (error) {
    if (mine === turn) report(error);
  }
}

export function annotateAnyway(): void {
  state.isForced.value = true;
}

// Of other files; how sure a label must be is a habit, and stays.
function forgetChoices(): void {
  const { errorRate, labelAll, isAdapting } = choices.value;
  beginAnew({ errorRate, labelAll, isAdapting });
}

function markStale(): void {
  const before = state.run.value;
  if (before.status === 'done') state.run.value = { ...before, isStale: true };
}

export function cancel(): void {
  stopAll();
  state.announcement.value = texts.run.cancelled;
}

// Reading every column of a large table takes a moment, so it waits until somebody wants one.
export async function findGroups(): Promise<void> {
  const [files, inputs] = [openedCells, inputsOrNull()];
  if (!inputs || state.match.value.status !== 'ready' || state.groups.value.status !== 'none') return;
  state.groups.value = { status: 'reading' };
  try {
    const run = state.run.value;
    await lead.bringUp(run.status === 'done' && !run.isStale ? run.inputs : inputs);
    const columns = await lead.call('groupColumns', {});
    if (files === openedCells) state.groups.value = { status: 'ready', columns };
  } catch (error) {
    if (files === openedCells) state.groups.value = { status: 'none' };
    report(error);
  }
}

export function canHelpersRead(): boolean {
  return cellsIndex !== null;
}

export function inputsOrNull(): Inputs | null {
  const { model, cells, slot } = chosen;
  if (!model || !cells) return null;
  const { without } = choices.value;
  return { model, cells, slot, index: cellsIndex, orthologues: state.orthologues.value, without, scaling: null, places: null, isPossible: null };
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
