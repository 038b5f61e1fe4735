// What the labels look like from nearer: their genes and patterns, the person's own labels beside them, and the cells that are unknown.
import { signal } from '@preact/signals';
import type { CellColumn, GeneMeans, GroupProfile, MarkerGene, Pattern, UnknownGroups } from '../../protocol';
import { report } from '../report';
import { kUnknown } from '../results';
import * as state from '../state';
import { lead } from '../stations';
import { patternsOf } from './explain';

// Of the labels on show, in the order of the legend.
export interface LabelProfile {
  shown: Int32Array; // the labels it is about
  labels: readonly number[]; // [groups]
  profile: GroupProfile;
  patterns: Pattern[];
}

export interface DotPlotGenes {
  genes: readonly { gene: number; name: string; of: number }[]; // with the group they mark; -1 for one that a person asked for
  means: GeneMeans;
}

export interface Novelty {
  shown: Int32Array;
  found: UnknownGroups;
  markers: MarkerGene[];
}

export interface OwnLabels {
  name: string;
  column: CellColumn;
}

// `null` while nobody has asked.
export const labelProfile = signal<LabelProfile | 'reading' | null>(null);
export const dotPlot = signal<DotPlotGenes | null>(null);
export const novelty = signal<Novelty | 'reading' | null>(null);
export const ownLabels = signal<OwnLabels | 'reading' | null>(null);
export const geneNames = signal<readonly string[]>([]);

const kMarkers = 10;
const kDotsPerLabel = 3;
const kNoveltyMarkers = 6;

export function forgetJudgement(): void {
  labelProfile.value = null;
  dotPlot.value = null;
  novelty.value = null;
  ownLabels.value = null;
}

// Runs `ask` on a fresh run with its files open in the lead worker.
async function withRun(ask: (run: state.FinishedRun) => Promise<void>, onFailure: () => void): Promise<void> {
  const run = state.run.value;
  if (run.status !== 'done' || run.isStale) return;
  try {
    await lead.bringUp(run.inputs);
    await ask(run);
  } catch (error) {
    onFailure();
    report(error);
  }
}

// Asked again for the same labels, it does nothing.
export async function profileLabels(): Promise<void> {
  const now = labelProfile.value;
  const shown = state.shown.value;
  if (now === 'reading' || (now !== null && now.shown === shown)) return;
  await withRun(
    async ({ inputs }) => {
      labelProfile.value = 'reading';
      const labels = state.labelCounts.value.map(({ label }) => label);
      const groupOf = new Map(labels.map((label, group) => [label, group]));
      const group = shown.map((label) => groupOf.get(label) ?? -1);
      const profile = await lead.call('profileGroups', { group, groups: labels.length, top: kMarkers });
      const patterns = await patternsOf(inputs.model);
      labelProfile.value = { shown, labels, profile, patterns };
      await plotGenes([]);
    },
    () => (labelProfile.value = null),
  );
}

// Best markers of every label, and genes that a person asked for.
export async function plotGenes(asked: readonly number[]): Promise<void> {
  const now = labelProfile.value;
  if (now === null || now === 'reading') return;
  const genes: { gene: number; name: string; of: number }[] = [];
  const take = (gene: number, name: string, of: number) => {
    if (!genes.some((one) => one.gene === gene)) genes.push({ gene, name, of });
  };
  for (const gene of asked) take(gene, geneNames.value[gene] ?? '', -1);
  now.labels.forEach((label, group) => {
    if (label === kUnknown) return;
    const own = now.profile.markers.filter((marker) => marker.group === group);
    for (const { gene, name } of own.slice(0, kDotsPerLabel)) take(gene, name, group);
  });
  await withRun(
    async () => {
      const means = await lead.call('geneMeans', { genes: genes.map(({ gene }) => gene) });
      if (labelProfile.value === now) dotPlot.value = { genes, means };
    },
    () => (dotPlot.value = null),
  );
}

export async function findGeneNames(): Promise<void> {
  if (geneNames.value.length > 0) return;
  await withRun(
    async () => {
      geneNames.value = await lead.call('geneNames', {});
    },
    () => undefined,
  );
}

export async function lookAtUnknown(): Promise<void> {
  const now = novelty.value;
  const [shown, columns] = [state.shown.value, state.columns.value];
  if (now === 'reading' || (now !== null && now.shown === shown) || !columns) return;
  if (!shown.includes(kUnknown)) {
    novelty.value = { shown, found: { group: new Int32Array(0), groups: [] }, markers: [] };
    return;
  }
  await withRun(
    async () => {
      novelty.value = 'reading';
      const found = await lead.call('unknownGroups', { columns });
      const others = found.groups.length;
      const group = found.group.map((one) => (one < 0 ? others : one));
      const { markers } =
        others > 0 ? await lead.call('profileGroups', { group, groups: others + 1, top: kNoveltyMarkers }) : { markers: [] };
      // The worker's means are of these groups now.
      labelProfile.value = null;
      novelty.value = { shown, found, markers: markers.filter((marker) => marker.group < others) };
    },
    () => (novelty.value = null),
  );
}

export async function compareWith(name: string): Promise<void> {
  if (name === '') {
    ownLabels.value = null;
    return;
  }
  await withRun(
    async () => {
      ownLabels.value = 'reading';
      ownLabels.value = { name, column: await lead.call('cellColumn', { column: name }) };
    },
    () => (ownLabels.value = null),
  );
}
