// What a person has chosen: everything here can be undone and redone, and is kept with the session.
import { computed, signal } from '@preact/signals';

// Which cells are looked at. The same cells stand out on the map, fill the table and are counted.
export type Selection =
  | { kind: 'label'; label: number }
  | { kind: 'cells'; cells: Uint32Array; what: string }; // ascending; where they come from, for people

export type Colouring =
  | { by: 'label' }
  | { by: 'confidence' }
  | { by: 'unknown' }
  | { by: 'column'; column: string }
  | { by: 'gene'; gene: number; name: string }
  | { by: 'protein'; protein: number; name: string };

// Cells that a person named.
export interface Assignment {
  cells: Uint32Array; // ascending
  name: string;
}

export interface Choices {
  errorRate: number | null; // share of wrong labels accepted; null: what the model offers nearest to the command line's
  labelAll: boolean;
  excluded: readonly number[]; // classes that cannot be, ascending
  without: readonly string[]; // modalities that are set aside though the file has them
  isAdapting: boolean;
  batchColumn: string; // empty: all cells are one batch
  clusters: string; // column of the person's own clusters; empty for none
  names: Readonly<Record<string, string>>; // a person's own names for the model's labels
  accepted: readonly string[]; // labels, by the model's names, that a person looked at and found right
  assigned: readonly Assignment[]; // later ones win
  selection: Selection | null;
  hidden: readonly number[]; // labels left out of map and table
  colouring: Colouring;
}

// What was done, for the log: words are put to it in the page's language.
export type Change =
  | { kind: 'errorRate'; rate: number }
  | { kind: 'labelAll'; isOn: boolean }
  | { kind: 'possible'; types: readonly string[]; isPossible: boolean }
  | { kind: 'modality'; name: string; isUsed: boolean }
  | { kind: 'adapt'; isOn: boolean }
  | { kind: 'batches'; column: string }
  | { kind: 'clusters'; column: string }
  | { kind: 'rename'; label: string; name: string }
  | { kind: 'accept'; label: string; isOn: boolean }
  | { kind: 'assign'; cells: number; name: string }
  | { kind: 'select'; what: string }
  | { kind: 'hide'; labels: readonly string[]; isHidden: boolean }
  | { kind: 'colour'; by: string };

export interface LogEntry {
  at: string; // ISO 8601
  change: Change;
}

interface Step {
  before: Choices;
  after: Choices;
  entry: LogEntry;
}

const kMostSteps = 200;

export const kNothingChosen: Choices = {
  errorRate: null,
  labelAll: false,
  excluded: [],
  without: [],
  isAdapting: false,
  batchColumn: '',
  clusters: '',
  names: {},
  accepted: [],
  assigned: [],
  selection: null,
  hidden: [],
  colouring: { by: 'label' },
};

export const choices = signal<Choices>(kNothingChosen);

// Parts by themselves: what follows from one of them, for every cell, is not worked out again when another changes.
export const labelAll = computed(() => choices.value.labelAll);
export const names = computed(() => choices.value.names);
export const assigned = computed(() => choices.value.assigned);
export const selection = computed(() => choices.value.selection);
export const hidden = computed(() => choices.value.hidden);
export const colouring = computed(() => choices.value.colouring);

const done = signal<readonly Step[]>([]);
const undone = signal<readonly Step[]>([]);
// Of an earlier visit: in the log, but not to be undone.
const earlier = signal<readonly LogEntry[]>([]);

export const nextToUndo = computed(() => done.value.at(-1)?.entry.change ?? null);
export const nextToRedo = computed(() => undone.value.at(-1)?.entry.change ?? null);

// What changes only how cells are looked at is no decision.
const kViews: readonly Change['kind'][] = ['select', 'hide', 'colour'];
export const log = computed<readonly LogEntry[]>(() => [
  ...earlier.value,
  ...done.value.map(({ entry }) => entry).filter(({ change }) => !kViews.includes(change.kind)),
]);

export function choose(change: Change, what: Partial<Choices>): void {
  const [before, after] = [choices.value, { ...choices.value, ...what }];
  const last = done.value.at(-1);
  const step = { before, after, entry: { at: new Date().toISOString(), change } };
  // Moving a slider, or selecting again and again, is one step.
  const isSameAgain = last !== undefined && change.kind === last.entry.change.kind && (change.kind === 'errorRate' || change.kind === 'select');
  const steps = isSameAgain ? [...done.value.slice(0, -1), { ...step, before: last.before }] : [...done.value, step];
  done.value = steps.slice(-kMostSteps);
  undone.value = [];
  choices.value = after;
}

export function undo(): Change | null {
  const step = done.value.at(-1);
  if (!step) return null;
  done.value = done.value.slice(0, -1);
  undone.value = [...undone.value, step];
  choices.value = step.before;
  return step.entry.change;
}

export function redo(): Change | null {
  const step = undone.value.at(-1);
  if (!step) return null;
  undone.value = undone.value.slice(0, -1);
  done.value = [...done.value, step];
  choices.value = step.after;
  return step.entry.change;
}

// Other cells or another model: what was chosen for the former ones cannot be undone any more.
export function beginAnew(kept: Partial<Choices>, of: readonly LogEntry[] = []): void {
  choices.value = { ...kNothingChosen, ...kept };
  done.value = [];
  undone.value = [];
  earlier.value = of;
}
