// What the page knows; components read it, actions/ changes it. What a person chose is in choices.ts.
import { computed, signal } from '@preact/signals';
import {
  type CountsSummary,
  type GroupColumn,
  kErrorRate,
  LabelKind,
  type ModalityChoice,
  type ModalityMatch,
  type ModelSummary,
  type OrtReady,
  type Pattern,
  PlkdError,
  type Promised,
  type PromiseSetting,
  type QuerySummary,
  type Verification,
  type Vote,
} from '../protocol';
import type { EngineChoice, EngineReport, Progress } from './annotate_cells';
import { assigned, choices, hidden, labelAll, names, selection } from './choices';
import { stemOf } from './format';
import { filterCells } from './filter_cells';
import { countLabels, kPending, kUnknown, type Label, modelLabels, type Results } from './results';
import type { Inputs } from './station';
import { texts } from './texts';

export type CellsState =
  | { status: 'empty' }
  | { status: 'incomplete'; found: string[]; missing: string[] }
  | { status: 'reading'; name: string }
  | { status: 'ready'; name: string; bytes: number; summary: CountsSummary; chosenSlot: string };

export type ModelState =
  | { status: 'empty' }
  | { status: 'reading'; name: string }
  | { status: 'ready'; name: string; bytes: number; summary: ModelSummary };

export type MatchState =
  | { status: 'none' }
  | { status: 'matching' }
  | { status: 'failed' }
  | { status: 'ready'; summary: QuerySummary };

// What a run is asked for beside its files; the error rate can change after it.
export interface Settings {
  without: readonly string[]; // modalities set aside
  isAdapted: boolean;
  batchColumn: string; // empty: all cells are one batch
  excluded: readonly number[]; // classes that cannot be, ascending
}

export interface FinishedRun {
  status: 'done';
  results: Results;
  elapsedSeconds: number;
  engine: EngineReport;
  inputs: Inputs;
  keepsResults: boolean; // labels go into the user's own file; else into a new one
  isForced: boolean;
  settings: Settings;
  promised: readonly Promised[]; // for each of the results' error rates
  isStale: boolean;
  modalities: readonly ModalityMatch[]; // that the model takes, as they were found; empty for RNA alone
  before: Before | null;
}

// Labels of the same cells by other modalities, which these took the place of.
export interface Before {
  without: readonly string[];
  changed: number; // cells with another label now
}

export type RunState =
  | { status: 'idle' }
  | { status: 'adapting'; share: number }
  | { status: 'running'; results: Results; progress: Progress | null }
  | FinishedRun;

// Columns of the cells' table that may tell batches or clusters apart.
export type GroupsState = { status: 'none' } | { status: 'reading' } | { status: 'ready'; columns: GroupColumn[] };

// Why a cell or a group of cells: patterns with their scores, strongest first.
export interface PatternScore {
  pattern: Pattern;
  score: number;
  auc: number | null; // of a marker
}

export type Explained =
  | { status: 'cell'; cell: number; scores: PatternScore[] }
  | { status: 'group'; scores: PatternScore[]; cells: number };

export type WhyState = { status: 'none' } | { status: 'reading' } | Explained;

// A Teacher's file; it may come before its model.
export interface TeacherFile {
  file: File;
  isChecked: boolean; // it is that of the open model
}

// What the Teacher says of what is picked: patterns by its attention, strongest first.
export interface PatternAttention {
  pattern: Pattern;
  attention: number;
  score: number | null; // of the Student, where it scores patterns
}

export type AskState =
  | { status: 'none' }
  | { status: 'running'; done: number; cells: number } // cells is 0 while it is being started
  | { status: 'done'; patterns: PatternAttention[]; cells: number; of: number; engine: OrtReady; notice: string };

export type VerifyState =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'done'; verification: Verification };

// What is being written for a download; share of it done.
export interface Writing {
  file: 'csv' | 'h5ad' | 'receipt';
  share: number;
}

