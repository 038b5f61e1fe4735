// What the page knows; components read it, actions.ts changes it.
import { computed, signal } from '@preact/signals';
import { type CountsSummary, type ModelSummary, PlkdError, type QuerySummary, type Verification } from '../protocol';
import type { EngineChoice, EngineReport, Progress } from './annotate_cells';
import { type CellFilter, countLabels, filterCells, kUnknown, type Results, shownLabels } from './results';
import { texts } from './texts';

export type CellsState =
  | { status: 'empty' }
  | { status: 'incomplete'; found: string[]; missing: string[] }
  | { status: 'reading'; name: string }
  | { status: 'ready'; name: string; bytes: number; summary: CountsSummary };

export type ModelState =
  | { status: 'empty' }
  | { status: 'reading'; name: string }
  | { status: 'ready'; name: string; bytes: number; summary: ModelSummary };

export type MatchState =
  | { status: 'none' }
  | { status: 'matching' }
  | { status: 'failed' }
  | { status: 'ready'; summary: QuerySummary };

export type RunState =
  | { status: 'idle' }
  | { status: 'running'; total: number; progress: Progress | null }
  | { status: 'done'; results: Results; elapsedSeconds: number; engine: EngineReport; isStale: boolean };

export type VerifyState =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'done'; verification: Verification };

export const cells = signal<CellsState>({ status: 'empty' });
export const model = signal<ModelState>({ status: 'empty' });
export const match = signal<MatchState>({ status: 'none' });
export const run = signal<RunState>({ status: 'idle' });
export const verification = signal<VerifyState>({ status: 'idle' });
export const engineChoice = signal<EngineChoice>('auto');
export const problem = signal<PlkdError | null>(null);
// Said aloud by screen readers, and nowhere else.
export const announcement = signal('');
export const exampleTitle = signal<string | null>(null); // null: this site has no example
export const isLoadingExample = signal(false);

export const labelAll = signal(false);
export const filter = signal<CellFilter>({ label: null, search: '' });

export const isRunning = computed(() => run.value.status === 'running');
export const canAnnotate = computed(() => match.value.status === 'ready' && !isRunning.value);

export const results = computed(() => (run.value.status === 'done' ? run.value.results : null));
export const shown = computed(() => (results.value ? shownLabels(results.value, labelAll.value) : new Int32Array(0)));
export const labelCounts = computed(() =>
  results.value ? countLabels(shown.value, results.value.labels.length) : [],
);
export const visibleCells = computed(() => {
  const found = results.value;
  if (!found) return new Uint32Array(0);
  return filterCells(found, shown.value, found.labels.map(({ name }) => name), filter.value);
});

export function labelName(label: number): string {
  return label === kUnknown ? texts.results.unknown : (results.value?.labels[label]?.name ?? '');
}
