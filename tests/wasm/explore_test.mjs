// What the page asks beside labels: genes of groups, unknown cells, layouts, and cells as a noisier experiment would have seen them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { atRoot, coreWith, DiskFile, valueOf } from './core.mjs';

const kCells = 600;
const model = process.env.PLKD_MODEL ?? atRoot('models/pbmc.onnx');
const kNoNoise = { depth: 1, dropout: 0, seed: 1 };

let folder;
let opened; // {core, model, counts, query, explorer}
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plkd-explore-'));
  const simulated = join(folder, 'simulated.h5ad');
  const words = ['simulate', '--profile', 'pbmc', '--cells', String(kCells), '--seed', '3', '--out', simulated, '--quiet'];
  execFileSync(atRoot('build/release/bin/plkd'), words);
  const core = await coreWith([new DiskFile(simulated)]);
  const read = valueOf(core.openModel(readFileSync(model), 'pbmc.onnx'));
  const counts = valueOf(core.openCounts('/cells/simulated.h5ad', ''));
  const query = valueOf(core.openQuery(read, counts));
  opened = { core, model: read, counts, query, explorer: valueOf(core.explore(query)) };
});
after(() => {
  for (const handle of [opened.explorer, opened.query, opened.counts, opened.model]) handle.delete();
  rmSync(folder, { recursive: true, force: true });
});

function annotated(first = 0, end = kCells) {
  const { choices, ...columns } = valueOf(opened.query.annotate(first, end, [0.05]));
  return { ...columns, ...choices[0] };
}

// By the cells' true types.
function profile(top) {
  const { explorer, counts } = opened;
  const { code, categories } = valueOf(counts.column('cell_type'));
  valueOf(explorer.startProfile(categories.length));
  for (let first = 0; first < kCells; first += 250) {
    const end = Math.min(first + 250, kCells);
    valueOf(explorer.addToProfile(first, end, code.subarray(first, end)));
  }
  return { ...valueOf(explorer.profiled(top)), categories, code };
}

test('groups have the marker genes that the field knows', () => {
  const { markers, cells, categories, code } = profile(15);
  assert.equal(cells.reduce((sum, n) => sum + n), kCells);
  categories.forEach((_, group) => assert.equal(cells[group], code.filter((of) => of === group).length));
  const of = (type) => markers.filter(({ group }) => categories[group].startsWith(type)).map(({ name }) => name);
  assert.ok(of('B cell').includes('CD79A'), of('B cell').join());
  assert.ok(of('CD14').includes('S100A9') || of('CD14').includes('LYZ'), of('CD14').join());
  assert.ok(of('NK').includes('NKG7') || of('natural').includes('NKG7'), categories.join());
  markers.forEach(({ group, qValue, difference, score, shareIn }, k) => {
    assert.ok(qValue <= 0.05 && difference > 0 && shareIn > 0);
    const before = markers[k - 1];
    if (before?.group === group) assert.ok(before.score >= score);
    else assert.ok(!before || before.group < group);
  });
});

test('means of groups are those of the genes\' values, and pattern means those of the scores', () => {
  const { patternMean, cells, categories, code } = profile(1);
  const names = valueOf(opened.explorer.geneNames());
  const genes = [names.indexOf('CD79A'), names.indexOf('LYZ')];
  const { mean, share } = valueOf(opened.explorer.geneMeans(genes));
  const values = valueOf(opened.explorer.geneValues(genes, 0, kCells));
  const scores = valueOf(opened.query.patterns(0, kCells));
  const patterns = scores.length / kCells;
  categories.forEach((_, group) => {
    genes.forEach((_, k) => {
      const inside = values.subarray(k * kCells, (k + 1) * kCells).filter((_, cell) => code[cell] === group);
      assert.ok(Math.abs(mean[group * 2 + k] - inside.reduce((sum, x) => sum + x, 0) / cells[group]) < 1e-5);
      assert.ok(Math.abs(share[group * 2 + k] - inside.filter((x) => x > 0).length / cells[group]) < 1e-6);
    });
    if (patterns === 0) return;
    const inside = code.reduce((sum, of, cell) => sum + (of === group ? scores[cell * patterns] : 0), 0) / cells[group];
    assert.ok(Math.abs(patternMean[group * patterns] - inside) < 1e-4);
  });
  assert.equal(opened.explorer.geneMeans([names.length]).kind, 'Internal');
});

