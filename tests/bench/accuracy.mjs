// Accuracy across studies: trains on one public data set, labels another, three seeds each, and prints mean and spread.
// Needs ../shared/data. About a minute a training on two cores.
//   node tests/bench/accuracy.mjs [REPORT.json]

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const data = path.resolve(root, '../shared/data');
const plkd = path.join(root, 'build/release/bin/plkd');
const work = path.join(root, 'build/bench');
const labels = 'cell_type_harmonized';
const seeds = [1, 2, 3];

// Bars: what the project promises for a label per cell, accuracy / macro F1.
const pairs = [
  { reference: 'pbmc_zheng_sorted', query: 'pbmc_3k_10x', bar: [0.8, 0.82] },
  { reference: 'pbmc_3k_10x', query: 'pbmc_zheng_sorted', bar: [0.835, 0.825] },
];

function run(pair, seed) {
  const model = path.join(work, `${pair.reference}_${seed}.onnx`);
  const report = path.join(work, `${pair.reference}_${seed}.json`);
  const file = (name) => path.join(data, `${name}.h5ad`);
  const begin = process.hrtime.bigint();
  execFileSync(plkd, ['train', '--quiet', '--cells', file(pair.reference), '--labels', labels, '--seed', seed, '--out', model], {
    stdio: 'inherit',
  });
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  execFileSync(plkd, ['evaluate', '--quiet', '--model', model, '--cells', file(pair.query), '--labels', labels, '--json', report]);
  const scores = JSON.parse(readFileSync(report, 'utf8'));
  return { seed, seconds, ...scores };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const shown = (values) => `${mean(values).toFixed(4)} ± ${spread(values).toFixed(4)}`;

if (!existsSync(data)) {
  console.log('skipped: ../shared/data is not there');
  process.exit(0);
}
mkdirSync(work, { recursive: true });
const table = [];
console.log('reference -> query | cells known | accuracy (bar) | macro F1 (bar) | coverage | unknown AUROC | training s');
for (const pair of pairs) {
  const runs = seeds.map((seed) => run(pair, seed));
  const of = (key) => runs.map((scores) => scores[key]);
  console.log(
    [
      `${pair.reference} -> ${pair.query}`,
      runs[0].cells_known,
      `${shown(of('accuracy'))} (${pair.bar[0]})`,
      `${shown(of('macro_f1'))} (${pair.bar[1]})`,
      shown(of('coverage')),
      shown(of('unknown_auroc')),
      mean(of('seconds')).toFixed(0),
    ].join(' | '),
  );
  table.push({ ...pair, runs });
}
if (process.argv[2]) writeFileSync(process.argv[2], JSON.stringify(table, null, 2));
const missed = table.filter(
  ({ runs, bar }) => mean(runs.map((r) => r.accuracy)) < bar[0] || mean(runs.map((r) => r.macro_f1)) < bar[1],
);
console.log(missed.length === 0 ? 'every bar reached' : `bars missed: ${missed.length}`);
