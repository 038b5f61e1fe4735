// How few genes are too few, and does a model know what missing genes cost? Labels cells that the model has not seen as if only a share of
// their genes, drawn at random, had been measured. Needs ../shared/data (or the folder in PLKD_DATA); two minutes.
// Without arguments: models/pbmc.onnx on cells of another study, and two donors on a model of six others, which promise.mjs leaves.
//   node tests/bench/panels.mjs [MODEL CELLS LABELS]...

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const data = process.env.PLKD_DATA ?? path.resolve(root, '../shared/data');
const plkd = path.join(root, 'build/release/bin/plkd');
const work = path.join(root, 'build/bench');
const shares = [1, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05];
const seeds = [1, 2, 3];

const given = process.argv.slice(2);
const donors = ['D1256', 'D1039'];
const ofDonors = path.join(work, `promise_${donors[0]}.onnx`);
const jobs = [];
for (let k = 0; k + 2 < given.length; k += 3) jobs.push({ model: given[k], cells: given[k + 1], labels: given[k + 2], where: [] });
if (jobs.length === 0) {
  const labels = 'cell_type_harmonized';
  const where = donors.flatMap((donor) => ['--where', `donor=${donor}`]);
  jobs.push({ model: 'models/pbmc.onnx', cells: path.join(data, 'pbmc_teaseq_rna_adt.h5ad'), labels, where: [] });
  if (existsSync(ofDonors)) jobs.push({ model: ofDonors, cells: path.join(data, 'pbmc_kang_ctrl_8donors.h5ad'), labels, where });
  else console.error(`without two donors on a model of others: node tests/bench/promise.mjs makes ${path.relative(root, ofDonors)}`);
}
if (!existsSync(jobs[0].cells)) {
  console.log('skipped: ../shared/data is not there');
  process.exit(0);
}
mkdirSync(work, { recursive: true });

function evaluate({ model, cells, labels, where }, share, seed) {
  const report = path.join(work, 'panel.json');
  const words = ['evaluate', '--quiet', '--model', model, '--cells', cells, '--labels', labels, ...where];
  execFileSync(plkd, [...words, '--panel', share, '--panel-seed', seed, '--json', report], { stdio: 'ignore', cwd: root });
  return JSON.parse(readFileSync(report, 'utf8'));
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share) => `${(100 * share).toFixed(1)} %`;
// Of the draws for which something is promised, and how many those are.
function expected(rows) {
  const promised = rows.map((row) => row.expected_error_at_shift).filter((error) => error !== null);
  if (promised.length === 0) return 'nothing';
  return percent(mean(promised)) + (promised.length < rows.length ? ` (${promised.length} of ${rows.length} draws)` : '');
}

console.log('| model, cells | genes kept | model genes | accuracy | ECE | labelled | promised | expected at the shift | observed |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const job of jobs) {
  for (const share of shares) {
    const rows = (share === 1 ? [1] : seeds).map((seed) => evaluate(job, share, seed));
    const average = (key) => mean(rows.map((row) => row[key]));
    const cells = [
      `${path.basename(job.model, '.onnx')}, ${path.basename(job.cells, '.h5ad')}`,
      percent(share),
      Math.round(average('genes_matched')),
      average('accuracy').toFixed(3),
      average('ece').toFixed(3),
      percent(average('coverage')),
      percent(average('promised_error')),
      expected(rows),
      percent(average('observed_error')),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
