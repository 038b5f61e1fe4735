// The page's core in Node: what a worker offers it (a File read by slices, synchronously) is made from files on disk.
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

export const atRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

// What WORKERFS asks of a File. `hole` puts so many bytes of nothing before the content.
export class DiskFile {
  constructor(path, { name = basename(path), hole = 0 } = {}) {
    this.name = name;
    this.path = path;
    this.hole = hole;
    this.size = hole + statSync(path).size;
    this.furthest = 0; // the largest offset ever read
    this.bytesRead = 0;
    this.reads = 0;
  }

  slice(begin, end) {
    const stop = Math.min(end, this.size);
    return { size: stop - begin, read: () => this.read(begin, stop) };
  }

  read(begin, end) {
    this.furthest = Math.max(this.furthest, end);
    this.bytesRead += end - begin;
    this.reads++;
    const bytes = new Uint8Array(end - begin);
    const from = Math.max(begin, this.hole);
    if (from >= end) return bytes;
    const handle = openSync(this.path);
    readSync(handle, bytes, from - begin, end - from, from - this.hole);
    closeSync(handle);
    return bytes;
  }
}

globalThis.importScripts = () => {}; // emscripten knows a worker by it
globalThis.self = { location: { href: import.meta.url } };
globalThis.FileReaderSync = class {
  readAsArrayBuffer(slice) {
    return slice.read().buffer;
  }
};

const { default: createPlkdCore } = await import('../../build/wasm/bin/plkd_core.mjs');
const wasmBinary = readFileSync(atRoot('build/wasm/bin/plkd_core.wasm'));

// A core of its own, with `files` under /cells.
export async function coreWith(files) {
  const core = await createPlkdCore({ wasmBinary });
  core.FS.mkdir('/cells');
  core.FS.mount(core.WORKERFS, { files }, '/cells');
  return core;
}

export function valueOf(result) {
  if (!result.ok) throw new Error(`${result.message}; ${result.hint}`);
  return result.value;
}

// Expression as engines other than ours take it.
export function denseOf({ cells, genes, rowBegin, gene, value }) {
  const dense = new Float32Array(cells * genes);
  for (let cell = 0; cell < cells; ++cell)
    for (let entry = rowBegin[cell]; entry < rowBegin[cell + 1]; ++entry) dense[cell * genes + gene[entry]] = value[entry];
  return dense;
}
