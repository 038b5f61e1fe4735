// Files of other formats, dropped as they come: labelled as on the command line.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { annotate, chooseFiles, complaintOfPage, downloadLabels, openPage } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { complaintOfProgram, inRoot, labelsOfProgram, scratchFolder, tinyModel } from './support/paths.mjs';
import { profileGenes, writeTenx } from './support/tenx.mjs';

const kTolerance = 1e-5;
const kCells = 150;
const kManyCells = 8500; // from 8,192 on two workers are started

// The counts that writeTenx writes, cells x genes.
async function tableOf(folder) {
  const lines = (await readFile(join(folder, 'matrix.mtx'), 'utf8')).trimEnd().split('\n').slice(1);
  const [genes, cells] = lines[0].split(' ').map(Number);
  const table = Array.from({ length: cells }, () => new Array(genes).fill(0));
  for (const line of lines.slice(1)) {
    const [gene, cell, count] = line.split(' ').map(Number);
    table[cell - 1][gene - 1] = count;
  }
  return table;
}

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const csvOf = (rows, columns, table) =>
  [['', ...columns.map(quoted)], ...table.map((counts, k) => [quoted(rows[k]), ...counts])].map((fields) => `${fields.join(',')}\n`).join('');

test('tables either way up and archives get the labels of the 10x folder', async (t) => {
  const folder = await scratchFolder(t);
  const tenx = join(folder, 'tenx');
  const genes = await profileGenes();
  await writeTenx(tenx, { genes, cells: kCells });
  const names = (await readFile(join(tenx, 'barcodes.tsv'), 'utf8')).trimEnd().split('\n');
  const table = await tableOf(tenx);
  const turned = genes.map((_, gene) => table.map((counts) => counts[gene]));
  await writeFile(join(folder, 'cells.csv'), csvOf(names, genes, table));
  await writeFile(join(folder, 'genes.csv.gz'), gzipSync(csvOf(genes, names, turned)));
  execFileSync('tar', ['-C', folder, '-czf', join(folder, 'tenx.tar.gz'), 'tenx']);
  const expected = await readLabels(await labelsOfProgram({ model: tinyModel, query: tenx }, folder));
  const { page, errors } = await openPage(t);
  for (const name of ['cells.csv', 'genes.csv.gz', 'tenx.tar.gz']) {
    await chooseFiles(page, { model: tinyModel, query: join(folder, name) });
    await page.locator('.file-name', { hasText: name }).waitFor();
    await annotate(page);
    assertSameLabels(await readLabels((await downloadLabels(page)).path), expected, kTolerance);
    assert.match(await page.innerText('#engine-report'), /1 worker\b/);
  }
  assert.deepEqual(errors, []);
});

test('MatrixMarket in gzip and a table of cells in rows are read by several workers, a table of genes in rows by one', async (t) => {
  const folder = await scratchFolder(t);
  const tenx = join(folder, 'tenx');
  const genes = await profileGenes();
  const files = await writeTenx(tenx, { genes, cells: kManyCells });
  const names = (await readFile(join(tenx, 'barcodes.tsv'), 'utf8')).trimEnd().split('\n');
  const table = await tableOf(tenx);
  const turned = genes.map((_, gene) => table.map((counts) => counts[gene]));
  await writeFile(join(folder, 'cells.csv.gz'), gzipSync(csvOf(names, genes, table), { level: 1 }));
  await writeFile(join(folder, 'genes.csv.gz'), gzipSync(csvOf(genes, names, turned), { level: 1 }));
  const expected = await readLabels(await labelsOfProgram({ model: tinyModel, query: tenx }, folder));
  execFileSync('gzip', ['-1', ...files]);
  const packed = files.map((path) => `${path}.gz`);
  const { page, errors } = await openPage(t);
  await page.evaluate(() => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 5 }));
  for (const [query, workers] of [[packed, '2 workers'], [join(folder, 'cells.csv.gz'), '2 workers'], [join(folder, 'genes.csv.gz'), '1 worker']]) {
    await chooseFiles(page, { model: tinyModel, query });
    await annotate(page);
    assertSameLabels(await readLabels((await downloadLabels(page)).path), expected, kTolerance);
    assert.ok((await page.innerText('#engine-report')).includes(`C++ in WebAssembly, ${workers}.`));
  }
  assert.deepEqual(errors, []);
});

test('proteins beside the genes are said, of an h5mu and of a 10x file', async (t) => {
  const { page, errors } = await openPage(t);
  for (const [name, where] of [['cite.h5mu', 'mod:prot'], ['cite_tenx.h5', 'type:Antibody Capture']]) {
    await chooseFiles(page, { query: inRoot(`tests/golden/h5ad/${name}`) });
    const shown = page.locator('[aria-labelledby=cells-title]');
    await shown.getByText(name).waitFor();
    await shown.getByText(`2 proteins (${where}), without 1 isotype control`).waitFor();
    assert.match(await shown.innerText(), /\b5\s+genes\b/);
  }
  assert.deepEqual(errors, []);
});

test('another matrix of the file can be chosen', async (t) => {
  const { page } = await openPage(t);
  await chooseFiles(page, { query: inRoot('tests/golden/h5ad/layers.h5ad') });
  const shown = page.locator('[aria-labelledby=cells-title]');
  await shown.getByText("'layers/counts'").waitFor();
  assert.deepEqual(await page.locator('#slot option').allInnerTexts(), ['layers/counts (found by itself)', 'X', 'layers/counts', 'layers/ambient']);
  await page.selectOption('#slot', 'layers/ambient');
  await shown.getByText("'layers/ambient'").waitFor();
  await page.selectOption('#slot', '');
  await shown.getByText("'layers/counts'").waitFor();
});

test('an R file and a broken table are refused as on the command line', async (t) => {
  const folder = await scratchFolder(t);
  await writeFile(join(folder, 'seurat.rds'), gzipSync('X\n\0\0\0\x03\0\x04\x02\x01'));
  await writeFile(join(folder, 'ragged.csv'), ',CD3E,MS4A1,NKG7\nAAAC-1,1,0,2\nAAAG-1,1,0\n');
  const { page } = await openPage(t);
  for (const name of ['seurat.rds', 'ragged.csv']) {
    const query = join(folder, name);
    await chooseFiles(page, { query });
    assert.equal(await complaintOfPage(page), await complaintOfProgram({ model: tinyModel, query }, folder));
    await page.getByRole('button', { name: 'Dismiss' }).click();
  }
});
