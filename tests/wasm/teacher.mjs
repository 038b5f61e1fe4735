// A Teacher's file in onnxruntime under Node, on cells that our core prepared.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atRoot, coreWith, denseOf, DiskFile, valueOf } from './core.mjs';

const require = createRequire(atRoot('web/package.json'));
const ort = await import(pathToFileURL(require.resolve('onnxruntime-web')).href);

// What the Teacher gives: {logits, attention}, each with dims and data.
export async function runTeacher(teacher, expression) {
  const session = await ort.InferenceSession.create(readFileSync(teacher), { executionProviders: ['wasm'] });
  const outputs = await session.run({ rna: new ort.Tensor('float32', denseOf(expression), [expression.cells, expression.genes]) });
  await session.release();
  return outputs;
}

// Of every cell of a file, by the names of the patterns: [cells] of {pattern: attention}.
export async function attentionOf({ model, teacher, query }, cells) {
  const core = await coreWith([new DiskFile(query)]);
  const opened = valueOf(core.openModel(readFileSync(model), basename(model)));
  const handle = valueOf(core.openQuery(opened, valueOf(core.openCounts(`/cells/${basename(query)}`, ''))));
  const names = opened.patterns(1).map(({ name }) => name);
  const { attention } = await runTeacher(teacher, valueOf(handle.expression(0, cells)));
  return Array.from({ length: cells }, (_, cell) =>
    Object.fromEntries(names.map((name, k) => [name, attention.data[cell * names.length + k]])),
  );
}
