// Tells models, Teachers, matrices and sessions apart, and the parts of a 10x matrix from each other, by name first and by content
// where the name says nothing.
import type { NamedFile } from '../protocol';

export type TenxPart = 'matrix' | 'barcodes' | 'features';

export interface SortedFiles {
  models: File[];
  teachers: File[];
  matrices: File[];
  tenx: Map<TenxPart, NamedFile>;
  sessions: File[];
}

export type FileKind = 'model' | 'cells';

// Archives put a prefix before the names that 10x gives: "GSM5354513_matrix.mtx.gz".
const kTenxName = /(matrix\.mtx|barcodes\.tsv|features\.tsv|genes\.tsv)(\.gz)?$/i;

const kSessionName = /\.json$/i;

export async function sortFiles(files: File[], fallback: FileKind): Promise<SortedFiles> {
  const sorted: SortedFiles = { models: [], teachers: [], matrices: [], tenx: new Map(), sessions: [] };
  for (const file of files) {
    const name = kTenxName.exec(file.name)?.[0].toLowerCase();
    if (kSessionName.test(file.name)) sorted.sessions.push(file);
    else if (name !== undefined) sorted.tenx.set(partOf(name), { name, file });
    else if ((await kindOf(file, fallback)) === 'cells') sorted.matrices.push(file);
    else if (await isTeacher(file)) sorted.teachers.push(file);
    else sorted.models.push(file);
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

const kCellsName = /\.(h5ad|h5|loom|mtx|csv|tsv|txt|zip|tar|tgz|gz|rds)$/i;

async function kindOf(file: File, fallback: FileKind): Promise<FileKind> {
  if (/\.onnx$/i.test(file.name)) return 'model';
  if (kCellsName.test(file.name)) return 'cells';
  const start = await startOf(file);
  // The first field of an ONNX file is its version: field 1, a varint.
  if (start[0] === 0x08) return 'model';
  return hasHdf5Start(start) || hasArchiveStart(start) || hasTextStart(start) ? 'cells' : fallback;
}

// An ONNX file names its producer after its version.
async function isTeacher(file: File): Promise<boolean> {
  return String.fromCharCode(...(await startOf(file)).subarray(4)) === kTeacher;
}

const kTeacher = 'plkd teacher';

async function startOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, 4 + kTeacher.length).arrayBuffer());
}

function hasHdf5Start(start: Uint8Array): boolean {
  return String.fromCharCode(...start.subarray(1, 4)) === 'HDF';
}

function hasArchiveStart([first, second]: Uint8Array): boolean {
  const isZip = first === 0x50 && second === 0x4b;
  const isGzip = first === 0x1f && second === 0x8b;
  return isZip || isGzip;
}

// Also a tar, which begins with a name.
function hasTextStart(start: Uint8Array): boolean {
  return start.length > 0 && start.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
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
