// A model of three modalities, for every choice of those that were measured: the page's core gives the labels of the command line and the
// numbers of onnxruntime. The models are drawn at random but for what they know of the types' means: support/modality_files.cpp.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { assertSameLabels, readLabels } from '../e2e/support/labels.mjs';
import { atRoot, coreWith, denseOf, DiskFile, valueOf } from './core.mjs';
import { annotated, labelsOfQuery } from './page_labels.mjs';

const kLogitTolerance = 1e-3; // logits reach 500; seen 1e-4: sums in another order
const kLabelTolerance = 1e-5; // digits of labels.csv
const kModalities = ['rna', 'adt', 'atac'];
const kChoices = [['rna'], ['adt'], ['atac'], ['rna', 'adt'], ['rna', 'atac'], ['adt', 'atac'], kModalities];
const require = createRequire(atRoot('web/package.json'));
const ort = await import(pathToFileURL(require.resolve('onnxruntime-web')).href);
const plkd = (...words) => execFileSync(atRoot('build/release/bin/plkd'), words, { encoding: 'utf8', stdio: 'pipe' });

let folder;
let core;
let session;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plkd-modalities-'));
  execFileSync(atRoot('build/release/bin/plkd_modality_files'), [folder]);
  core = await coreWith(['cells.h5mu', 'cells_10x.h5'].map((name) => new DiskFile(join(folder, name))));
  session = await ort.InferenceSession.create(readFileSync(join(folder, 'three.onnx')), { executionProviders: ['wasm'] });
});
after(async () => {
  await session.release();
  rmSync(folder, { recursive: true, force: true });
});

const withoutFor = (present) => kModalities.filter((name) => !present.includes(name));

function openQuery(present, file = 'cells.h5mu') {
  const model = valueOf(core.openModel(readFileSync(join(folder, 'three.onnx')), 'three.onnx'));
  const counts = valueOf(core.openCounts(`/cells/${file}`, ''));
  return { model, counts, query: valueOf(core.openQueryAnyway(model, counts, false, withoutFor(present))) };
}

async function labelsOfProgram(present) {
  const out = join(folder, 'labels.csv');
  const without = withoutFor(present).flatMap((name) => ['--without', name]);
  plkd('annotate', '--quiet', '--model', join(folder, 'three.onnx'), '--cells', join(folder, 'cells.h5mu'), '--out', out, ...without);
  return readLabels(out);
}

// Features of one input as a tensor: what the core gives, whose numbers go over all modalities and their flags.
function tensorOf(expression, { first, features }) {
  const all = denseOf(expression);
  const part = new Float32Array(expression.cells * features);
  for (let cell = 0; cell < expression.cells; cell++)
    for (let k = 0; k < features; k++) part[cell * features + k] = all[cell * expression.genes + first + k];
  return new ort.Tensor('float32', part, [expression.cells, features]);
}

function largestDifference(a, b) {
  assert.equal(a.length, b.length);
  return a.reduce((largest, value, k) => Math.max(largest, Math.abs(value - b[k])), 0);
}

for (const present of kChoices) {
  test(`${present.join(' and ')}: command line, page and onnxruntime agree`, async (context) => {
    const { model, counts, query } = openQuery(present);
    const { cells } = counts.summary();
    const used = query.summary().modalities.filter(({ isUsed }) => isUsed);
    assert.deepEqual(used.map(({ name }) => name), present);
    const labels = labelsOfQuery(model, counts, query);
    assertSameLabels(labels, await labelsOfProgram(present), kLabelTolerance);

    const expression = valueOf(query.expression(0, cells));
    const feeds = Object.fromEntries(model.summary().inputs.map((input) => [input.name, tensorOf(expression, input)]));
    for (const name of withoutFor(present)) assert.ok(feeds[name].data.every((value) => value === 0), `${name} is zeros`);
    for (const name of present) assert.ok(feeds[name].data.some((value) => value > 0), `${name} is there`);
    const outputs = await session.run(feeds);
    const difference = largestDifference(valueOf(query.logits(0, cells)), outputs.logits.data);
    context.diagnostic(`largest difference of a logit: ${difference.toExponential(1)}`);
    assert.ok(difference <= kLogitTolerance, String(difference));
    assert.ok(largestDifference(annotated(query, 0, cells).map, outputs.map.data) <= kLogitTolerance);
    assert.ok(largestDifference(valueOf(query.patterns(0, cells)), outputs.patterns.data) <= kLogitTolerance);
    for (const handle of [query, counts, model]) handle.delete();
  });
}

