// Adapting to a file: as the command line does, all cells together or batch by batch; stoppable.
import assert from 'node:assert/strict';
import test from 'node:test';
import { annotate, chooseFiles, downloadLabels, openPage } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { labelsOfProgram, modelWithout, scratchFolder, simulatedQuery } from './support/paths.mjs';

const kTolerance = 1e-4; // factors come from sums over all cells, which wasm and native take in other orders; seen 4e-6

async function labelsOfPage(page) {
  await annotate(page);
  return readLabels((await downloadLabels(page)).path);
}

test('adapted labels are those of the command line, with and without batches, on both engines', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 400, { batches: 2 });
  const program = async (options) => readLabels(await labelsOfProgram(files, folder, options));
  const [plain, together, apart] = [await program([]), await program(['--adapt']), await program(['--adapt', '--batch', 'batch'])];
  const probabilities = (labels) => labels.map(({ best_probability }) => best_probability);
  assert.notDeepEqual(probabilities(plain), probabilities(together), 'adapting changes something on these cells');
  assert.notDeepEqual(probabilities(together), probabilities(apart), 'and so do batches');

  const { page, errors } = await openPage(t);
  await chooseFiles(page, files);
  assertSameLabels(await labelsOfPage(page), plain, kTolerance);
  await page.click('#adapt');
  await page.waitForSelector('#batch');
  assertSameLabels(await labelsOfPage(page), together, kTolerance);
  assert.match(await page.innerText('#engine-report'), /Adapted to this file\./);
  await page.selectOption('#batch', 'batch');
  assertSameLabels(await labelsOfPage(page), apart, kTolerance);
  assert.match(await page.innerText('#engine-report'), /Adapted to this file, each batch by itself/);
  await page.selectOption('#engine', 'webgpu');
  assertSameLabels(await labelsOfPage(page), apart, kTolerance);
  await page.selectOption('#engine', 'wasm');
  await page.click('#adapt');
  assertSameLabels(await labelsOfPage(page), plain, kTolerance);
  assert.deepEqual(errors, []);
});

test('helpers of a large query get the scaling that the first worker found', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 9000, { batches: 2 });
  const { page } = await openPage(t);
  await page.evaluate(() => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 5 }));
  await chooseFiles(page, files);
  await page.waitForSelector('#annotate:enabled');
  await page.click('#adapt');
  await page.selectOption('#batch', 'batch');
  const labels = await labelsOfPage(page);
  assert.match(await page.innerText('#engine-report'), /2 workers/);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder, ['--adapt', '--batch', 'batch'])), kTolerance);
});

test('Cancel stops adapting, and the next run is whole and not adapted', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 9000);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await page.waitForSelector('#annotate:enabled');
  await page.click('#adapt');
  await page.click('#annotate');
  await page.waitForSelector('[role=progressbar][aria-label^=Adapting]');
  await page.click('#cancel');
  await page.waitForSelector('#annotate:enabled');
  assert.equal(await page.locator('.results').count(), 0);
  assert.equal(await page.locator('.problem').count(), 0);
  await page.click('#adapt');
  assertSameLabels(await labelsOfPage(page), await readLabels(await labelsOfProgram(files, folder)), kTolerance);
});

test('only columns that can be batches are offered', async (t) => {
  const { page } = await openPage(t);
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 400, { batches: 2 }));
  await page.waitForSelector('#annotate:enabled');
  assert.equal(await page.isChecked('#adapt'), false);
  assert.equal(await page.locator('#batch').count(), 0);
  await page.click('#adapt');
  await page.waitForSelector('#batch');
  const names = await page.$$eval('#batch option', (options) => options.map(({ value }) => value));
  assert.deepEqual(names, ['', 'cell_type', 'cell_ontology_id', 'batch']);
});

test('a model without class means cannot adapt and says why', async (t) => {
  const folder = await scratchFolder(t);
  const { page } = await openPage(t);
  await chooseFiles(page, { ...(await simulatedQuery(folder, 200)), model: await modelWithout('class_means', folder) });
  await page.waitForSelector('#adapt');
  assert.ok(await page.isDisabled('#adapt'));
  assert.match(await page.innerText('#adapt-help'), /keeps no class means.*use one trained/);
  assert.equal((await labelsOfPage(page)).length, 200);
});
