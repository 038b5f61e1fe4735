// How many cells a second this machine annotates: one thread of the command line, one worker of the page. 10,000 simulated
// cells with the shipped model, reading included; the best of three runs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atRoot, coreWith, DiskFile, valueOf } from '../wasm/core.mjs';

const kCells = 10_000;
const kSlice = 1_000; // cells; the page's own slices are of this order
const model = atRoot('models/pbmc.onnx');
const plkd = (...words) => execFileSync(atRoot('build/release/bin/plkd'), [...words, '--quiet'], { stdio: 'pipe' });

const folder = mkdtempSync(join(tmpdir(), 'plkd-bench-'));
const cells = join(folder, 'cells.h5ad');
plkd('simulate', '--profile', 'pbmc', '--cells', String(kCells), '--out', cells);

const core = await coreWith([new DiskFile(cells)]);
const opened = valueOf(core.openModel(readFileSync(model), 'pbmc.onnx'));

function inPage() {
  const counts = valueOf(core.openCounts('/cells/cells.h5ad', ''));
  const query = valueOf(core.openQuery(opened, counts));
  for (let first = 0; first < kCells; first += kSlice) valueOf(query.annotate(first, first + kSlice, [0.05]));
  query.delete();
  counts.delete();
}

function onCommandLine() {
  plkd('annotate', '--threads', '1', '--model', model, '--cells', cells, '--out', join(folder, 'labels.csv'));
}

for (const [name, run] of [['command line, 1 thread', onCommandLine], ['page module, 1 worker', inPage]]) {
  let best = Infinity;
  for (let repeat = 0; repeat < 3; ++repeat) {
    const begin = performance.now();
    run();
    best = Math.min(best, performance.now() - begin);
  }
  console.log(`${name}: ${Math.round(kCells / (best / 1000))} cells/s (${Math.round(best)} ms for ${kCells} cells)`);
}
rmSync(folder, { recursive: true });
