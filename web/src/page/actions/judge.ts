// What the labels look like from nearer: their genes and patterns, the person's own labels beside them, and the cells that are unknown.
import { signal } from '@preact/signals';
import type { CellColumn, GeneMeans, GroupProfile, MarkerGene, Pattern, UnknownGroups } from '../../protocol';
import { patternsOf } from '../patterns';
import { report } from '../report';
import { kUnknown } from '../results';
import * as state from '../state';
import { lead } from '../stations';

// Of the labels on show, in the order of the legend.
export interface LabelProfile {
  labels: readonly number[]; // [groups]
  profile: GroupProfile;
  patterns: Pattern[];
}

export interface DotPlotGenes {
  genes: readonly { gene: number; name: string; of: number }[]; // with the group they mark; -1 for one that a person asked for
  means: GeneMeans;
}

export interface Novelty {
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
// For the plot of marker genes, by a person.
export const askedGenes = signal<readonly number[]>([]);

const kMarkers = 10;
const kDotsPerLabel = 3;
const kNoveltyMarkers = 6;

// Of another run, or of other files: a gene's place is in its file.
export function forgetJudgement(): void {
  forgetProfile();
  forgetGroups();
  geneNames.value = [];
  askedGenes.value = [];
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

// The labels that were profiled last, or are being; the worker's means are of their groups.
let profiled: Int32Array | null = null;
let profiling = 0;

function forgetProfile(): void {
  profiling++;
  profiled = null;
  labelProfile.value = null;
  dotPlot.value = null;
}

// Asked again for the same labels, it does nothing; for others, it begins anew.
export async function profileLabels(): Promise<void> {
  const shown = state.shown.value;
  if (profiled === shown) return;
  const mine = ++profiling;
  profiled = shown;
  const isCurrent = () => mine === profiling;
  await withRun(
    async ({ inputs }) => {
      labelProfile.value = 'reading';
      const labels = state.labelCounts.value.map(({ label }) => label);
      const groupOf = new Map(labels.map((label, group) => [label, group]));
      const group = shown.map((label) => groupOf.get(label) ?? -1);
      const profile = await lead.call('profileGroups', { group, groups: labels.length, top: kMarkers });
      const patterns = await patternsOf(inputs.model);
      if (!isCurrent()) return;
      dotPlot.value = null;
      labelProfile.value = { labels, profile, patterns };
      await plotGenes(askedGenes.value);
    },
    () => {
      if (isCurrent()) forgetProfile();
    },
  );
}

// Best markers of every label, and genes that a person asked for.
export async function plotGenes(asked: readonly number[]): Promise<void> {
  askedGenes.value = asked;
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
    async (run) => {
      const names = await lead.call('geneNames', {});
      if (state.run.value === run) geneNames.value = names;
    },
    () => undefined,
  );
}

let grouped: Int32Array | null = null;
let grouping = 0;

function forgetGroups(): void {
  grouping++;
  grouped = null;
  novelty.value = null;
}

export async function lookAtUnknown(): Promise<void> {
  const [shown, columns] = [state.shown.value, state.columns.value];
  if (grouped === shown || !columns) return;
  const mine = ++grouping;
  grouped = shown;
  if (!shown.includes(kUnknown)) {
    novelty.value = { found: { group: new Int32Array(0), groups: [] }, markers: [] };
    return;
  }
  await withRun(
    async () => {
      novelty.value = 'reading';
      const found = await lead.call('unknownGroups', { columns });
      const others = found.groups.length;
      const group = found.group.map((one) => (one < 0 ? others : one));
      // The worker's means are of these groups afterwards.
      forgetProfile();
      const { markers } = await lead.call('profileGroups', { group, groups: others + 1, top: kNoveltyMarkers });
      if (mine === grouping) novelty.value = { found, markers: markers.filter((marker) => marker.group < others) };
    },
    () => {
      if (mine === grouping) forgetGroups();
    },
  );
}

export async function compareWith(name: string): Promise<void> {
  if (name === '') {
    ownLabels.value = null;
    return;
  }
  await withRun(
    async (run) => {
      ownLabels.value = 'reading';
      const column = await lead.call('cellColumn', { column: name });
      if (state.run.value === run) ownLabels.value = { name, column };
    },
    () => (ownLabels.value = null),
  );
}
