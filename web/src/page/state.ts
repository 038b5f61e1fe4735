// What the page knows; components read it, actions.ts changes it.
import { computed, signal } from '@preact/signals';
import {
  type CountsSummary,
  type GroupColumn,
  kErrorRate,
  LabelKind,
  type ModelSummary,
  type Pattern,
  PlkdError,
  type Promised,
  type PromiseSetting,
  type QuerySummary,
  type Verification,
  type Vote,
} from '../protocol';
import type { EngineChoice, EngineReport, Progress } from './annotate_cells';
import { type CellFilter, countLabels, filterCells, kUnknown, type Results, shownLabels } from './results';
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

// What a run is asked for beside its files.
export interface Settings {
  errorRate: number; // share of wrong labels accepted
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
  promised: Promised;
  isStale: boolean;
}

export type RunState =
  | { status: 'idle' }
  | { status: 'adapting'; share: number }
  | { status: 'running'; total: number; progress: Progress | null }
  | FinishedRun;

// Columns of the cells' table that may tell batches or clusters apart.
export type GroupsState = { status: 'none' } | { status: 'reading' } | { status: 'ready'; columns: GroupColumn[] };

// Why a cell or a label: patterns with their scores, strongest first.
export interface PatternScore {
  pattern: Pattern;
  score: number;
  auc: number | null; // of a marker
}

export type Explained =
  | { status: 'cell'; cell: number; scores: PatternScore[] }
  | { status: 'label'; label: number; scores: PatternScore[]; cells: number };

export type WhyState = { status: 'none' } | { status: 'reading' } | Explained;

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
export const verification = signal<VerifyState>({ status: 'idle' });
export const engineChoice = signal<EngineChoice>('auto');
export const problem = signal<PlkdError | null>(null);
// Said aloud by screen readers, and nowhere else.
export const announcement = signal('');
export const exampleTitle = signal<string | null>(null); // null: this site has no example
export const isLoadingExample = signal(false);
// The browser keeps the page for visits without a network.
export const isKept = signal(false);

// null: what the model offers nearest to the error rate of the command line
export const chosenErrorRate = signal<number | null>(null);
export const isAdapting = signal(false);
export const batchColumn = signal('');
export const groups = signal<GroupsState>({ status: 'none' });
export const excluded = signal<readonly number[]>([]);

export const labelAll = signal(false);
export const pickedCell = signal<number | null>(null);
export const why = signal<WhyState>({ status: 'none' });
export const vote = signal<Vote | null>(null);
export const writing = signal<Writing | null>(null);
export const filter = signal<CellFilter>({ label: null, search: '' });

const modelSummary = computed(() => (model.value.status === 'ready' ? model.value.summary : null));
export const promiseSettings = computed(() => modelSummary.value?.promise ?? []);
// The setting that the core would choose for the error rate: see PromiseSetting.target.
export const promiseSetting = computed<PromiseSetting | null>(() => {
  const wanted = chosenErrorRate.value ?? kErrorRate;
  const offered = promiseSettings.value;
  return offered.filter(({ target }) => target <= wanted + 1e-9).at(-1) ?? offered[0] ?? null;
});
export const explains = computed(() => modelSummary.value?.explains ?? false);
export const canAdapt = computed(() => modelSummary.value?.adapts ?? false);
export const settings = computed<Settings>(() => {
  const isAdapted = isAdapting.value && canAdapt.value;
  return {
    errorRate: promiseSetting.value?.target ?? kErrorRate,
    isAdapted,
    batchColumn: isAdapted ? batchColumn.value : '',
    excluded: excluded.value,
  };
});

export const isRunning = computed(() => run.value.status === 'running' || run.value.status === 'adapting');
export const fits = computed(() => match.value.status === 'ready' && (match.value.summary.passes || isForced.value));
export const isAnyTypePossible = computed(() => excluded.value.length < (modelSummary.value?.classes.length ?? 1));
export const canAnnotate = computed(() => fits.value && isAnyTypePossible.value && !isRunning.value);

// The labels on show were made with other settings than those chosen now.
export const isOutdated = computed(() => {
  const now = run.value;
  if (now.status !== 'done') return false;
  const { errorRate, isAdapted, batchColumn: column, excluded: types } = settings.value;
  const made = now.settings;
  const isSame = made.errorRate === errorRate && made.isAdapted === isAdapted && made.batchColumn === column;
  return !isSame || made.excluded.join() !== types.join();
});

export const results = computed(() => (run.value.status === 'done' ? run.value.results : null));
export const shown = computed(() => (results.value ? shownLabels(results.value, labelAll.value) : new Int32Array(0)));
export const labelCounts = computed(() =>
  results.value ? countLabels(results.value, shown.value) : [],
);
export const visibleCells = computed(() => {
  const found = results.value;
  if (!found) return new Uint32Array(0);
  return filterCells(found, shown.value, found.labels.map(({ name }) => name), filter.value);
});

export function labelName(label: number): string {
  return label === kUnknown ? texts.results.unknown : (results.value?.labels[label]?.name ?? '');
}

export function labelKind(label: number): (typeof LabelKind)[keyof typeof LabelKind] {
  if (label === kUnknown) return LabelKind.unknown;
  return label >= (results.value?.classes.length ?? 0) ? LabelKind.broader : LabelKind.type;
}

// Of the types the shown label covers; of the best type when it is unknown or forced.
export function confidenceOf({ columns }: Results, cell: number): number {
  return (labelAll.value ? columns.probability : columns.labelProbability)[cell]!;
}