test('unknown cells are grouped, others are not', () => {
  const columns = annotated();
  columns.kind.fill(0);
  assert.deepEqual(valueOf(opened.explorer.unknownGroups(columns)).groups, []);
  columns.kind.fill(2, 100);
  const { group, groups } = valueOf(opened.explorer.unknownGroups(columns));
  assert.ok(group.subarray(0, 100).every((of) => of === -1));
  groups.forEach(({ cells, nearest, medianLibrary, medianGenes }, k) => {
    assert.equal(group.filter((of) => of === k).length, cells);
    assert.ok(typeof nearest === 'string' && medianLibrary > medianGenes && medianGenes > 0);
    assert.ok(k === 0 || groups[k - 1].cells >= cells);
  });
  assert.ok(groups.length > 1); // blood has at least lymphocytes and monocytes
});

test('a layout moves step by step to the same places each time, and keeps types together', () => {
  const { map, best } = annotated();
  const finished = () => {
    let layout = valueOf(opened.explorer.startLayout(map, 7));
    const steps = new Set([layout.step]);
    assert.equal(layout.places.length, 0);
    for (let last = layout.share; layout.share < 1; last = layout.share) {
      layout = valueOf(opened.explorer.layOutFurther());
      assert.ok(layout.share >= last);
      if (layout.places.length > 0) assert.equal(layout.places.length, 2 * layout.cells.length);
      steps.add(layout.step);
    }
    assert.deepEqual([...steps].filter((step) => step !== 'placing'), ['reading', 'neighbours', 'moving', 'done']);
    return layout;
  };
  const { places, cells } = finished();
  assert.equal(cells.length, kCells);
  assert.ok(places.every(Number.isFinite));
  assert.deepEqual(finished().places, places);
  // How often a cell's nearest is of its own type.
  const own = Array.from({ length: kCells }, (_, cell) => {
    let [nearest, least] = [-1, Infinity];
    for (let other = 0; other < kCells; other++) {
      const d = (places[2 * cell] - places[2 * other]) ** 2 + (places[2 * cell + 1] - places[2 * other + 1]) ** 2;
      if (other !== cell && d < least) [nearest, least] = [other, d];
    }
    return best[nearest] === best[cell];
  }).filter(Boolean).length;
  assert.ok(own > 0.8 * kCells, `${own} of ${kCells}`);
  assert.equal(opened.explorer.startLayout(map.subarray(2), 7).kind, 'Internal');
});

test('without noise a walk and noisy labels are what annotate says', () => {
  const { explorer, query } = opened;
  assert.deepEqual(valueOf(explorer.annotateNoisy(0, kCells, kNoNoise, 0.05)), annotated());
  const { label, genes, hidden, probabilities, library, detected, patterns } = valueOf(explorer.walk(17, kNoNoise, 0.05, 12));
  assert.deepEqual(label, annotated(17, 18));
  assert.equal(genes.length, 12);
  genes.forEach(({ value }, k) => assert.ok(k === 0 || genes[k - 1].value >= value));
  assert.ok(library > detected && detected > 12);
  assert.ok(hidden.length > 0);
  assert.ok(Math.abs(probabilities.reduce((sum, p) => sum + p, 0) - 1) < 1e-5);
  assert.equal(Math.max(...probabilities), label.probability[0]);
  assert.deepEqual(patterns, valueOf(query.patterns(17, 18)));
});

test('noise takes counts from a cell, the same in whatever range it is read', () => {
  const { explorer } = opened;
  const noise = { depth: 0.3, dropout: 0.3, seed: 5 };
  const noisy = valueOf(explorer.annotateNoisy(0, kCells, noise, 0.05));
  const part = valueOf(explorer.annotateNoisy(200, 260, noise, 0.05));
  assert.deepEqual(part.probability, noisy.probability.slice(200, 260));
  const [clean, walked] = [kNoNoise, noise].map((of) => valueOf(explorer.walk(230, of, 0.05, 5)));
  assert.deepEqual(walked.label.probability, noisy.probability.slice(230, 231));
  assert.ok(walked.library < 0.35 * clean.library && walked.library > 0.1 * clean.library);
  assert.ok(walked.genes.every(({ count }) => Number.isInteger(count)));
  assert.notDeepEqual(valueOf(explorer.annotateNoisy(0, kCells, { ...noise, seed: 6 }, 0.05)).probability, noisy.probability);
});

test('what was not started is refused', () => {
  const explorer = valueOf(opened.core.explore(opened.query));
  assert.equal(explorer.layOutFurther().kind, 'Internal');
  assert.equal(explorer.geneMeans([0]).kind, 'Internal');
  assert.equal(explorer.profiled(5).kind, 'Internal');
  explorer.delete();
});