export const cells = signal<CellsState>({ status: 'empty' });
export const model = signal<ModelState>({ status: 'empty' });
export const match = signal<MatchState>({ status: 'none' });
// Genes may be found by their names in the other organism, and cells labelled that the model does not fit: both until other files
// are chosen.
export const orthologues = signal(false);
export const isForced = signal(false);
export const run = signal<RunState>({ status: 'idle' });
// Counts up when labels of more cells have come.
export const revision = signal(0);
export const verification = signal<VerifyState>({ status: 'idle' });
export const engineChoice = signal<EngineChoice>('auto');
export const problem = signal<PlkdError | null>(null);
// Something worth knowing that is no problem.
export const notice = signal('');
// Said aloud by screen readers, and nowhere else.
export const announcement = signal('');
export const exampleTitle = signal<string | null>(null); // null: this site has no example
export const isLoadingExample = signal(false);
// The browser keeps the page for visits without a network.
export const isKept = signal(false);

export const groups = signal<GroupsState>({ status: 'none' });
export const pickedCell = signal<number | null>(null);
export const search = signal('');
export const why = signal<WhyState>({ status: 'none' });
export const teacher = signal<TeacherFile | null>(null);
export const asked = signal<AskState>({ status: 'none' });
export const vote = signal<Vote | null>(null);
export const writing = signal<Writing | null>(null);

const modelSummary = computed(() => (model.value.status === 'ready' ? model.value.summary : null));
// Modalities that the open cells would be labelled by; none of a model of RNA alone.
export const modalities = computed(() => (match.value.status === 'ready' ? match.value.summary.modalities : []));
export const modalityChoices = computed(() => modelSummary.value?.choices ?? []);
// How sure labels are with those: null where that was not measured, or where the model takes RNA alone.
export const modalityChoice = computed<ModalityChoice | null>(() => {
  const used = modalities.value.filter(({ isUsed }) => isUsed).map(({ name }) => name);
  return modalityChoices.value.find(({ present }) => present.join() === used.join()) ?? null;
});
export const promiseSettings = computed(() => {
  if (modalities.value.length > 0) return modalityChoice.value?.promise ?? [];
  return modelSummary.value?.promise ?? [];
});
// The setting that the core would choose for an error rate: see PromiseSetting.target.
export function settingAt(offered: readonly PromiseSetting[], wanted: number): PromiseSetting | null {
  return offered.filter(({ target }) => target <= wanted + 1e-9).at(-1) ?? offered[0] ?? null;
}
export const promiseSetting = computed<PromiseSetting | null>(() => settingAt(promiseSettings.value, choices.value.errorRate ?? kErrorRate));
export const errorRate = computed(() => promiseSetting.value?.target ?? kErrorRate);
export const explains = computed(() => modelSummary.value?.explains ?? false);
export const canAdapt = computed(() => modelSummary.value?.adapts ?? false);
export const settings = computed<Settings>(() => {
  const { isAdapting, batchColumn, excluded, without } = choices.value;
  const isAdapted = isAdapting && canAdapt.value;
  return { isAdapted, batchColumn: isAdapted ? batchColumn : '', excluded, without };
});

// Of the open model.
export function typeName(type: number): string {
  return modelSummary.value?.classes[type]?.name ?? '';
}

export const isRunning = computed(() => run.value.status === 'running' || run.value.status === 'adapting');
export const fits = computed(() => match.value.status === 'ready' && (match.value.summary.passes || isForced.value));
export const isAnyTypePossible = computed(() => choices.value.excluded.length < (modelSummary.value?.classes.length ?? 1));
export const canAnnotate = computed(() => fits.value && isAnyTypePossible.value && !isRunning.value);

// The labels on show were made with other settings than those chosen now.
export const isOutdated = computed(() => {
  const now = run.value;
  if (now.status !== 'done') return false;
  const { isAdapted, batchColumn, excluded, without } = settings.value;
  const made = now.settings;
  if (made.without.join() !== without.join()) return true;
  return made.isAdapted !== isAdapted || made.batchColumn !== batchColumn || made.excluded.join() !== excluded.join();
});

export const results = computed(() => (run.value.status === 'done' || run.value.status === 'running' ? run.value.results : null));
// The files the labels came from are still those on show.
export const isFresh = computed(() => run.value.status === 'done' && !run.value.isStale);