test('every choice gives other probabilities, and a calibration of its own', () => {
  const seen = kChoices.map((present) => {
    const { model, counts, query } = openQuery(present);
    const probability = [...annotated(query, 0, 50).probability].join();
    const target = query.promised(0.05, 0.5, 0.05).likeReference;
    for (const handle of [query, counts, model]) handle.delete();
    return { probability, target };
  });
  assert.equal(new Set(seen.map(({ probability }) => probability)).size, kChoices.length);
  assert.ok(new Set(seen.map(({ target }) => target)).size > 3);
});

test('a file that lacks a modality gets the labels of one in which it is set aside', () => {
  const [lacking, setAside] = [openQuery(kModalities, 'cells_10x.h5'), openQuery(['rna', 'adt'])];
  const [absent, aside] = [lacking, setAside].map(({ query }) => query.summary().modalities[2]);
  assert.deepEqual([absent.isUsed, absent.isSetAside, absent.where], [false, false, '']);
  assert.deepEqual([aside.isUsed, aside.isSetAside, aside.where], [false, true, 'mod:atac']);
  const labels = ({ model, counts, query }) => labelsOfQuery(model, counts, query);
  assert.deepEqual(labels(lacking), labels(setAside));
  for (const { query, counts, model } of [lacking, setAside]) for (const handle of [query, counts, model]) handle.delete();
});

test('what was found of each modality is said', () => {
  const { model, counts, query } = openQuery(kModalities);
  const [rna, proteins, chromatin] = query.summary().modalities;
  assert.deepEqual([rna.matched, rna.features], [200, 200]);
  assert.deepEqual([proteins.matched, proteins.features, proteins.where, proteins.missing], [9, 10, 'mod:prot', ['CD127']]);
  assert.deepEqual([rna.isCompleted, proteins.isCompleted, chromatin.isCompleted], [false, true, false]);
  assert.deepEqual(proteins.controls, ['IgG1_control_TotalSeqB', 'Hashtag1']);
  assert.deepEqual([chromatin.matched, chromatin.features], [12, 12]);
  const { choices, inputs, genes } = model.summary();
  assert.equal(genes, 200);
  assert.deepEqual(inputs, [
    { name: 'rna', first: 0, features: 200 },
    { name: 'adt', first: 201, features: 10 },
    { name: 'atac', first: 212, features: 12 },
  ]);
  assert.deepEqual(choices[0].present, kModalities);
  assert.deepEqual(choices.map(({ present }) => present.join()).sort(), kChoices.map((present) => present.join()).sort());
  for (const handle of [query, counts, model]) handle.delete();
});

test('proteins have values whether the model takes them or not', () => {
  const model = valueOf(core.openModel(readFileSync(atRoot('models/tiny.onnx')), 'tiny.onnx'));
  const counts = valueOf(core.openCounts('/cells/cells_10x.h5', ''));
  const query = valueOf(core.openQuery(model, counts));
  assert.deepEqual(query.summary().modalities, []);
  const explorer = valueOf(core.explore(query));
  const { names, areCounts } = valueOf(explorer.proteins());
  assert.deepEqual([names.length, areCounts], [9, true]);
  assert.ok(!names.some((name) => /IgG|Hashtag/.test(name)));
  const cd14 = names.indexOf('CD14');
  const both = valueOf(explorer.proteinValues([cd14, 0], 10, 60));
  assert.equal(both.length, 100);
  assert.deepEqual(valueOf(explorer.proteinValues([cd14], 10, 60)), both.slice(0, 50));
  assert.equal(explorer.proteinValues([99], 0, 1).kind, 'Internal');
  for (const handle of [explorer, query, counts, model]) handle.delete();
});
