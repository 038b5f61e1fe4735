// What the map's colours say: values of a gene or of a column are read when somebody wants to see them.
import { signal } from '@preact/signals';
import type { FileProteins } from '../../protocol';
import { choices, type Colouring } from '../choices';
import { report } from '../report';
import * as state from '../state';
import { Stopped } from '../station';
import { lead } from '../stations';
import { texts } from '../texts';
import { colourBy } from './look';

// Values of all cells: numbers, or places in a list of names.
export type CellValues =
  | { kind: 'numbers'; name: string; values: Float32Array; low: number; high: number }
  | { kind: 'names'; name: string; names: readonly string[]; code: Int32Array };

export type ValuesState =
  | { status: 'none' }
  | { status: 'reading'; share: number }
  | { status: 'ready'; colouring: Colouring; values: CellValues };

export const cellValues = signal<ValuesState>({ status: 'none' });
// The gene or protein whose values were read last: violins show it, whatever the map's colours say.
export const geneValues = signal<{ name: string; values: Float32Array; isProtein: boolean } | null>(null);
// Of the file; null until they were asked for.
export const fileProteins = signal<FileProteins | null>(null);

const kRange = 2048;
// Above so many different values a column of numbers is a scale, not a list.
const kMostNumbersAsNames = 24;

export async function colourByColumn(column: string): Promise<void> {
  colourBy({ by: 'column', column }, column);
  await readValues();
}

export async function colourByGene(gene: number, name: string): Promise<void> {
  colourBy({ by: 'gene', gene, name }, name);
  await readValues();
}

export async function colourByProtein(protein: number): Promise<void> {
  const name = fileProteins.value?.names[protein];
  if (name === undefined) return;
  colourBy({ by: 'protein', protein, name }, texts.look.ofProtein(name));
  await readValues();
}

// Which there are is told when labels are there to be looked at.
export async function findProteins(): Promise<void> {
  const [run, cells] = [state.run.value, state.cells.value];
  if (fileProteins.value || run.status !== 'done' || run.isStale || cells.status !== 'ready') return;
  if (!cells.summary.modalities.some(({ name }) => name === 'adt')) return;
  try {
    await lead.bringUp(run.inputs);
    const found = await lead.call('proteins', {});
    if (state.run.value === run) fileProteins.value = found;
  } catch (error) {
    if (!(error instanceof Stopped)) report(error);
  }
}

let question = 0;

// For the colouring that is chosen; what was asked before is dropped. Also after undo.
export async function readValues(): Promise<void> {
  const mine = ++question;
  const { colouring } = choices.value;
  const [run, now] = [state.run.value, cellValues.value];
  if (colouring.by !== 'column' && colouring.by !== 'gene' && colouring.by !== 'protein') return;
  if (run.status !== 'done' || run.isStale || (now.status === 'ready' && now.colouring === colouring)) return;
  cellValues.value = { status: 'reading', share: 0 };
  try {
    await lead.bringUp(run.inputs);
    const values = colouring.by === 'column' ? await columnValues(colouring.column) : await valuesOfFeature(colouring, run.results.cells, () => mine === question);
    if (mine === question) cellValues.value = { status: 'ready', colouring, values };
  } catch (error) {
    if (mine !== question || error instanceof Stopped) return;
    cellValues.value = { status: 'none' };
    report(error);
  }
}

async function columnValues(name: string): Promise<CellValues> {
  const { categories, code } = await lead.call('cellColumn', { column: name });
  const numbers = categories.map(Number);
  const isScale = categories.length > kMostNumbersAsNames && categories.every((text, k) => text !== '' && !Number.isNaN(numbers[k]));
  if (!isScale) return { kind: 'names', name, names: categories, code };
  const values = Float32Array.from(code, (one) => numbers[one] ?? Number.NaN);
  return { kind: 'numbers', name, values, ...rangeOf(values) };
}

type Feature = Extract<Colouring, { by: 'gene' | 'protein' }>;

async function valuesOfFeature(feature: Feature, cells: number, isCurrent: () => boolean): Promise<CellValues> {
  const name = feature.by === 'gene' ? feature.name : texts.look.ofProtein(feature.name);
  const read = (first: number, end: number) =>
    feature.by === 'gene'
      ? lead.call('geneValues', { genes: [feature.gene], first, end })
      : lead.call('proteinValues', { proteins: [feature.protein], first, end });
  const values = new Float32Array(cells);
  for (let first = 0; first < cells; first += kRange) {
    const end = Math.min(cells, first + kRange);
    values.set(await read(first, end), first);
    if (!isCurrent()) throw new Stopped();
    cellValues.value = { status: 'reading', share: end / cells };
  }
  geneValues.value = { name, values, isProtein: feature.by === 'protein' };
  return { kind: 'numbers', name, values, low: 0, high: rangeOf(values).high };
}

// Most of the values; a few extreme cells must not take all the colours.
function rangeOf(values: Float32Array): { low: number; high: number } {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return { low: 0, high: 1 };
  const [low, high] = [sorted[Math.floor(0.005 * sorted.length)]!, sorted[Math.floor(0.995 * (sorted.length - 1))]!];
  return high > low ? { low, high } : { low: Math.min(low, 0), high: Math.max(sorted.at(-1)!, low + 1e-6) };
}

export function forgetValues(): void {
  question++;
  cellValues.value = { status: 'none' };
  geneValues.value = null;
  fileProteins.value = null;
}
