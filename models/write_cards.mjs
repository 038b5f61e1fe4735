// Writes the figures of a model's card into models/README.md, between `<!-- card NAME -->` and `<!-- end of card -->`, so that
// none is typed by hand. The train_* scripts call it.
//   node models/write_cards.mjs NAME...     after training models/NAME.onnx
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const data = path.resolve(root, '../shared/data');
const page = path.join(root, 'models/README.md');
const kConfused = { share: 0.05, cells: 3 }; // a confusion is named from this share and number of a type's cells on

// Data a model was not trained on, to score it elsewhere.
const kElsewhere = {
  pbmc: [
    ['TEA-seq PBMC', 'pbmc_teaseq_rna_adt'],
    ['PBMC 68k reduced', 'pbmc_68k_reduced'],
  ],
};

// What a verb of plkd writes with --json.
function reportOf(...words) {
  const folder = mkdtempSync(path.join(tmpdir(), 'plkd-card-'));
  const file = path.join(folder, 'report.json');
  execFileSync(path.join(root, 'build/release/bin/plkd'), [...words, '--json', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  return report;
}

const three = (value) => (Number.isFinite(value) ? value.toFixed(3) : '-');
const count = (value) => value.toLocaleString('en');
const sum = (values) => values.reduce((total, value) => total + value, 0);

function scoreLine(name, scores) {
  const cells = [`${name} (${count(scores.cells_known)})`];
  for (const key of ['accuracy', 'macro_f1', 'balanced_accuracy', 'coverage', 'accuracy_at_coverage', 'ece']) cells.push(three(scores[key]));
  return `| ${cells.join(' | ')} |`;
}

function typeLine(type, scores) {
  const name = type.ontology_id ? `${type.name} (${type.ontology_id})` : type.name;
  const held = scores.per_class[type.name];
  const figures = held ? [count(held.cells), three(held.precision), three(held.recall), three(held.f1)] : ['0', '-', '-', '-'];
  return `| ${[name, count(type.reference_cells), ...figures].join(' | ')} |`;
}

// "CD8 T cell -> CD4 T cell 10 % (6)", the most frequent first.
function confusionsOf(scores) {
  const found = [];
  for (const [truth, given] of Object.entries(scores.confusion)) {
    for (const [label, cells] of Object.entries(given)) {
      const share = cells / scores.per_class[truth].cells;
      if (label !== truth && cells >= kConfused.cells && share >= kConfused.share) found.push({ truth, label, cells, share });
    }
  }
  found.sort((a, b) => b.share - a.share);
  return found.map(({ truth, label, cells, share }) => `${truth} -> ${label} ${Math.round(100 * share)} % (${cells})`).join('; ');
}

// The reliability curve: of held-out cells given about this probability, the share labelled right. Empty bins are left out.
function reliabilityOf(scores) {
  const bins = (scores.reliability ?? []).filter((bin) => bin.cells > 0);
  if (bins.length === 0) return [];
  const row = (name, values) => `| ${[name, ...values].join(' | ')} |`;
  return [
    '',
    row('mean probability', bins.map((bin) => bin.probability.toFixed(2))),
    `|${'---|'.repeat(bins.length + 1)}`,
    row('labelled right', bins.map((bin) => bin.accuracy.toFixed(2))),
    row('held-out cells', bins.map((bin) => count(bin.cells))),
  ];
}

function cardOf(name) {
  const file = path.join(root, `models/${name}.onnx`);
  const model = reportOf('describe', file);
  const { card, provenance } = model;
  const elsewhere = (kElsewhere[name] ?? []).filter(([, cells]) => existsSync(path.join(data, `${cells}.h5ad`)));
  const scored = [['held out', card.scores]];
  for (const [title, cells] of elsewhere) {
    const query = path.join(data, `${cells}.h5ad`);
    scored.push([title, reportOf('evaluate', '--quiet', '--model', file, '--cells', query, '--labels', 'cell_type_harmonized')]);
  }
  return [
    `${card.organism}, ${card.tissue}; ${model.classes.length} types, ${count(model.genes)} genes, ` +
      `${(statSync(file).size / 1e6).toFixed(1)} MB; licence ${card.licence}; ${count(sum(model.classes.map((type) => type.reference_cells)))} cells ` +
      `learnt, ${count(card.scores.cells)} of them only after they had been held out for scores and calibration (${provenance.split}).`,
    '',
    ...card.sources.map((source) => `- ${source}`),
    '',
    '| cells | accuracy | macro F1 | balanced accuracy | coverage | accuracy at coverage | ECE |',
    '|---|---|---|---|---|---|---|',
    ...scored.map(([title, scores]) => scoreLine(title, scores)),
    '',
    '| type | trained on | held out | precision | recall | F1 |',
    '|---|---|---|---|---|---|',
    ...model.classes.map((type) => typeLine(type, card.scores)),
    ...reliabilityOf(card.scores),
    '',
    'Types taken for others, from 5 % and 3 cells of a type on:',
    '',
    ...scored.map(([title, scores]) => `- ${title}: ${confusionsOf(scores) || 'none'}`),
  ].join('\n');
}

for (const name of process.argv.slice(2)) {
  const begin = `<!-- card ${name} -->`;
  const [before, after] = readFileSync(page, 'utf8').split(begin);
  const end = after?.indexOf('<!-- end of card -->') ?? -1;
  if (end < 0) throw new Error(`models/README.md has no '${begin}' with an '<!-- end of card -->' after it`);
  writeFileSync(page, `${before}${begin}\n${cardOf(name)}\n${after.slice(end)}`);
}
