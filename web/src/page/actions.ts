// What a person can do. Each action says in the state what it is doing and ends in a result or in a problem.
import { LabelKind, type NamedFile, type Pattern, type Places, PlkdError, type Promised, type Scaling } from '../protocol';
import { annotateCells, inTime } from './annotate_cells';
import { findExample, loadExample } from './example';
import { Results, shiftOf } from './results';
import { report } from './report';
import { type FileKind, isReadFromAnywhere, missingParts, type SortedFiles, sortFiles, type TenxPart } from './sort_files';
import type { Inputs } from './station';
import * as state from './state';
import { graphics, helpersFor, lead, Stopped, stopAll } from './stations';
import { texts } from './texts';

const kVerifyCells = 256;
const kShownPatterns = 8;
const kShownGenes = 8;

interface Chosen {
  model: File | null;
  cells: NamedFile[] | null;
  slot: string; // matrix of the cells' file; '' lets the core choose
}

const chosen: Chosen = { model: null, cells: null, slot: '' };
const tenx = new Map<TenxPart, NamedFile>();

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
  if (matrix || sorted.tenx.size > 0) chosen.slot = '';
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
let helpersCanRead = false;

// Opens what was chosen and not opened yet. A later choice overtakes an earlier one that is still being read.
async function openChosen(): Promise<void> {
  const mine = ++turn;
  if (lead.isBusy) lead.stop(new Stopped());
  markStale();
  state.match.value = { status: 'none' };
  state.orthologues.value = false;
  state.isForced.value = false;
  const opened = [await openModel(mine), await openCells(mine)];
  const { model, cells, slot } = chosen;
  if (mine === turn && opened.every(Boolean) && model && cells) await matchGenes(mine, { model, cells, slot, orthologues: false });
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
    state.excluded.value = [];
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
  state.groups.value = { status: 'none' };
  state.batchColumn.value = '';
  const name = files.map(({ file }) => file.name).join(', ');
  state.cells.value = { status: 'reading', name };
  try {
    const [summary, isFromAnywhere] = [await lead.openCells(files, chosen.slot), await isReadFromAnywhere(files)];
    if (mine !== turn) return false;
    openedCells = files;
    helpersCanRead = isFromAnywhere;
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

async function matchGenes(mine: number, inputs: Pick<Inputs, 'model' | 'cells' | 'slot' | 'orthologues'>): Promise<void> {
  state.match.value = { status: 'matching' };
  try {
    const summary = await lead.match(inputs);
    if (mine !== turn) return;
    state.match.value = { status: 'ready', summary };
    if (state.isAdapting.value) await findGroups();
  } catch (error) {
    if (mine !== turn) return;
    state.match.value = { status: 'failed' };
    report(error);
  }
}

// Remedies for cells that do not fit the model.
export async function mapOrthologues(): Promise<void> {
  const inputs = inputsOrNull();
  if (!inputs || state.isRunning.value) return;
  state.orthologues.value = true;
  markStale();
  await matchGenes(++turn, { ...inputs, orthologues: true });
}

export function annotateAnyway(): void {
  state.isForced.value = true;
}

function markStale(): void {
  const before = state.run.value;
  if (before.status === 'done') state.run.value = { ...before, isStale: true };
}

export async function annotate(): Promise<void> {
  const inputs = inputsOrNull();
  const { cells, model } = state;
  const settings = state.settings.value;
  if (!inputs || !state.canAnnotate.value || cells.value.status !== 'ready' || model.value.status !== 'ready') return;
  const results = new Results(
    cells.value.summary.cells,
    model.value.summary.classes,
    model.value.summary.broader,
    cells.value.name,
  );
  resetResults(results.cells);
  const isForced = state.isForced.value;
  const { keepsResults } = cells.value.summary;
  inputs.isPossible = possibleTypes(results.classes.length, settings.excluded);
  const start = performance.now();
  try {
    if (settings.isAdapted) inputs.scaling = await adapt(inputs, settings.batchColumn);
    state.run.value = { status: 'running', total: results.cells, progress: null };
    inputs.places = await findPlaces(inputs);
    const engine = await annotateCells(results, {
      inputs,
      choice: state.engineChoice.value,
      errorRate: settings.errorRate,
      // One worker for text and archives: each would read the whole file.
      stations: [lead, ...(helpersCanRead ? helpersFor(results.cells) : [])],
      graphics,
      onProgress: (progress) => (state.run.value = { status: 'running', total: results.cells, progress }),
    });
    const promised = await promiseOf(results, inputs, settings);
    const elapsedSeconds = (performance.now() - start) / 1000;
    state.run.value = { status: 'done', results, elapsedSeconds, engine, inputs, keepsResults, isForced, settings, promised, isStale: false };
    state.announcement.value = texts.run.finished(results.cells);
  } catch (error) {
    // After Cancel everything has stopped already, and may be reading new files by now; after an error the other workers
    // still have ranges to do.
    if (!(error instanceof Stopped)) stopAll();
    state.run.value = { status: 'idle' };
    report(error);
  }
}

function possibleTypes(types: number, excluded: readonly number[]): Uint8Array | null {
  if (excluded.length === 0) return null;
  return Uint8Array.from({ length: types }, (_, type) => Number(!excluded.includes(type)));
}

// A step at a time, so that progress moves; Cancel stops the worker between steps or within one.
async function adapt(inputs: Inputs, column: string): Promise<Scaling> {
  state.run.value = { status: 'adapting', share: 0 };
  await lead.bringUp(inputs);
  await lead.call('startAdapting', { column });
  for (let share = 0; share < 1; ) {
    share = await lead.call('adaptFurther', {});
    state.run.value = { status: 'adapting', share };
  }
  return lead.call('scaling', {});
}

async function findPlaces(inputs: Inputs): Promise<Places> {
  await lead.bringUp(inputs);
  return lead.call('findPlaces', {});
}

async function promiseOf(results: Results, inputs: Inputs, { errorRate }: state.Settings): Promise<Promised> {
  await lead.bringUp(inputs);
  return lead.call('promised', { errorRate, ...shiftOf(results.columns) });
}

export function chooseErrorRate(target: number): void {
  state.chosenErrorRate.value = target;
}

export function choosePossible(types: readonly number[], isPossible: boolean): void {
  const others = state.excluded.value.filter((type) => !types.includes(type));
  state.excluded.value = isPossible ? others : [...others, ...types].sort((a, b) => a - b);
}

export async function chooseAdapting(isOn: boolean): Promise<void> {
  state.isAdapting.value = isOn;
  if (isOn) await findGroups();
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

function resetResults(total: number): void {
  state.problem.value = null;
  state.filter.value = { label: null, search: '' };
  state.pickedCell.value = null;
  state.vote.value = null;
  state.why.value = { status: 'none' };
  state.verification.value = { status: 'idle' };
  state.run.value = { status: 'running', total, progress: null };
  state.announcement.value = texts.run.starting;
}

function inputsOrNull(): Inputs | null {
  const { model, cells, slot } = chosen;
  return model && cells ? { model, cells, slot, orthologues: state.orthologues.value, scaling: null, places: null, isPossible: null } : null;
}

export function cancel(): void {
  stopAll();
  state.announcement.value = texts.run.cancelled;
}

export async function verify(): Promise<void> {
  const run = state.run.value;
  if (run.status !== 'done') return;
  state.verification.value = { status: 'running' };
  try {
    await graphics.bringUp(run.inputs);
    const adapter = await graphics.call('findAdapter', {});
    await inTime(graphics.call('startOrt', { device: adapter ? 'webgpu' : 'cpu' }));
    const cells = Math.min(kVerifyCells, run.results.cells);
    const verification = await inTime(graphics.call('verify', { cells }));
    state.verification.value = { status: 'done', verification };
  } catch (error) {
    graphics.stop(new Stopped());
    state.verification.value = { status: 'idle' };
    report(error);
  }
}

export function pickCell(cell: number | null): void {
  state.pickedCell.value = cell;
  void explain();
}

export function labelEveryCell(isOn: boolean): void {
  state.labelAll.value = isOn;
  const { label } = state.filter.value;
  if (label !== null && !state.labelCounts.value.some((count) => count.label === label)) pickLabel(null);
  if (state.vote.value) void voteWithin(state.vote.value.column);
}

// The majority label of each of the user's own clusters; no column, no vote.
export async function voteWithin(column: string): Promise<void> {
  const run = state.run.value;
  if (run.status !== 'done' || run.isStale) return;
  state.vote.value = null;
  if (column === '') return;
  try {
    await lead.bringUp(run.inputs);
    const labelAll = state.labelAll.value;
    const vote = await lead.call('vote', { columns: run.results.columns, column, labelAll });
    if (state.run.value === run && state.labelAll.value === labelAll) state.vote.value = vote;
  } catch (error) {
    report(error);
  }
}

// Shows only the cells of a label, and the patterns that mark it; null shows all.
export function pickLabel(label: number | null): void {
  state.filter.value = { ...state.filter.value, label };
  state.pickedCell.value = null;
  void explain();
}

let question = 0;

// What is picked last is explained; answers that come too late are dropped.
export async function explain(): Promise<void> {
  const mine = ++question;
  const run = state.run.value;
  const [cell, { label }] = [state.pickedCell.value, state.filter.value];
  const isAsked = cell !== null || label !== null;
  if (run.status !== 'done' || run.isStale || !isAsked || !state.explains.value) {
    state.why.value = { status: 'none' };
    return;
  }
  if (cell === null) state.why.value = { status: 'reading' };
  try {
    await lead.bringUp(run.inputs);
    const found = cell !== null ? await whyCell(run, cell) : await whyLabel(run, label!);
    if (mine !== question) return;
    state.why.value = found;
    state.announcement.value = texts.why.said(found.scores.map(({ pattern }) => pattern.name));
  } catch (error) {
    if (mine !== question) return;
    state.why.value = { status: 'none' };
    report(error);
  }
}

async function whyCell({ inputs }: state.FinishedRun, cell: number): Promise<state.Explained> {
  const patterns = await patternsOf(inputs.model);
  const scores = await lead.call('patternScores', { cell });
  const all = patterns.map((pattern, k) => ({ pattern, score: scores[k]!, auc: null }));
  all.sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
  return { status: 'cell', cell, scores: all.slice(0, kShownPatterns) };
}

async function whyLabel(run: state.FinishedRun, label: number): Promise<state.Explained> {
  const patterns = await patternsOf(run.inputs.model);
  const { group, groups, mine } = groupsFor(run, label);
  const { markers, cells } = await lead.call('markers', { group, groups });
  const scores = markers
    .filter((marker) => marker.group === mine)
    .slice(0, kShownPatterns)
    .map(({ pattern, difference, auc }) => ({ pattern: patterns[pattern]!, score: difference, auc }));
  return { status: 'label', label, scores, cells };
}

// Types are compared by the best type of every cell, as `plkd explain` does; a broader term or unknown with all other cells.
function groupsFor({ results }: state.FinishedRun, label: number) {
  const { columns, classes } = results;
  if (state.labelKind(label) === LabelKind.type) return { group: columns.best, groups: classes.length, mine: label };
  return { group: state.shown.value.map((shown) => (shown === label ? 0 : 1)), groups: 2, mine: 0 };
}

let named: { model: File; patterns: Pattern[] } | null = null;

async function patternsOf(model: File): Promise<Pattern[]> {
  if (named?.model !== model) named = { model, patterns: await lead.call('patterns', { genes: kShownGenes }) };
  return named.patterns;
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
