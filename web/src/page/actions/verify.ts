// Runs the same cells through both engines.
import { inTime } from '../annotate_cells';
import { report } from '../report';
import * as state from '../state';
import { Stopped } from '../station';
import { graphics } from '../stations';

const kVerifyCells = 256;

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
