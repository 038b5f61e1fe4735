// Tells models from matrices, and the parts of a 10x matrix from each other, by name first and by content where the name
// says nothing.
import type { NamedFile } from '../protocol';

export type TenxPart = 'matrix' | 'barcodes' | 'features';

export interface SortedFiles {
  models: File[];
  matrices: File[];
  tenx: Map<TenxPart, NamedFile>;
}

export type FileKind = 'model' | 'cells';

// Archives put a prefix before the names that 10x gives: "GSM5354513_matrix.mtx.gz".
const kTenxName = /(matrix\.mtx|barcodes\.tsv|features\.tsv|genes\.tsv)(\.gz)?$/i;

export async function sortFiles(files: File[], fallback: FileKind): Promise<SortedFiles> {
  const sorted: SortedFiles = { models: [], matrices: [], tenx: new Map() };
  for (const file of files) {
    const name = kTenxName.exec(file.name)?.[0].toLowerCase();
    if (name !== undefined) sorted.tenx.set(partOf(name), { name, file });
    else if ((await kindOf(file, fallback)) === 'model') sorted.models.push(file);
    else sorted.matrices.push(file);
  }
  return sorted;
}

export function missingParts(tenx: Map<TenxPart, NamedFile>): TenxPart[] {
  return (['matrix', 'barcodes', 'features'] as const).filter((part) => !tenx.has(part));
}

function partOf(name: string): TenxPart {
  if (name.startsWith('matrix')) return 'matrix';
  return name.startsWith('barcodes') ? 'barcodes' : 'features';
}

async function kindOf(file: File, fallback: FileKind): Promise<FileKind> {
  if (/\.onnx$/i.test(file.name)) return 'model';
  if (/\.(h5ad|h5|mtx|gz)$/i.test(file.name)) return 'cells';
  const start = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const isHdf5 = String.fromCharCode(...start.subarray(1, 4)) === 'HDF';
  // The first field of an ONNX file is its version: field 1, a varint.
  if (start[0] === 0x08) return 'model';
  return isHdf5 ? 'cells' : fallback;
}

// Files of a drop; a dropped folder stands for the files in it.
export async function filesOfDrop(data: DataTransfer): Promise<File[]> {
  // Entries must be taken before the first await: the browser empties the transfer afterwards.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...data.files];
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  const found = await Promise.all(entries.map((entry) => (entry ? filesOf(entry) : Promise.resolve([]))));
  return found.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  const files = children.filter((child) => child.isFile && !child.name.startsWith('.'));
  return (await Promise.all(files.map(filesOf))).flat();
}
