// Which cells are looked at, and how.
import { type Colouring, choices, choose, type Selection } from '../choices';
import * as state from '../state';
import { texts } from '../texts';
import { explain } from './explain';

export function pickCell(cell: number | null): void {
  state.pickedCell.value = cell;
  void explain();
}

// Selects the cells of a label, and asks for the patterns that mark it; the same label again lets go of them.
export function pickLabel(label: number | null): void {
  const { selection } = choices.value;
  const isAgain = selection?.kind === 'label' && selection.label === label;
  select(label === null || isAgain ? null : { kind: 'label', label });
}

export function selectCells(cells: Uint32Array, what: string): void {
  select(cells.length === 0 ? null : { kind: 'cells', cells, what });
}

function select(selection: Selection | null): void {
  const what = selection === null ? '' : selection.kind === 'label' ? state.labelName(selection.label) : selection.what;
  choose({ kind: 'select', what }, { selection });
  state.pickedCell.value = null;
  state.announcement.value = texts.selection.said(state.selectedCells.value);
  void explain();
}

export function hideLabels(labels: readonly number[], isHidden: boolean): void {
  const others = choices.value.hidden.filter((label) => !labels.includes(label));
  const change = { kind: 'hide' as const, labels: labels.map(state.labelName), isHidden };
  choose(change, { hidden: isHidden ? [...others, ...labels] : others });
}

export function colourBy(colouring: Colouring, name: string): void {
  choose({ kind: 'colour', by: name }, { colouring });
}

// Before the first label of a new run comes.
export function showAnew(): void {
  state.problem.value = null;
  state.search.value = '';
  state.pickedCell.value = null;
  state.vote.value = null;
  state.why.value = { status: 'none' };
  state.verification.value = { status: 'idle' };
  choices.value = { ...choices.value, selection: null, hidden: [], colouring: { by: 'label' } };
}
