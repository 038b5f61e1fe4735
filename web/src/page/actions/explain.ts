// The patterns behind what is picked: a cell, else the selected cells.
import { LabelKind } from '../../protocol';
import { choices, type Selection } from '../choices';
import { patternsOf } from '../patterns';
import { report } from '../report';
import * as state from '../state';
import { lead } from '../stations';
import { texts } from '../texts';
import { forgetAnswer } from './ask_teacher';

const kShownPatterns = 8;

let question = 0;

// What is picked last is explained; answers that come too late are dropped.
export async function explain(): Promise<void> {
  const mine = ++question;
  forgetAnswer();
  const run = state.run.value;
  const [cell, { selection }] = [state.pickedCell.value, choices.value];
  if (run.status !== 'done' || run.isStale || (cell === null && !selection) || !state.explains.value) {
    state.why.value = { status: 'none' };
    return;
  }
  if (cell === null) state.why.value = { status: 'reading' };
  try {
    await lead.bringUp(run.inputs);
    const found = cell !== null ? await whyCell(run, cell) : await whyGroup(run, selection!);
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

async function whyGroup(run: state.FinishedRun, selection: Selection): Promise<state.Explained> {
  const patterns = await patternsOf(run.inputs.model);
  const { group, groups, mine } = groupsFor(run, selection);
  const { markers, cells } = await lead.call('markers', { group, groups });
  const scores = markers
    .filter((marker) => marker.group === mine)
    .slice(0, kShownPatterns)
    .map(({ pattern, difference, auc }) => ({ pattern: patterns[pattern]!, score: difference, auc }));
  return { status: 'group', scores, cells };
}

// Types are compared by the best type of every cell, as `plkd explain` does; anything else with all other cells.
function groupsFor({ results }: state.FinishedRun, selection: Selection) {
  const isType = selection.kind === 'label' && state.labelKind(selection.label) === LabelKind.type;
  if (isType) return { group: results.columns.best, groups: results.classes.length, mine: selection.label };
  return { group: Int32Array.from(state.isSelected.value!, (flag) => 1 - flag), groups: 2, mine: 0 };
}
