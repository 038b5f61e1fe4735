// Models that lie beside the page: which there are, which fits the cells, and taking one.
import { signal } from '@preact/signals';
import type { NamedFile } from '../../protocol';
import { fetchLinked, fetchModel, findGallery, type GalleryEntry, isStored } from '../gallery';
import { report } from '../report';
import * as state from '../state';
import { lead } from '../stations';
import { texts } from '../texts';
import { addFiles, canHelpersRead } from './open_files';

// How well a model fits the open cells.
export interface Fit {
  genes: number; // share of the model's genes that the cells have
  likeness: number; // of the cells tried to its reference: 1 as its own held-out cells, 0 unlike all of it
  passes: boolean;
}

export interface Suggestion {
  entry: GalleryEntry;
  fit: Fit;
}

export type SuggestState =
  | { status: 'none' }
  | { status: 'trying'; entry: GalleryEntry }
  | { status: 'done'; fits: readonly Suggestion[]; best: Suggestion | null };

export const gallery = signal<readonly GalleryEntry[]>([]);
export const stored = signal<ReadonlySet<string>>(new Set());
export const loading = signal<string | null>(null); // file of the model that is fetched
export const suggestion = signal<SuggestState>({ status: 'none' });

const kBlocks = 4;
const kBlockCells = 64;
// Below it no model is suggested. Of the public data sets those of a model's own tissue have 0.5 or more, another tissue's 0.18 at
// most (fetal cortex on the blood model).
const kLeastLikeness = 0.3;

export async function lookForModels(): Promise<void> {
  gallery.value = await findGallery();
  await lookWhatIsStored();
  const link = new URLSearchParams(location.search).get('model');
  if (link) await take(() => fetchLinked(link), link);
}

async function lookWhatIsStored(): Promise<void> {
  const kept = await Promise.all(gallery.value.map(isStored));
  stored.value = new Set(gallery.value.filter((_, k) => kept[k]).map(({ file }) => file));
}

export async function useModel(entry: GalleryEntry): Promise<void> {
  await take(() => fetchModel(entry), entry.file);
}

async function take(fetchIt: () => Promise<File>, name: string): Promise<void> {
  loading.value = name;
  try {
    await addFiles([await fetchIt()], 'model');
    await lookWhatIsStored();
  } catch (error) {
    report(error);
  } finally {
    loading.value = null;
  }
}

interface CellsToFit {
  files: NamedFile[];
  slot: string;
  index: Uint8Array | null; // as the inputs of a station
  organism: string;
  count: number;
}

// Tries the models of the cells' organism on some of the cells, and takes the one that fits best: it can be replaced. People who
// asked their browser to save data are not made to fetch models that they did not choose.
export async function suggestModel(cells: CellsToFit, isCurrent: () => boolean): Promise<void> {
  const candidates = gallery.value.filter(({ organism, file }) => isOf(organism, cells.organism) && (!savesData() || stored.value.has(file)));
  const fits: Suggestion[] = [];
  try {
    for (const entry of candidates) {
      suggestion.value = { status: 'trying', entry };
      const file = await fetchModel(entry);
      if (!isCurrent()) return;
      const query = await lead.match({ model: file, cells: cells.files, slot: cells.slot, index: cells.index, orthologues: false, without: [] });
      const genes = query.matched / query.modelGenes;
      fits.push({ entry, fit: { genes, likeness: query.passes ? await likenessOf(cells.count) : 0, passes: query.passes } });
      if (!isCurrent()) return;
    }
  } catch (error) {
    if (!isCurrent()) return;
    report(error);
  }
  fits.sort((a, b) => fitOf(b.fit) - fitOf(a.fit));
  const best = fits[0] && fits[0].fit.likeness >= kLeastLikeness ? fits[0] : null;
  suggestion.value = { status: 'done', fits, best };
  await lookWhatIsStored();
  if (best && isCurrent()) {
    await useModel(best.entry);
    state.announcement.value = texts.gallery.suggested(best.entry.name);
  }
}

export function fitOf({ genes, likeness }: Fit): number {
  return genes * likeness;
}

// Of cells from all over the file; of its first ones where a file is read from its beginning only.
async function likenessOf(cells: number): Promise<number> {
  const stride = canHelpersRead() ? Math.max(kBlockCells, Math.floor(cells / kBlocks)) : kBlockCells;
  let [sum, tried] = [0, 0];
  for (let first = 0; first < cells && first < kBlocks * stride; first += stride) {
    const end = Math.min(cells, first + kBlockCells);
    const { undisplacedScore } = await lead.call('annotate', { first, end, errorRates: [] });
    sum += undisplacedScore.reduce((total, score) => total + score, 0);
    tried += end - first;
  }
  // Scores of held-out cells are even between 0 and 1.
  return tried > 0 ? Math.min(1, 2 * (1 - sum / tried)) : 0;
}

function isOf(organism: string, found: string): boolean {
  return found === organism || (found !== 'human' && found !== 'mouse');
}

function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData ?? false;
}
