// How much of a file the page's core reads from opening it to the last label, in bytes: no clock, so no noise. 15 s: writes and reads
// 95 MB of text.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { atRoot, coreWith, DiskFile, valueOf } from './core.mjs';

const model = atRoot('models/pbmc.onnx');
const kCells = 16_000;
const kGenesSeen = 500; // in a cell, of the model's

// 10x MatrixMarket of the model's own genes, gzip.
function tenxFiles(folder, symbols) {
  const stride = Math.floor(symbols.length / kGenesSeen);
  const lines = ['%%MatrixMarket matrix coordinate integer general', `${symbols.length} ${kCells} ${kCells * kGenesSeen}`];
  const line = (cell, k) => `${1 + k * stride + ((cell * 7 + k) % stride)} ${cell + 1} ${1 + ((cell * 31 + k * 17) % 5)}`;
  for (let cell = 0; cell < kCells; cell++) lines.push(Array.from({ length: kGenesSeen }, (_, k) => line(cell, k)).join('\n'));
  const texts = {
    'matrix.mtx.gz': `${lines.join('\n')}\n`,
    'features.tsv.gz': symbols.map((name) => `${name}\t${name}\tGene Expression\n`).join(''),
    'barcodes.tsv.gz': Array.from({ length: kCells }, (_, cell) => `cell_${cell}\n`).join(''),
  };
  return Object.entries(texts).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, gzipSync(text, { level: 1 }));
    return new DiskFile(path);
  });
}

test('MatrixMarket.gz is unpacked twice from its opening to the last label, and samples cost pieces', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plkd-reading-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const core = await coreWith([]);
  const described = valueOf(core.openModel(readFileSync(model), 'pbmc.onnx'));
  const symbols = [...new Set(described.patterns(1000).flatMap(({ topGenes }) => topGenes))];
  const files = tenxFiles(folder, symbols);
  const [matrix] = files;
  core.FS.unmount('/cells');
  core.FS.mount(core.WORKERFS, { files }, '/cells');
  const passes = () => {
    const share = matrix.bytesRead / matrix.size;
    matrix.bytesRead = matrix.reads = 0;
    return share;
  };

  const counts = valueOf(core.openCounts('/cells', ''));
  const opened = passes();
  const query = valueOf(core.openQuery(described, counts));
  const lookedAt = passes();
  valueOf(query.findPlaces());
  const sampled = passes();
  for (let first = 0; first < kCells; first += 512) valueOf(query.annotate(first, Math.min(kCells, first + 512), [0.05]));
  const mbARead = matrix.size / matrix.reads / 1e6;
  const annotated = passes();
  t.diagnostic(`of the file: opening ${opened.toFixed(2)}, values ${lookedAt.toFixed(2)}, an eighth of the cells in 32 places ${sampled.toFixed(2)}, all ${annotated.toFixed(2)}, ${mbARead.toFixed(2)} MB a read`);
  assert.ok(opened < 1.05);
  assert.ok(lookedAt < 0.3); // ten places: whole blocks, and half of what lies between two marks
  assert.ok(sampled < 0.85); // likewise
  assert.ok(annotated < 1.05);
  assert.ok(mbARead > 0.8); // where it is read on and on, 1 MB at once

  const another = await coreWith(files);
  passes();
  const again = valueOf(another.reopenCounts('/cells', '', counts.index()));
  const reopened = passes();
  const half = valueOf(another.openQuery(valueOf(another.openModel(readFileSync(model), 'pbmc.onnx')), again));
  const lookedAgain = passes();
  for (let first = kCells / 2; first < kCells; first += 512) valueOf(half.annotate(first, Math.min(kCells, first + 512), [0.05]));
  const annotatedHalf = passes();
  t.diagnostic(`another core: opening ${reopened.toFixed(3)}, values ${lookedAgain.toFixed(2)}, the second half ${annotatedHalf.toFixed(2)}`);
  assert.ok(reopened < 0.02);
  assert.ok(lookedAgain < 0.3);
  assert.ok(annotatedHalf < 0.55);
});
