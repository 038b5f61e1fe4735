// The second map: a UMAP of the latents of these cells, made in a worker of its own while the first is already looked at.
import { signal } from '@preact/signals';
import type { Layout } from '../../protocol';
import { report } from '../report';
import * as state from '../state';
import { Stopped } from '../station';
import { layouter } from '../stations';

// `places` are those of all cells when it is done.
export type LayoutState =
  | { status: 'none' }
  | { status: 'working'; share: number; places: Float32Array | null }
  | { status: 'done'; places: Float32Array };

export const layout = signal<LayoutState>({ status: 'none' });
export const layoutRevision = signal(0);

const kSeed = 1;

export async function layOut(): Promise<void> {
  const run = state.run.value;
  if (run.status !== 'done' || run.isStale || layout.value.status !== 'none') return;
  layout.value = { status: 'working', share: 0, places: null };
  try {
    await layouter.bringUp(run.inputs);
    let step = await layouter.call('startLayout', { map: run.results.columns.map, seed: kSeed });
    const places = run.results.columns.map.slice();
    let hasMoved = false;
    while (step.share < 1) {
      step = await layouter.call('layOutFurther', {});
      if (state.run.value !== run) return;
      hasMoved = put(places, step) || hasMoved;
      layout.value = { status: 'working', share: step.share, places: hasMoved ? places : null };
      layoutRevision.value++;
    }
    layout.value = { status: 'done', places };
  } catch (error) {
    layout.value = { status: 'none' };
    report(error);
  } finally {
    layouter.stop(new Stopped());
  }
}

// Cells that are not laid out yet have no place.
function put(places: Float32Array, { cells, places: found }: Layout): boolean {
  if (found.length === 0) return false;
  if (2 * cells.length < places.length) places.fill(Number.NaN);
  cells.forEach((cell, k) => places.set(found.subarray(2 * k, 2 * k + 2), 2 * cell));
  return true;
}

export function forgetLayout(): void {
  layouter.stop(new Stopped());
  layout.value = { status: 'none' };
}
