// The user's own file with the labels in it, and the receipt of a run: both by the core, as the command line writes them.
import type { Calls } from '../protocol';
import { valueOf } from './core';
import type { Opened } from './opened';
import { mountOverlay, Overlay } from './overlay';

const kPath = '/annotated.h5ad';

export function writeReceipt(opened: Opened, { columns, request }: Calls['writeReceipt']['params']): Blob {
  return new Blob([valueOf(opened.query.receipt(columns, JSON.stringify(request)))], { type: 'application/json' });
}

// Of an h5ad only what is added takes memory; of another format a new h5ad is made, in memory.
export function writeH5ad(opened: Opened, { columns, request, curated }: Calls['writeH5ad']['params']): Blob {
  const { core, query } = opened;
  const source = opened.countsFile();
  const overlay = source && new Overlay(source);
  if (overlay) mountOverlay(core, kPath, overlay);
  try {
    valueOf(query.writeH5ad(kPath, columns, JSON.stringify(request), curated));
    return overlay ? overlay.toBlob() : new Blob([core.FS.readFile(kPath)]);
  } finally {
    if (core.FS.analyzePath(kPath).exists) core.FS.unlink(kPath);
  }
}
