// What each departure from the published implementation is worth: trains as we do, with each of them put back alone
// (`plkd train --reference-mode PART`), and with all, labels another study, and writes a table. Finished trainings are kept in
// build/bench/ablation and not repeated. Needs ../shared/data.
//   node tests/bench/ablation.mjs [--reference pbmc_zheng_sorted | pbmc_3k_10x] [--seeds N] [--published-epochs N] [--threads N] [--out TABLE.md]

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    reference: { type: 'string' }, // only this one
    seeds: { type: 'string', default: '1' },
    'published-epochs': { type: 'string', default: '10' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const data = path.resolve(root, '../shared/data');
const plkd = path.join(root, 'build/release/bin/plkd');
const work = path.join(root, 'build/bench/ablation');
const labels = 'cell_type_harmonized';
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);
const epochs = ['--teacher-epochs', options['published-epochs'], '--student-epochs', options['published-epochs']];

const pairs = [
  ['pbmc_zheng_sorted', 'pbmc_3k_10x'],
  ['pbmc_3k_10x', 'pbmc_zheng_sorted'],
].filter(([reference]) => options.reference === undefined || options.reference === reference);
const rows = [
  { name: 'ours', meaning: 'nothing as published', train: [] },
  { name: 'layout', meaning: 'tokens from the dense masked layer, reshaped the wrong way round' },
  { name: 'ddc', meaning: 'clustering loss on raw logits, weight 1' },
  { name: 'self-entropy', meaning: 'the sign that rewards collapse, weight 1' },
  { name: 'split', meaning: 'oversampled first, then split' },
  { name: 'optimiser', meaning: `SGD and Adam, batches of 8, ${options['published-epochs']} epochs, last checkpoint`, train: epochs },
  { name: 'augmentation', meaning: 'cells neither corrupted nor mixed' },
  { name: 'distillation', meaning: 'half Teacher, half labels, temperature 4' },
  { name: 'network', meaning: 'dropout and stochastic depth 0.5, small initial weights' },
  { name: 'all', meaning: 'all of these', train: epochs },
];

function run(row, reference, query, seed) {
  const name = path.join(work, `${reference}_${row.name}_${seed}`);
  const report = `${name}.${query}.json`;
  if (existsSync(report)) return JSON.parse(readFileSync(report, 'utf8'));
  const cells = (set) => path.join(data, `${set}.h5ad`);
  const mode = row.name === 'ours' ? [] : [`--reference-mode=${row.name}`];
  const common = ['--quiet', '--threads', options.threads, '--labels', labels];
  execFileSync(
    plkd,
    ['train', ...common, '--cells', cells(reference), '--seed', seed, ...mode, ...(row.train ?? []), '--out', `${name}.onnx`, '--json', `${name}.json`],
    { stdio: 'inherit' },
  );
  execFileSync(plkd, ['evaluate', ...common, '--model', `${name}.onnx`, '--cells', cells(query), '--json', `${name}.scores.json`]);
  const training = JSON.parse(readFileSync(`${name}.json`, 'utf8'));
  const scores = JSON.parse(readFileSync(`${name}.scores.json`, 'utf8'));
  const result = {
    teacher: training.teacher.held_out_macro_f1,
    heldOut: training.held_out_scores.macro_f1,
    leaked: training.leaked_scores?.macro_f1,
    accuracy: scores.accuracy,
    macroF1: scores.macro_f1,
  };
  writeFileSync(report, JSON.stringify(result));
  return result;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (values) => (100 * mean(values)).toFixed(1);

if (!existsSync(data)) {
  console.log('skipped: ../shared/data is not there');
  process.exit(0);
}
mkdirSync(work, { recursive: true });
const lines = [
  `One departure put back at a time; ${seeds.length} seed${seeds.length > 1 ? 's' : ''}, per cent. *Held out*: macro F1 on reference cells that were`,
  'never trained on; in brackets what the published split reports, copies of training cells included. The last column is the Teacher\'s own.',
  '',
  '    node tests/bench/ablation.mjs ' + process.argv.slice(2).filter((word, i, all) => word !== '--out' && all[i - 1] !== '--out').join(' '),
  '',
];
for (const [reference, query] of pairs) {
  lines.push(`**${reference} -> ${query}**`, '');
  lines.push('| as published | | query accuracy | query macro F1 | held out | Teacher, held out |', '|---|---|---|---|---|---|');
  for (const row of rows) {
    const runs = seeds.map((seed) => run(row, reference, query, seed));
    const of = (key) => runs.map((result) => result[key]);
    const leaked = runs[0].leaked === undefined ? '' : ` (${percent(of('leaked'))})`;
    lines.push(
      `| ${row.name} | ${row.meaning} | ${percent(of('accuracy'))} | ${percent(of('macroF1'))} | ${percent(of('heldOut'))}${leaked} | ${percent(of('teacher'))} |`,
    );
    console.log(lines.at(-1));
  }
  lines.push('');
}
if (options.out) writeFileSync(options.out, lines.join('\n'));
else console.log(lines.join('\n'));
