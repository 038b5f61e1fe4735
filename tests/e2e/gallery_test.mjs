// Models beside the page: offered, suggested from the cells, kept by the browser, and linked to.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test from 'node:test';
import { annotate, chooseFiles, complaintOfPage, downloadLabels, openPage } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { fetalCortex, inRoot, labelsOfProgram, mouseCells, realFiles, scratchFolder, simulatedQuery, site } from './support/paths.mjs';

const kTolerance = 1e-5; // wasm and native sum in other orders

test('the gallery lists the models that lie there, as they are', async (t) => {
  const gallery = JSON.parse(await readFile(inRoot('models/gallery.json'), 'utf8'));
  for (const { file, bytes, digest } of gallery) {
    const model = await readFile(join(site, 'models', file));
    assert.equal(model.length, bytes, `${file}: node models/write_gallery.mjs brings models/gallery.json up to date`);
    assert.equal(createHash('sha256').update(model).digest('hex').slice(0, 12), digest);
  }
  const { page, requests } = await openPage(t);
  assert.equal(await page.locator('.gallery li').count(), gallery.length);
  await page.click('#gallery > summary');
  const shown = await page.innerText('.gallery');
  for (const { name, types } of gallery) assert.ok(shown.includes(name) && shown.includes(`${types.length} types`), name);
  assert.ok(!requests.some((url) => url.includes('.onnx')), 'models are fetched when somebody wants one');
});

test('cells without a model get the one that fits them, and can be annotated at once', async (t) => {
  const folder = await scratchFolder(t);
  const { query } = realFiles ?? (await simulatedQuery(folder, 400));
  const { page, errors } = await openPage(t);
  await chooseFiles(page, { query });
  await page.locator('.suggestion').waitFor();
  assert.match(await page.innerText('.suggestion'), /^Human blood fits best/);
  await page.waitForSelector('.match h2');
  assert.match(await page.innerText('[aria-labelledby=model-title] .file-name'), /^Human blood/);
  await annotate(page);
  const files = { query, model: inRoot('models/pbmc.onnx') };
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder)), kTolerance);
  assert.deepEqual(errors, []);
});

test('mouse cells are tried with mouse models only', { skip: !mouseCells && 'no ../shared/data' }, async (t) => {
  const { page, requests } = await openPage(t);
  await chooseFiles(page, { query: mouseCells });
  await page.locator('.suggestion').waitFor();
  assert.match(await page.innerText('.suggestion'), /^Mouse immune cells fits best/);
  assert.ok(!requests.some((url) => /pbmc|pancreas|cell_lines/.test(url)));
});

test('cells of a tissue that no model knows are given none', { skip: !fetalCortex && 'no ../shared/data' }, async (t) => {
  const { page } = await openPage(t);
  await chooseFiles(page, { query: fetalCortex });
  await page.getByText('None of the models here fits these cells well').waitFor();
  assert.ok(await page.isDisabled('#annotate'));
  assert.equal(await page.locator('.fit').count(), 3);
});

test('a model can be taken before any cells, and replaced', async (t) => {
  const { page } = await openPage(t);
  await page.click('#gallery > summary');
  await page.click('[data-model="pancreas.onnx"]');
  await page.locator('[aria-labelledby=model-title] .file-name', { hasText: 'Human pancreas' }).waitFor();
  assert.ok(await page.isDisabled('[data-model="pancreas.onnx"]'));
  await page.click('[data-model="cell_lines.onnx"]');
  await page.locator('[aria-labelledby=model-title] .file-name', { hasText: 'Lung cancer' }).waitFor();
});

test('a model that was used is kept, and works without a network', async (t) => {
  const { page, server } = await openPage(t, { serviceWorkers: 'allow' });
  await page.getByText('It also opens without a network from now on.').waitFor();
  await page.reload(); // now the service worker answers for the page
  await page.click('#gallery > summary');
  await page.click('[data-model="pbmc.onnx"]');
  await page.locator('.gallery li:has([data-model="pbmc.onnx"]) .stored').waitFor({ state: 'attached' });
  assert.equal(await page.locator('.stored').count(), 1);
  server.close();
  server.closeAllConnections();
  await page.reload();
  await page.click('#gallery > summary');
  await page.click('[data-model="pbmc.onnx"]');
  await chooseFiles(page, { query: (await simulatedQuery(await scratchFolder(t), 200)).query });
  await annotate(page);
  assert.equal(await page.getAttribute('#engine-report', 'data-cells'), '200');
});

test('a link opens the page with a model, but for one on another host', async (t) => {
  const { page, origin } = await openPage(t, { path: '/?model=models/pancreas.onnx' });
  await page.locator('[aria-labelledby=model-title] .file-name', { hasText: 'Human pancreas' }).waitFor();
  await page.goto(`${origin}/?model=https://example.org/some.onnx`);
  assert.match(await complaintOfPage(page), /another host, and this page connects to none; download the model there/);
  await page.goto(`${origin}/?model=models/none.onnx`);
  assert.match(await complaintOfPage(page), /none\.onnx: the model could not be loaded/);
});

test('the first load is small', async (t) => {
  const { page } = await openPage(t);
  const names = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  assert.ok(names.length > 0 && !names.some((name) => name.endsWith('.onnx')));
  // Hosts compress; the core and the worker are what the first file needs, too.
  const { gzipSync } = await import('node:zlib');
  const { readdirSync } = await import('node:fs');
  const files = readdirSync(join(site, 'assets')).filter((name) => !/^ort[.-]/.test(name)).map((name) => join(site, 'assets', name));
  let bytes = gzipSync(await readFile(join(site, 'index.html'))).length;
  for (const file of files) bytes += (await stat(file)).size > 0 ? gzipSync(await readFile(file), { level: 9 }).length : 0;
  t.diagnostic(`${(bytes / 1e6).toFixed(2)} MB compressed`);
  assert.ok(bytes <= 1.5e6, `${bytes} bytes`);
});
