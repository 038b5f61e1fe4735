// The module the page loads, against the command line: same file, same model, same labels.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertSameLabels, readLabels } from '../e2e/support/labels.mjs';
import { atRoot, coreWith, DiskFile, valueOf } from './core.mjs';
import { annotated, labelsOfQuery } from './page_labels.mjs';

const kTolerance = 1e-5; // other order of sums, and the digits of labels.csv
const model = process.env.PLKD_MODEL ?? atRoot('models/pbmc.onnx');
const plkd = (...words) => execFileSync(atRoot('build/release/bin/plkd'), words, { encoding: 'utf8', stdio: 'pipe' });

let folder;
let simulated;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'plkd-wasm-'));
  simulated = join(folder, 'simulated.h5ad');
  plkd('simulate', '--profile', 'pbmc', '--cells', '300', '--seed', '3', '--out', simulated, '--quiet');
});
after(() => rmSync(folder, { recursive: true, force: true }));

function openModel(core) {
  return valueOf(core.openModel(readFileSync(model), 'pbmc.onnx'));
}

function pageLabels(core, path) {
  const opened = openModel(core);
  const counts = valueOf(core.openCounts(path, ''));
  const query = valueOf(core.openQuery(opened, counts));
  const labels = labelsOfQuery(opened, counts, query);
  for (const handle of [query, counts, opened]) handle.delete();
  return labels;
}

async function commandLineLabels(cells) {
  const out = join(folder, 'labels.csv');
  plkd('annotate', '--model', model, '--cells', cells, '--out', out, '--quiet');
  return readLabels(out);
}

test('labels of simulated cells equal the command line\'s', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  assertSameLabels(pageLabels(core, '/cells/simulated.h5ad'), await commandLineLabels(simulated), kTolerance);
});

test('labels of real cells equal the command line\'s', { skip: realCells() ? false : '../shared/data is absent' }, async () => {
  const core = await coreWith([new DiskFile(realCells())]);
  const page = pageLabels(core, '/cells/pbmc_3k_10x.h5ad');
  assert.equal(page.length, 2638);
  assertSameLabels(page, await commandLineLabels(realCells()), kTolerance);
});

function realCells() {
  const path = atRoot('../shared/data/pbmc_3k_10x.h5ad');
  return existsSync(path) ? path : undefined;
}

test('a file is read right beyond 4 GiB', async () => {
  // HDF5 looks for its signature at 512 bytes and every doubling of it, so the same file may begin at 8 GiB.
  const far = new DiskFile(simulated, { name: 'far.h5ad', hole: 2 ** 33 });
  const core = await coreWith([far, new DiskFile(simulated)]);
  assert.deepEqual(pageLabels(core, '/cells/far.h5ad'), pageLabels(core, '/cells/simulated.h5ad'));
  assert.ok(far.furthest > 2 ** 33);
});

test('summaries hold what the page shows', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const opened = openModel(core);
  const counts = valueOf(core.openCounts('/cells/simulated.h5ad', ''));
  const query = valueOf(core.openQuery(opened, counts));
  const known = opened.summary();
  assert.match(known.architecture, new RegExp(`^mlp-v\\d:${known.genes}-.*-${known.classes.length}(\\+|$)`));
  assert.equal(known.description.trimEnd(), plkd('describe', model).trimEnd());
  assert.equal(counts.summary().cells, 300);
  assert.ok(counts.summary().columns.includes('cell_type'));
  const column = valueOf(counts.column('cell_type'));
  assert.equal(column.code.length, 300);
  assert.ok(column.code.every((code) => code >= 0 && code < column.categories.length));
  const found = query.summary();
  assert.equal(found.kind, 'counts');
  assert.equal(found.modelGenes, known.genes);
  assert.equal(found.matched, found.matchedById + found.matchedBySymbol + found.matchedByAlias + found.matchedByOrthologue);
  assert.equal(found.organism, 'human');
  assert.match(found.organismEvidence, /symbols/);
  assert.equal(found.passes, true);
  assert.deepEqual(found.problems, []);
  const anyway = valueOf(core.openQueryAnyway(opened, counts, false, []));
  assert.deepEqual(anyway.summary(), found);
  // Human cells on a human model: that it knows mouse names changes nothing.
  assert.equal(valueOf(core.openQueryAnyway(opened, counts, true, [])).summary().matched, found.matched);
  const small = valueOf(core.openModel(readFileSync(atRoot('models/tiny.onnx')), 'tiny.onnx'));
  const withOrthologues = core.openQueryAnyway(small, counts, true, []);
  assert.equal(withOrthologues.ok, false);
  assert.match(withOrthologues.message, /knows no orthologues/);
  assert.equal(found.missing.length, found.modelGenes - found.matched);
  assert.match(core.version(), /^\d+\.\d+\.\d+$/);
});

