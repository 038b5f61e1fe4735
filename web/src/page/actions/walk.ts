// Follows one cell through the network, and tries what noise does to it and to others.
import { signal } from '@preact/signals';
import { type LabelColumns, LabelKind, type Noise, type Pattern, type Walk } from '../../protocol';
import { patternsOf } from '../patterns';
import { report } from '../report';
import * as state from '../state';
import { lead } from '../stations';

// Each cell is counted once; those left have another type.
export interface Sample {
  cells: number;
  same: number; // keep their label
  unknown: number; // became unknown
  broader: number; // became less exact
  byDepth: { depth: number; same: number }[]; // share that keeps its label
}

export interface Walked {
  cell: number;
  clean: Walk;
  noisy: Walk;
  patterns: Pattern[];
}

export const kClean: Noise = { depth: 1, dropout: 0, seed: 1 };
export const noise = signal<Noise>(kClean);
export const walked = signal<Walked | null>(null);
export const sample = signal<Sample | null>(null);

const kGenes = 12;
const kSampleCells = 256;
const kRestMs = 150;
const kDepths = [1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01];

let question = 0;
let resting: ReturnType<typeof setTimeout> | undefined;

export async function walk(cell: number): Promise<void> {
  const mine = ++question;
  const run = state.run.value;
  if (run.status !== 'done' || run.isStale) return;
  const [errorRate, now] = [state.errorRate.value, noise.value];
  try {
    await lead.bringUp(run.inputs);
    const clean = await lead.call('walk', { cell, noise: kClean, errorRate, genes: kGenes });
    const noisy = await lead.call('walk', { cell, noise: now, errorRate, genes: kGenes });
    const patterns = await patternsOf(run.inputs.model);
    if (mine !== question) return;
    walked.value = { cell, clean, noisy, patterns };
    await tryOthers(now, mine);
  } catch (error) {
    if (mine === question) report(error);
  }
}

// Once the slider rests for a moment: every try costs a few hundred cells.
export function addNoise(chosen: Noise): void {
  noise.value = chosen;
  clearTimeout(resting);
  resting = setTimeout(() => walked.value && void walk(walked.value.cell), kRestMs);
}

export async function walkAnother(): Promise<void> {
  const { results } = state;
  if (results.value) await walk(Math.floor(Math.random() * results.value.cells));
}

// The same noise on the first cells, and how far depth alone can fall.
async function tryOthers(now: Noise, mine: number): Promise<void> {
  const [found, errorRate] = [state.results.value, state.errorRate.value];
  if (!found) return;
  const cells = Math.min(kSampleCells, found.cells);
  const label = (noise: Noise) => lead.call('annotateNoisy', { first: 0, end: cells, noise, errorRate });
  const clean = await label(kClean);
  const isSame = (noisy: LabelColumns, cell: number) => {
    const isAlike = noisy.kind[cell] === clean.kind[cell] && noisy.term[cell] === clean.term[cell];
    return isAlike && (noisy.kind[cell] !== LabelKind.type || noisy.best[cell] === clean.best[cell]);
  };
  const count = (noisy: LabelColumns, counts: (cell: number) => boolean) => noisy.kind.reduce((sum, _, cell) => sum + Number(counts(cell)), 0);
  const noisy = await label(now);
  const byDepth = [];
  for (const depth of kDepths) {
    const one = await label({ ...now, depth });
    if (mine !== question) return;
    byDepth.push({ depth, same: count(one, (cell) => isSame(one, cell)) / cells });
  }
  const became = (kind: number) => count(noisy, (cell) => noisy.kind[cell] === kind && !isSame(noisy, cell));
  const same = count(noisy, (cell) => isSame(noisy, cell));
  sample.value = { cells, same, unknown: became(LabelKind.unknown), broader: became(LabelKind.broader), byDepth };
}

export function forgetWalk(): void {
  question++;
  walked.value = null;
  sample.value = null;
  noise.value = kClean;
}
