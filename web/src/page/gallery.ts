// The models that lie beside the page, as models/gallery.json lists them: see models/write_gallery.mjs.
import { PlkdError } from '../protocol';
import { texts } from './texts';

export interface GalleryEntry {
  file: string;
  bytes: number;
  digest: string;
  name: string;
  organism: string;
  tissue: string;
  types: string[];
  cells: number; // it learnt from
  genes: number;
  macro_f1: number; // held out
  licence: string;
}

const kFolder = new URL('models/', document.baseURI);

// Empty where the site has none.
export async function findGallery(): Promise<GalleryEntry[]> {
  const response = await fetch(new URL('gallery.json', kFolder)).catch(() => null);
  const found: unknown = response?.ok ? await response.json().catch(() => null) : null;
  return Array.isArray(found) ? found.filter(isEntry) : [];
}

// Some hosts answer a missing file with a page of their own.
function isEntry(value: unknown): value is GalleryEntry {
  return typeof value === 'object' && value !== null && 'file' in value && 'digest' in value && 'types' in value;
}

// The digest in its address makes a model one that never changes: once kept, it is not fetched again.
function addressOf({ file, digest }: GalleryEntry): URL {
  return new URL(`${file}?v=${digest}`, kFolder);
}

const fetched = new Map<string, File>();

export async function fetchModel(entry: GalleryEntry): Promise<File> {
  const file = fetched.get(entry.file) ?? (await fetchFile(addressOf(entry), entry.file));
  fetched.set(entry.file, file);
  return file;
}

// Of this host only: the page's content policy refuses any other.
export async function fetchLinked(link: string): Promise<File> {
  const address = new URL(link, document.baseURI);
  if (address.origin !== location.origin) throw new PlkdError('BadInput', texts.gallery.elsewhere(link), texts.gallery.elsewhereHint);
  return fetchFile(address, address.pathname.replace(/^.*\//, ''));
}

async function fetchFile(address: URL, name: string): Promise<File> {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) throw new PlkdError('BadInput', texts.gallery.missing(name), texts.gallery.missingHint);
  return new File([await response.blob()], name);
}

export async function isStored(entry: GalleryEntry): Promise<boolean> {
  return 'caches' in window && (await caches.match(addressOf(entry)).catch(() => undefined)) !== undefined;
}

// An address that opens the page with this model.
export function linkTo({ file }: GalleryEntry): string {
  const link = new URL(location.pathname, location.origin);
  link.searchParams.set('model', `models/${file}`);
  return link.href;
}