test('another engine gets the expression and has its logits turned into the same labels', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const opened = openModel(core);
  const query = valueOf(core.openQuery(opened, valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  const { classes, genes } = opened.summary();
  const expression = valueOf(query.expression(10, 30));
  assert.equal(expression.cells, 20);
  assert.equal(expression.genes, genes);
  assert.equal(expression.rowBegin.length, 21);
  assert.equal(expression.rowBegin[20], expression.gene.length);
  assert.equal(expression.gene.length, expression.value.length);
  assert.ok(expression.gene.every((gene) => gene < genes));

  // An engine that is sure of class 1 for every cell.
  const logits = new Float32Array(20 * classes.length);
  for (let cell = 0; cell < 20; ++cell) logits[cell * classes.length + 1] = 50;
  const map = Float32Array.from({ length: 40 }, (_, i) => i);
  const latent = new Float32Array(20 * Number(opened.summary().architecture.match(/-(\d+)-\d+(?:\+|$)/)[1]));
  const decided = valueOf(query.decide(10, logits, latent, map, [0.05]));
  assert.ok(decided.best.every((best) => best === 1));
  assert.ok(decided.probability.every((probability) => probability > 0.999));
  assert.deepEqual(decided.map, map);

  const refused = query.decide(10, logits.subarray(1), latent, map, [0.05]);
  assert.equal(refused.ok, false);
  assert.equal(refused.kind, 'Internal');

  // One range is decided on while the next is at work; of older ones nothing is left.
  valueOf(query.scaledCounts(30, 50));
  assert.deepEqual(valueOf(query.decide(10, logits, latent, map, [0.05])), decided);
  valueOf(query.expression(50, 70));
  assert.match(query.decide(10, logits, latent, map, [0.05]).message, /not of the last two ranges/);
});

// What an engine makes of counts that are not scaled yet.
function logScaled({ cells, rowBegin, scale, wordsPerEntry, words }) {
  const floats = new Float32Array(words.buffer);
  const [gene, value] = [[], []];
  for (let cell = 0; cell < cells; ++cell) {
    for (let entry = rowBegin[cell]; entry < rowBegin[cell + 1]; ++entry) {
      const word = words[wordsPerEntry * entry];
      gene.push(wordsPerEntry === 1 ? word & 0xffff : word);
      const count = wordsPerEntry === 1 ? word >>> 16 : floats[2 * entry + 1];
      value.push(Math.log1p(Math.fround(count * scale[cell])));
    }
  }
  return { gene, value };
}

test('scaled counts are the expression before its logarithm, whatever was done to the counts', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const opened = openModel(core);
  const query = valueOf(core.openQuery(opened, valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  const { genes } = opened.summary();
  const isSame = () => {
    const expression = valueOf(query.expression(0, 50));
    const scaled = valueOf(query.scaledCounts(0, 50));
    const { gene, value } = logScaled(scaled);
    assert.deepEqual(scaled.rowBegin, expression.rowBegin);
    assert.deepEqual(gene, Array.from(expression.gene));
    for (const [at, expected] of expression.value.entries()) assert.ok(Math.abs(value[at] - expected) <= 4e-7 * expected);
    return scaled.wordsPerEntry;
  };
  assert.equal(isSame(), 1, 'counts of the file fit half a word');
  valueOf(query.scale(Float32Array.from({ length: genes }, (_, gene) => 0.5 + gene / genes), new Int32Array(0)));
  assert.equal(isSame(), 2, 'counts divided by a factor do not');
});

test('chosen cells come with their scores', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const opened = openModel(core);
  const query = valueOf(core.openQuery(opened, valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  const { expression, patterns } = valueOf(query.chosen(Uint32Array.of(3, 4, 200)));
  const alone = [3, 4, 200].map((cell) => valueOf(query.expression(cell, cell + 1)));
  assert.equal(expression.cells, 3);
  assert.deepEqual([...expression.value], alone.flatMap(({ value }) => [...value]));
  assert.deepEqual([...expression.gene], alone.flatMap(({ gene }) => [...gene]));
  const count = opened.summary().patterns;
  assert.equal(patterns.length, 3 * count);
  assert.deepEqual(patterns.subarray(2 * count), valueOf(query.patterns(200, 201)));
});

test('labels at several error rates are those at each alone, and the rest is shared', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const query = valueOf(core.openQuery(openModel(core), valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  const rates = [0.02, 0.05, 0.2];
  const { choices, ...columns } = valueOf(query.annotate(0, 300, rates));
  rates.forEach((rate, k) => {
    const { choices: [alone], ...same } = valueOf(query.annotate(0, 300, [rate]));
    assert.deepEqual(choices[k], alone);
    assert.deepEqual(same, columns);
  });
  assert.deepEqual(valueOf(query.annotate(0, 300, [])).choices, []);
});

test('genes have names and log-normalised values', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const opened = openModel(core);
  const counts = valueOf(core.openCounts('/cells/simulated.h5ad', ''));
  const query = valueOf(core.openQuery(opened, counts));
  const explorer = valueOf(core.explore(query));
  const names = valueOf(explorer.geneNames());
  assert.equal(names.length, counts.summary().genes);
  const cd3e = names.indexOf('CD3E'), lyz = names.indexOf('LYZ');
  const values = valueOf(explorer.geneValues([lyz, cd3e, lyz], 10, 300));
  assert.equal(values.length, 3 * 290);
  assert.deepEqual(values.subarray(0, 290), values.subarray(580));
  const { code, categories } = valueOf(counts.column('cell_type'));
  const mean = (gene, type) => {
    const of = [...code.subarray(10)].map((t, cell) => [t, values[gene * 290 + cell]]).filter(([t]) => categories[t].includes(type));
    return of.reduce((sum, [, value]) => sum + value, 0) / of.length;
  };
  assert.ok(mean(0, 'monocyte') > mean(0, 'T cell') + 1);
  assert.ok(mean(1, 'T cell') > mean(1, 'monocyte') + 0.3);
  assert.equal(explorer.geneValues([names.length], 0, 10).kind, 'Internal');
  for (const handle of [explorer, query, counts, opened]) handle.delete();
});

// What the model can do: one of format 1 neither promises nor adapts.
const able = openModel(await coreWith([])).summary();

test('a promise is stated for the shift of the query', { skip: able.promise.length > 0 ? false : 'the model promises nothing' }, async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const opened = openModel(core);
  const query = valueOf(core.openQuery(opened, valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  const { promise, ece } = opened.summary();
  assert.ok(ece >= 0 && ece < 0.2);
  promise.forEach(({ target, error, coverage }) => assert.ok(error <= target && coverage > 0 && coverage <= 1));
  const like = query.promised(0.05, 0.5, 0.05);
  assert.equal(like.isShifted, false);
  assert.equal(like.target, promise.filter(({ target }, k) => target <= 0.05 || k === 0).at(-1).target);
  // Simulated cells have half of the blood model's genes.
  const { matched, modelGenes } = query.summary();
  const missing = Math.round(100 * (1 - matched / modelGenes));
  assert.ok(missing > 40 && like.error > like.likeReference);
  assert.ok(like.statement.includes(`wrong on cells like the reference; ${missing} % of what the model takes is missing here: expect at least`), like.statement);
  const beyond = query.promised(0.05, 0.999, 0.9);
  assert.equal(beyond.isPromised, false);
  assert.equal(beyond.error, null);
  assert.match(beyond.statement, /nothing is promised/);
});

test('a query is adapted to in steps, and its scaling moves to another worker', { skip: able.adapts ? false : 'the model keeps no class means' }, async () => {
  const queryIn = async () => {
    const core = await coreWith([new DiskFile(simulated)]);
    return valueOf(core.openQuery(openModel(core), valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  };
  const query = await queryIn();
  const before = annotated(query, 0, 300).probability;
  const batch = Int32Array.from({ length: 300 }, (_, cell) => cell % 2);
  valueOf(query.startAdapting(batch));
  let progress = 0;
  for (let steps = 0; progress < 1; steps++) {
    assert.ok(steps < 100);
    const next = valueOf(query.adaptFurther());
    assert.ok(next > progress);
    progress = next;
  }
  const { factor, batch: kept } = query.scaling();
  assert.equal(factor.length, 2 * able.genes);
  assert.deepEqual(kept, batch);
  const adapted = annotated(query, 0, 300).probability;
  assert.notDeepEqual(adapted, before);

  const other = await queryIn();
  valueOf(other.scale(factor, kept));
  assert.deepEqual(annotated(other, 0, 300).probability, adapted);
  valueOf(other.scale(new Float32Array(), new Int32Array()));
  assert.deepEqual(annotated(other, 0, 300).probability, before);
  assert.equal(other.scale(factor.subarray(1), kept).kind, 'Internal');
  assert.equal(other.startAdapting(batch.subarray(1)).kind, 'Internal');
  assert.equal(other.adaptFurther().ok, false);
});

test('what one worker finds of where the types lie in a query moves to another', async () => {
  const queryIn = async () => {
    const core = await coreWith([new DiskFile(simulated)]);
    return valueOf(core.openQuery(openModel(core), valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  };
  const query = await queryIn();
  const before = annotated(query, 0, 300);
  assert.deepEqual(before.undisplacedScore, before.unknownScore);
  const { centre, allowance } = valueOf(query.findPlaces());
  assert.ok(centre.length > 0 && centre.length % able.classes.length === 0);
  assert.ok(allowance > 0);
  assert.deepEqual(annotated(query, 0, 300), before); // finding alone changes nothing

  const other = await queryIn();
  valueOf(other.setPlaces(centre, allowance));
  const displaced = annotated(other, 0, 300);
  assert.notDeepEqual(displaced.unknownScore, before.unknownScore);
  assert.deepEqual(displaced.undisplacedScore, before.unknownScore);
  assert.deepEqual(displaced.best, before.best);
  assert.equal(other.setPlaces(centre.subarray(1), allowance).kind, 'Internal');
});

test('adapted labels equal the command line\'s', { skip: able.adapts ? false : 'the model keeps no class means' }, async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const query = valueOf(core.openQuery(openModel(core), valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  valueOf(query.startAdapting(new Int32Array()));
  while (valueOf(query.adaptFurther()) < 1);
  const page = annotated(query, 0, 300);
  const out = join(folder, 'adapted.csv');
  plkd('annotate', '--adapt', '--model', model, '--cells', simulated, '--out', out, '--quiet');
  const rows = await readLabels(out);
  rows.forEach((row, cell) => {
    assert.equal(able.classes[page.best[cell]].name, row.best_label);
    assert.ok(Math.abs(page.probability[cell] - Number(row.best_probability)) < 1e-4); // factors are sums over cells
  });
});

test('patterns are scored for every cell and mark groups', { skip: able.explains ? false : 'the model scores no patterns' }, async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const opened = openModel(core);
  const query = valueOf(core.openQuery(opened, valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  const patterns = opened.patterns(5);
  assert.equal(patterns.length, able.patterns);
  patterns.forEach(({ name, topGenes }) => assert.ok(name.length > 0 && topGenes.length > 0 && topGenes.length <= 5));
  const scores = valueOf(query.patterns(0, 300));
  assert.equal(scores.length, 300 * patterns.length);
  const markers = valueOf(opened.markerPatterns(scores, annotated(query, 0, 300).best, able.classes.length));
  assert.ok(markers.length > 0);
  markers.forEach(({ pattern, auc, qValue }) => assert.ok(pattern < patterns.length && auc > 0.5 && qValue <= 0.05));
  assert.equal(opened.markerPatterns(scores.subarray(1), new Int32Array(300), 2).kind, 'Internal');
});

test('typed arrays are copies that later calls leave alone', async () => {
  const core = await coreWith([new DiskFile(simulated)]);
  const query = valueOf(core.openQuery(openModel(core), valueOf(core.openCounts('/cells/simulated.h5ad', ''))));
  const first = annotated(query, 0, 50);
  const kept = Float32Array.from(first.probability);
  annotated(query, 50, 300);
  assert.deepEqual(first.probability, kept);
  assert.equal(first.probability.byteLength, first.probability.buffer.byteLength);
});

function assertRefused(result, words) {
  assert.equal(result.ok, false);
  assert.equal(result.kind, 'BadInput');
  assert.match(result.message, words);
  assert.ok(result.hint.length > 0, result.message);
}

test('what cannot be read is refused by name, with a remedy', async () => {
  const bytes = readFileSync(simulated);
  writeFileSync(join(folder, 'truncated.h5ad'), bytes.subarray(0, bytes.length / 2));
  writeFileSync(join(folder, 'words.h5ad'), 'not a matrix at all');
  const core = await coreWith(['truncated.h5ad', 'words.h5ad'].map((name) => new DiskFile(join(folder, name))));
  assertRefused(core.openCounts('/cells/truncated.h5ad', ''), /truncated\.h5ad/);
  assertRefused(core.openCounts('/cells/words.h5ad', ''), /words\.h5ad/);
  assertRefused(core.openCounts('/cells/absent.h5ad', ''), /absent\.h5ad/);
  assertRefused(core.openModel(bytes, 'simulated.h5ad'), /simulated\.h5ad/);
  assertRefused(core.openModel(readFileSync(model).subarray(0, 5000), 'half.onnx'), /half\.onnx/);
});

test('a file that changes while it is read is a failed read, not a crash', async () => {
  const large = join(folder, 'large.h5ad'); // more than the core keeps of a file
  plkd('simulate', '--profile', 'pbmc', '--cells', '5000', '--out', large, '--quiet');
  const file = new DiskFile(large);
  const core = await coreWith([file]);
  const opened = openModel(core);
  const counts = valueOf(core.openCounts('/cells/large.h5ad', ''));
  file.read = () => {
    throw new DOMException('The file was changed', 'NotReadableError');
  };
  const result = core.openQuery(opened, counts);
  assertRefused(result, /large\.h5ad/);
  assert.equal(typeof core.version(), 'string'); // the core is still alive
});