// Labels of the chosen error rate; of a stale run the rate it can still show.
export const columns = computed(() => results.value?.columnsAt(errorRate.value) ?? null);
export const promised = computed<Promised | null>(() => {
  const now = run.value;
  if (now.status !== 'done') return null;
  return now.promised[now.results.placeOf(errorRate.value)] ?? null;
});

// Names that people gave to cells, but for those that the model has, too.
const ownNames = computed(() => {
  const known = new Set(results.value?.labels.map(({ name }) => name) ?? []);
  return [...new Set(assigned.value.map(({ name }) => name))].filter((name) => !known.has(name));
});
// All that a cell can be called; shown labels index it.
export const labels = computed<readonly Label[]>(() => [
  ...(results.value?.labels ?? []),
  ...ownNames.value.map((name) => ({ name, ontologyId: '' })),
]);

// The label each cell is shown with: an index into labels, kUnknown or kPending.
export const shown = computed<Int32Array>(() => {
  const [found, of] = [results.value, columns.value];
  void revision.value;
  if (!found || !of) return new Int32Array(0);
  const now = modelLabels(found, of, labelAll.value);
  for (const { cells: named, name } of assigned.value) {
    const label = labels.value.findIndex((one) => one.name === name);
    for (const cell of named) if (now[cell] !== kPending) now[cell] = label;
  }
  return now;
});

// Cells of the selection as flags; null when nothing is selected, so that all are.
export const isSelected = computed<Uint8Array | null>(() => {
  const wanted = selection.value;
  if (!wanted || !results.value) return null;
  const flags = new Uint8Array(shown.value.length);
  if (wanted.kind === 'cells') for (const cell of wanted.cells) flags[cell] = 1;
  else shown.value.forEach((label, cell) => (flags[cell] = Number(label === wanted.label)));
  return flags;
});
export const isHidden = computed<Uint8Array | null>(() => {
  const unwanted = new Set(hidden.value);
  if (unwanted.size === 0) return null;
  const flags = new Uint8Array(shown.value.length);
  shown.value.forEach((label, cell) => (flags[cell] = Number(unwanted.has(label))));
  return flags;
});

export const labelCounts = computed(() =>
  countLabels(shown.value, labels.value.length, isSelected.value, (label) => kOrder[labelKind(label)]),
);
export const visibleCells = computed(() => {
  const found = results.value;
  if (!found) return new Uint32Array(0);
  const labelNames = labels.value.map((_, label) => labelName(label));
  return filterCells({
    results: found,
    shown: shown.value,
    labelNames,
    unknownName: labelName(kUnknown),
    isSelected: isSelected.value,
    isHidden: isHidden.value,
    search: search.value,
  });
});
export const selectedCells = computed(() => isSelected.value?.reduce((sum, flag) => sum + flag, 0) ?? 0);

// As files and sessions call it, in every language.
const kUnknownName = 'unknown';

export type ShownKind = (typeof LabelKind)[keyof typeof LabelKind] | 'own';
const kOrder: Record<ShownKind, number> = { [LabelKind.type]: 0, own: 1, [LabelKind.broader]: 2, [LabelKind.unknown]: 3 };

export function labelKind(label: number): ShownKind {
  const found = results.value;
  if (label < 0 || !found) return LabelKind.unknown;
  if (label >= found.labels.length) return 'own';
  return label >= found.classes.length ? LabelKind.broader : LabelKind.type;
}

// As people see it: by their own name where they gave one.
export function labelName(label: number): string {
  if (label === kUnknown) return names.value[kUnknownName] ?? texts.results.unknown;
  const name = modelName(label);
  return names.value[name] ?? name;
}

// As the model has it.
export function modelName(label: number): string {
  return label === kUnknown ? kUnknownName : (labels.value[label]?.name ?? '');
}

// Of the types the shown label covers; of the best type when it is unknown or forced.
export function confidenceOf(cell: number): number {
  const of = columns.value;
  if (!of) return 0;
  return (labelAll.value ? of.probability : of.labelProbability)[cell]!;
}

// Files that are saved are called after the cells.
export function fileStem(): string {
  return stemOf(results.value?.source ?? '');
}

export const isAnyCurated = computed(() => {
  const { accepted } = choices.value;
  return Object.keys(names.value).length > 0 || accepted.length > 0 || assigned.value.length > 0;
});
