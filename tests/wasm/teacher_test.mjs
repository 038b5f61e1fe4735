// The Teacher that `plkd train --teacher-out` writes: in an engine that is not ours it says what the trained network said.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { modelWithTeacher, modelWithTeacherOfThree } from '../e2e/support/paths.mjs';
import { atRoot, coreWith, valueOf } from './core.mjs';
import { runTeacher } from './teacher.mjs';

const kTolerance = 1e-4; // seen 1e-7: the Teacher of this test is small

let folder;
let files;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plkd-teacher-'));
  files = await modelWithTeacher(folder); // 8 s
});
after(() => rmSync(folder, { recursive: true, force: true }));

const descriptionOf = (path) => {
  const bytes = readFileSync(path);
  return JSON.parse(bytes.subarray(bytes.lastIndexOf('{"classes"')).toString());
};

async function modelIn(path) {
  const core = await coreWith([]);
  return valueOf(core.openModel(readFileSync(path), 'model.onnx'));
}

test('its example comes out as it was trained, and every share of attention is one', (t) => checkExample(t, files.teacher));

test('so does that of a Teacher of three modalities, with an embedding for each', async (t) => {
  const { model, teacher } = await modelWithTeacherOfThree(folder);
  await checkExample(t, teacher);
  assert.deepEqual((await modelIn(model)).summary().inputs.map(({ name }) => name), ['rna', 'adt', 'atac']);
  assert.ok(descriptionOf(teacher).patterns.some((name) => name === 'all proteins'));
});

async function checkExample(t, teacher) {
  const { example, genes, patterns, classes } = descriptionOf(teacher);
  const cells = example.row_begin.length - 1;
  const expression = { cells, genes: genes.symbol.length, rowBegin: example.row_begin, gene: example.gene, value: example.value };
  const { logits, attention } = await runTeacher(teacher, expression);
  assert.deepEqual(logits.dims, [cells, classes.length]);
  assert.deepEqual(attention.dims, [cells, patterns.length]);
  const furthest = (found, expected) => found.data.reduce((far, value, k) => Math.max(far, Math.abs(value - expected[k])), 0);
  const differences = [furthest(logits, example.logits), furthest(attention, example.attention)];
  t.diagnostic(`largest differences: ${differences.map((value) => value.toExponential(1)).join(', ')}`);
  for (const difference of differences) assert.ok(difference <= kTolerance, String(difference));
  assert.ok(Math.max(...example.attention) > 100 * kTolerance, 'the tolerance is small beside what it allows for');
  for (let cell = 0; cell < cells; ++cell) {
    const shares = example.attention.slice(cell * patterns.length, (cell + 1) * patterns.length);
    assert.ok(shares.every((share) => share > 0) && shares.reduce((sum, share) => sum + share) < 1);
  }
}

test('the page takes it for its own model and for no other', async () => {
  const bytes = readFileSync(files.teacher);
  const own = await modelIn(files.model);
  const example = valueOf(own.teacherExample(bytes, 'teacher.onnx'));
  assert.equal(example.attention.length, example.expression.cells * own.summary().patterns);
  const others = (await modelIn(atRoot('models/tiny.onnx'))).teacherExample(bytes, 'teacher.onnx');
  assert.equal(others.kind, 'BadInput');
  assert.match(others.message, /^teacher\.onnx: the Teacher of another model \('with_teacher', [0-9a-f]{16}\)/);
  assert.match(others.message, /than the one that is open \('tiny', [0-9a-f]{16}\)$/);
  const model = own.teacherExample(readFileSync(files.model), 'model.onnx');
  assert.match(model.message, /^model\.onnx: not a Teacher/);
  const cut = own.teacherExample(bytes.subarray(0, bytes.length - 1000), 'teacher.onnx');
  assert.equal(cut.kind, 'BadInput');
});

test('a Teacher in the place of a model is called what it is', async () => {
  const core = await coreWith([]);
  const refused = core.openModel(readFileSync(files.teacher), 'teacher.onnx');
  assert.match(refused.message, /^teacher\.onnx: the Teacher of the model 'with_teacher', not a model$/);
});

test('an example that does not fit is damage', async () => {
  const text = readFileSync(files.teacher, 'latin1');
  const own = await modelIn(files.model);
  // One value of a pattern less, in as many bytes.
  const [list, first] = /"attention":\[([0-9.e-]+),/.exec(text);
  const damaged = text.replace(list, `"attention":[${' '.repeat(first.length + 1)}`);
  const path = join(folder, 'damaged.onnx');
  writeFileSync(path, damaged, 'latin1');
  assert.match(own.teacherExample(readFileSync(path), 'teacher.onnx').message, /its example does not fit/);
});
