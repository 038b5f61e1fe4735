// What the person's own clusters are by the majority of their cells.
import { choices, choose } from '../choices';
import { report } from '../report';
import * as state from '../state';
import { lead } from '../stations';

export function chooseClusters(column: string): void {
  choose({ kind: 'clusters', column }, { clusters: column });
  void voteWithin(column);
}

// No column, no vote.
export async function voteWithin(column: string): Promise<void> {
  const [run, columns] = [state.run.value, state.columns.value];
  if (run.status !== 'done' || run.isStale || !columns) return;
  state.vote.value = null;
  if (column === '') return;
  try {
    await lead.bringUp(run.inputs);
    const { labelAll } = choices.value;
    const vote = await lead.call('vote', { columns, column, labelAll });
    const isStillAsked = state.run.value === run && state.columns.value === columns && choices.value.labelAll === labelAll;
    if (isStillAsked && choices.value.clusters === column) state.vote.value = vote;
  } catch (error) {
    report(error);
  }
}
