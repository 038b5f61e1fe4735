// The model file in an engine that is not ours: onnxruntime's WebAssembly build, under Node, on the cells our core prepared.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { atRoot, coreWith, denseOf, DiskFile, valueOf } from './core.mjs';

const kTolerance = 1e-4; // seen 3e-6: sums in another order
const require = createRequire(atRoot('web/package.json'));
const ort = await import(pathToFileURL(require.resolve('onnxruntime-web')).href);

function largestDifference(a, b) {
  assert.equal(a.length, b.length);
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b[at])), 0);
}

for (const name of ['tiny', 'pbmc']) {
  test(`${name}.onnx gives onnxruntime's logits`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'plkd-ort-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const cells = join(folder, 'cells.h5ad');
    execFileSync(atRoot('build/release/bin/plkd'), ['simulate', '--cells', '100', '--seed', '9', '--out', cells, '--quiet']);

    const bytes = readFileSync(atRoot(`models/${name}.onnx`));
    const core = await coreWith([new DiskFile(cells)]);
    const model = valueOf(core.openModel(bytes, name));
    const query = valueOf(core.openQuery(model, valueOf(core.openCounts('/cells/cells.h5ad', ''))));
    const expression = valueOf(query.expression(0, 100));
    const ours = valueOf(query.logits(0, 100));

    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    const input = new ort.Tensor('float32', denseOf(expression), [expression.cells, expression.genes]);
    const outputs = await session.run({ rna: input });
    assert.deepEqual(outputs.logits.dims, [100, model.summary().classes.length]);
    assert.equal(outputs.latent.dims[0], 100);
    const difference = largestDifference(ours, outputs.logits.data);
    assert.ok(difference < kTolerance, `logits differ by ${difference}`);
    const labels = valueOf(query.annotate(0, 100, [0.05]));
    assert.ok(largestDifference(labels.map, outputs.map.data) < kTolerance);
    assert.ok(largestDifference(valueOf(query.patterns(0, 100)), outputs.patterns.data) < kTolerance);
    context.diagnostic(`largest difference of a logit: ${difference.toExponential(1)}`);
    await session.release();
  });
}
