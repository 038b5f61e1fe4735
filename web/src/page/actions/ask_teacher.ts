// Asks the Teacher about the picked cell, else about the selected cells.
import type { Asked, OrtDevice, OrtReady } from '../../protocol';
import { inTime } from '../annotate_cells';
import { patternsOf } from '../patterns';
import { report } from '../report';
import { type Inputs, Stopped } from '../station';
import * as state from '../state';
import { lead, lectern } from '../stations';
import { texts } from '../texts';

// Of larger selections so many are asked about, spread evenly: means change little beyond.
const kMostCells = 320;
const kShownPatterns = 8;

let question = 0;

// Answers are of what was picked.
export function forgetAnswer(): void {
  question++;
  if (state.asked.value.status === 'running') lectern.stop(new Stopped());
  state.asked.value = { status: 'none' };
}

export async function askTeacher(): Promise<void> {
  const [run, teacher] = [state.run.value, state.teacher.value];
  const { chosen, of } = cellsToAsk();
  if (run.status !== 'done' || run.isStale || !teacher?.isChecked || of === 0) return;
  const mine = ++question;
  state.asked.value = { status: 'running', done: 0, cells: 0 };
  try {
    const { engine, notice } = await start(run.inputs, teacher.file);
    const sum = new Means();
    for (let first = 0; first < chosen.length; first += engine.batchCells) {
      if (mine !== question) return;
      state.asked.value = { status: 'running', done: first, cells: chosen.length };
      sum.add(await inTime(lectern.call('askTeacher', { cells: chosen.slice(first, first + engine.batchCells) })));
    }
    await lead.bringUp(run.inputs);
    const patterns = await patternsOf(run.inputs.model);
    if (mine !== question) return;
    const answers = patterns.map((pattern, k) => ({ pattern, ...sum.of(k) }));
    answers.sort((a, b) => b.attention - a.attention);
    state.asked.value = { status: 'done', patterns: answers.slice(0, kShownPatterns), cells: chosen.length, of, engine, notice };
    state.announcement.value = texts.why.said(answers.map(({ pattern }) => pattern.name));
  } catch (error) {
    if (mine !== question) return;
    lectern.stop(new Stopped());
    state.asked.value = { status: 'none' };
    report(error);
  }
}

function cellsToAsk(): { chosen: Uint32Array; of: number } {
  const picked = state.pickedCell.value;
  if (picked !== null) return { chosen: Uint32Array.of(picked), of: 1 };
  const selected: number[] = [];
  state.isSelected.value?.forEach((flag, cell) => {
    if (flag) selected.push(cell);
  });
  const asked = Math.min(kMostCells, selected.length);
  const chosen = Uint32Array.from({ length: asked }, (_, k) => selected[Math.floor((k * selected.length) / asked)]!);
  return { chosen, of: selected.length };
}

// On the graphics card where there is one, else on the processor; a card that fails is worth a notice, not the answer.
async function start(inputs: Inputs, file: File): Promise<{ engine: OrtReady; notice: string }> {
  const startOn = async (device: OrtDevice) => {
    await lectern.bringUp(inputs);
    return inTime(lectern.call('startTeacher', { file, device }));
  };
  let notice = '';
  const adapter = await lectern.call('findAdapter', {});
  if (adapter && !adapter.isSoftware) {
    try {
      return { engine: await startOn('webgpu'), notice };
    } catch (error) {
      if (error instanceof Stopped) throw error;
      lectern.stop(new Stopped());
      notice = texts.teacher.failed(error instanceof Error ? error.message : String(error));
    }
  }
  return { engine: await startOn('cpu'), notice };
}

// Of several batches.
class Means {
  private cells = 0;
  private readonly sums: { attention: number; score: number | null }[] = [];

  add({ cells, attention, score }: Asked): void {
    this.cells += cells;
    attention.forEach((value, k) => {
      const before = this.sums[k];
      this.sums[k] = {
        attention: (before?.attention ?? 0) + cells * value,
        score: score.length > 0 ? (before?.score ?? 0) + cells * score[k]! : null,
      };
    });
  }

  of(pattern: number): { attention: number; score: number | null } {
    const { attention, score } = this.sums[pattern]!;
    return { attention: attention / this.cells, score: score === null ? null : score / this.cells };
  }
}
