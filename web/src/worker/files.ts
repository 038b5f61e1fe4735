// Shows the user's files to the core under one folder, read by slices where they lie and never copied whole.
import type { PlkdCore } from '../../../wasm/plkd_core';
import type { NamedFile } from '../protocol';

const kFolder = '/cells';
let mounted: NamedFile[] | undefined;

// The path to open: the file itself, or the folder when there are several (10x).
export function mountFiles(core: PlkdCore, files: NamedFile[]): string {
  if (mounted) core.FS.unmount(kFolder);
  else core.FS.mkdir(kFolder);
  core.FS.mount(core.WORKERFS, { blobs: files.map(({ name, file }) => ({ name, data: file })) }, kFolder);
  mounted = files;
  const only = files.length === 1 ? files[0] : undefined;
  return only ? `${kFolder}/${only.name}` : kFolder;
}

// Messages name the user's files, not the places where the core sees them; a folder of 10x files is named by its matrix.
export function withUserNames(message: string): string {
  const files = mounted ?? [];
  const named = files.reduce((text, { name, file }) => text.replaceAll(`${kFolder}/${name}`, file.name), message);
  const matrix = files.find(({ name }) => name.startsWith('matrix')) ?? files[0];
  return matrix ? named.replaceAll(kFolder, matrix.file.name) : named;
}
