// What a person decides about the labels. Everything goes through choices.ts, so that it can be undone.
import { type Change, choices, choose, redo, undo } from '../choices';
import * as state from '../state';
import { texts } from '../texts';
import { annotate } from './annotate';
import { readValues } from './colour';
import { findGroups, matchAsChosen } from './open_files';
import { explain } from './explain';
import { voteWithin } from './vote';

export function chooseErrorRate(rate: number): void {
  choose({ kind: 'errorRate', rate }, { errorRate: rate });
  followUp();
}

export function labelEveryCell(isOn: boolean): void {
  choose({ kind: 'labelAll', isOn }, { labelAll: isOn });
  followUp();
}

export function choosePossible(types: readonly number[], isPossible: boolean): void {
  const others = choices.value.excluded.filter((type) => !types.includes(type));
  const excluded = isPossible ? others : [...others, ...types].sort((a, b) => a - b);
  choose({ kind: 'possible', types: types.map(state.typeName), isPossible }, { excluded });
}

// The labels on show stay as they are until they are made anew.
export async function chooseModality(name: string, isUsed: boolean): Promise<void> {
  const others = choices.value.without.filter((one) => one !== name);
  choose({ kind: 'modality', name, isUsed }, { without: isUsed ? others : [...others, name].sort() });
  await matchAsChosen();
}

export async function annotateWithModality(name: string, isUsed: boolean): Promise<void> {
  await chooseModality(name, isUsed);
  await annotate();
}

export async function chooseAdapting(isOn: boolean): Promise<void> {
  choose({ kind: 'adapt', isOn }, { isAdapting: isOn });
  if (isOn) await findGroups();
}

export function chooseBatches(column: string): void {
  choose({ kind: 'batches', column }, { batchColumn: column });
}

// A person's own name for all cells of a label; its own name again, or none, takes it back.
export function renameLabel(label: string, name: string): void {
  const { [label]: _, ...others } = choices.value.names;
  const own = name.trim();
  choose({ kind: 'rename', label, name: own || label }, { names: own === '' || own === label ? others : { ...others, [label]: own } });
}

export function acceptLabel(label: string, isOn: boolean): void {
  const others = choices.value.accepted.filter((name) => name !== label);
  choose({ kind: 'accept', label, isOn }, { accepted: isOn ? [...others, label] : others });
}

// Names the selected cells, whatever the model calls them.
export function nameSelected(name: string): void {
  const flags = state.isSelected.value;
  const own = name.trim();
  if (!flags || own === '') return;
  const cells = Uint32Array.from(flags.keys()).filter((cell) => flags[cell] === 1);
  choose({ kind: 'assign', cells: cells.length, name: own }, { assigned: [...choices.value.assigned, { cells, name: own }], selection: null });
  followUp();
}

export function undoLast(): void {
  say(undo(), texts.decisions.undone);
}

export function redoNext(): void {
  say(redo(), texts.decisions.redone);
}

function say(change: Change | null, words: (what: string) => string): void {
  if (!change) return;
  state.announcement.value = words(texts.decisions.what(change));
  followUp();
}

// Answers that depend on which label each cell has.
function followUp(): void {
  const { selection, clusters } = choices.value;
  if (selection?.kind === 'label' && !state.labelCounts.value.some(({ label }) => label === selection.label)) {
    choices.value = { ...choices.value, selection: null };
  }
  void matchAsChosen();
  void explain();
  void readValues();
  if (clusters || state.vote.value) void voteWithin(clusters);
}
