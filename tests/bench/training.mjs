// How fast the Teacher learns beside the published layout, and how much memory a whole training takes. Real cells where they are, simulated
// ones elsewhere. Takes two minutes on two quiet cores.
//   node tests/bench/training.mjs [--steps 20] [--threads 2] [--json FILE]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const kRatio = 20; // at 300 patterns
const kPeakMb = 1500;
const kCellsForMemory = 590; // below 600 a training takes half of the steps, each as large

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
const atRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'plkd-training-'));
const records = [];

function record(name, value, unit, { target = null, peer = null, cells = null, passes = null } = {}) {
  records.push({ name, value: Number(value.toPrecision(4)), unit, target, peer, cells, passes });
}

const run = (words) => execFileSync(atRoot('build/release/bin/plkd'), [...words, '--quiet'].map(String), { stdio: ['ignore', 'ignore', 'inherit'] });
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

function simulated(cells) {
  const path = join(folder, `cells_${cells}.h5ad`);
  run(['simulate', '--profile', 'pbmc', '--cells', cells, '--genes', 6000, '--out', path]);
  return ['--cells', path, '--labels', 'cell_type'];
}

const real = atRoot('../shared/data/pbmc_3k_10x.h5ad');
const reactome = atRoot('../shared/resources/human_reactome_v2025.gmt');
const reference = existsSync(real) ? ['--cells', real, '--labels', 'cell_type_harmonized'] : simulated(2600);
const patterns = existsSync(real) && existsSync(reactome) ? ['--patterns', reactome] : ['--patterns', 'random', '--max-patterns', 300];

function measureSpeed(name, chosen, target) {
  const report = join(folder, 'speed.json');
  run(['bench', 'training', ...reference, ...chosen, '--steps', options.steps, '--threads', options.threads, '--json', report]);
  const { ours, published } = readJson(report);
  const ratio = ours.cells_per_s / published.cells_per_s;
  record(`${name}, Teacher`, ours.cells_per_s, 'cells/s', { peer: published.cells_per_s, cells: ours.cells_seen });
  record(`${name}, against the published layout`, ratio, 'times', { target, cells: ours.cells_seen, passes: target === null ? null : ratio >= target });
  const byProcessor = ours.cells_per_processor_s / published.cells_per_processor_s;
  record(`${name}, the same by processor time`, byProcessor, 'times', { cells: ours.cells_seen }); // whatever else runs
}

function measureMemory() {
  const report = join(folder, 'memory.json');
  run(['train', ...simulated(kCellsForMemory), '--patterns', 'random', '--max-patterns', 300, '--threads', options.threads, '--final-fit', 'training',
       '--out', join(folder, 'model.onnx'), '--json', report]);
  const { peak, planned } = readJson(report).memory_mb;
  record('training, 300 patterns, peak memory', peak, 'MB', { target: kPeakMb, cells: kCellsForMemory, passes: peak <= kPeakMb });
  record('training, 300 patterns, memory planned', planned, 'MB', { cells: kCellsForMemory, passes: peak <= planned });
}

try {
  measureSpeed('training, 300 patterns', patterns, kRatio);
  measureMemory();
} finally {
  rmSync(folder, { recursive: true });
}
for (const { name, value, unit, target, passes } of records) {
  const verdict = passes === null ? '' : passes ? ', passes' : ', FAILS';
  console.log(`${name}: ${value} ${unit}${target === null ? '' : ` (target ${target})`}${verdict}`);
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(records, null, 2)}\n`);
