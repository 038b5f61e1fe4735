// Which cells are called unknown? Cells that a model should know under another technology, cells of types that were left out of
// its reference, and files of a tissue or organism that it has never seen. Needs ../shared/data; eight trainings of a minute
// or two.
//   node tests/bench/novelty.mjs [--seed N] [--out TABLE.md]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, root, trained } from './accuracy/runs.mjs';

const { values: options } = parseArgs({ options: { seed: { type: 'string', default: '1' }, out: { type: 'string' } } });
const plkd = path.join(root, 'build/release/bin/plkd');
const work = path.join(root, 'build/bench/novelty');
const labels = 'cell_type_harmonized';
const cells = (file) => ['--cells', path.join(data, `${file}.h5ad`)];

const lines = '5 lung cancer lines, 10x';
const references = {
  [lines]: { file: 'celllines_5cl_10x' },
  'PBMC 3k': { file: 'pbmc_3k_10x' },
  'Zheng sorted': { file: 'pbmc_zheng_sorted' },
  'Kang control': { file: 'pbmc_kang_ifnb', where: ['condition=CTRL'] },
  'islets without CEL-seq': { file: 'pancreas_5tech', drop: ['tech=CEL-seq'] },
  'PBMC 3k without B cells': { file: 'pbmc_3k_10x', drop: [`${labels}=B cell`] },
  'PBMC 3k without CD14 monocytes': { file: 'pbmc_3k_10x', drop: [`${labels}=CD14 monocyte`] },
  'lines without H838': { file: 'celllines_5cl_10x', drop: [`${labels}=H838`] },
};
const celseq2 = cells('celllines_5cl_celseq2');
const stimulated = [...cells('pbmc_kang_ifnb'), '--where', 'condition=STIM'];
const teaseq = cells('pbmc_teaseq_rna_adt');
const labelled = [
  [lines, 'the same lines, CEL-Seq2', celseq2],
  ['PBMC 3k', 'TEA-seq', teaseq],
  ['PBMC 3k', 'Kang stimulated', stimulated],
  ['PBMC 3k', 'Zheng sorted', cells('pbmc_zheng_sorted')],
  ['Zheng sorted', 'PBMC 3k', cells('pbmc_3k_10x')],
  ['Zheng sorted', 'TEA-seq', teaseq],
  ['Kang control', 'PBMC 3k', cells('pbmc_3k_10x')],
  ['Kang control', 'Kang stimulated', stimulated],
  ['PBMC 3k without B cells', 'TEA-seq', teaseq],
  ['PBMC 3k without B cells', 'Kang stimulated', stimulated],
  ['PBMC 3k without CD14 monocytes', 'TEA-seq', teaseq],
  ['PBMC 3k without CD14 monocytes', 'Zheng sorted', cells('pbmc_zheng_sorted')],
  ['lines without H838', 'all lines, CEL-Seq2', celseq2],
];
const foreign = [
  ['PBMC 3k', 'islets', 'pancreas_5tech'],
  ['PBMC 3k', 'fetal cortex', 'human_fetal_cortex_camp'],
  ['PBMC 3k', 'lines, CEL-Seq2', 'celllines_5cl_celseq2'],
  ['Zheng sorted', 'islets', 'pancreas_5tech'],
  ['Zheng sorted', 'lines, CEL-Seq2', 'celllines_5cl_celseq2'],
  ['Kang control', 'fetal cortex', 'human_fetal_cortex_camp'],
  ['Kang control', 'lines, CEL-Seq2', 'celllines_5cl_celseq2'],
  [lines, 'PBMC 3k', 'pbmc_3k_10x'],
  ['islets without CEL-seq', 'PBMC 3k', 'pbmc_3k_10x'],
  ['islets without CEL-seq', 'TEA-seq', 'pbmc_teaseq_rna_adt'],
  ['islets without CEL-seq', 'fetal cortex', 'human_fetal_cortex_camp'],
];

// Trained once; a model is kept for the next run, and for the accuracy benchmark.
const modelOf = (reference) => trained({ labels, reference: references[reference] }, options.seed, [], false).model;

function evaluate(reference, query) {
  const report = path.join(work, 'report.json');
  execFileSync(plkd, ['evaluate', '--quiet', '--model', modelOf(reference), ...query, '--labels', labels, '--json', report]);
  return JSON.parse(readFileSync(report, 'utf8'));
}

// Not all files have labels, and no label of these is right.
function shareUnknown(reference, file) {
  const table = path.join(work, 'labels.csv');
  execFileSync(plkd, ['annotate', '--quiet', '--model', modelOf(reference), ...cells(file), '--out', table]);
  const rows = readFileSync(table, 'utf8').trimEnd().split('\n').slice(1);
  return rows.filter((row) => row.includes(',unknown,,unknown,')).length / rows.length;
}

if (!existsSync(data)) {
  console.log('skipped: ../shared/data is not there');
  process.exit(0);
}
mkdirSync(work, { recursive: true });
const percent = (share) => (share === null ? '-' : (100 * share).toFixed(1));
const table = [];
const say = (line) => {
  table.push(line);
  console.log(line);
};
say(`Per cent; seed ${options.seed}; default settings, so an error rate of 5 % is accepted.\n`);
say('| reference | query | known cells that got a label | of these right | all known cells right | unseen types: AUROC |');
say('|---|---|---|---|---|---|');
for (const [reference, query, words] of labelled) {
  const scores = evaluate(reference, words);
  const shares = [scores.coverage, scores.accuracy_at_coverage, scores.accuracy, scores.unknown_auroc].map(percent);
  say(`| ${[reference, query, ...shares].join(' | ')} |`);
}
say('\n| reference | query of another tissue | unknown |\n|---|---|---|');
for (const [reference, query, file] of foreign) say(`| ${reference} | ${query} | ${percent(shareUnknown(reference, file))} |`);
if (options.out) writeFileSync(options.out, `${table.join('\n')}\n`);
