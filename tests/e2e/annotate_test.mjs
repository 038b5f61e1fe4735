// The page and the command line say the same about every cell.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { annotate, chooseFiles, downloadLabels, openPage } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { labelsOfProgram, realFiles, scratchFolder, simulatedQuery, tinyModel } from './support/paths.mjs';
import { profileGenes, writeTenx } from './support/tenx.mjs';

const kTolerance = 1e-5; // wasm and native sum in other orders

async function compareWithProgram(t, page, files, options = []) {
  const folder = await scratchFolder(t);
  const expected = await readLabels(await labelsOfProgram(files, folder, options));
  const actual = await readLabels((await downloadLabels(page)).path);
  const largest = assertSameLabels(actual, expected, kTolerance);
  t.diagnostic(`${actual.length} cells, largest difference ${largest}`);
  return actual;
}

const onlyWithRealFiles = { skip: !realFiles && 'no ../shared/data or models/pbmc.onnx' };

test('all 2,638 real cells get the labels of the command line', onlyWithRealFiles, async (t) => {
  const { page, errors } = await openPage(t);
  await chooseFiles(page, realFiles);
  await annotate(page);
  const labels = await compareWithProgram(t, page, realFiles);
  assert.equal(labels.length, 2638);
  assert.equal(await page.getAttribute('#engine-report', 'data-cells'), '2638');
  assert.deepEqual(errors, []);
});

test('simulated cells get the labels of the command line, unknown or forced', async (t) => {
  const files = await simulatedQuery(await scratchFolder(t), 600);
  const { page } = await openPage(t);
  await chooseFiles(page, { query: files.query });
  await chooseFiles(page, { model: files.model });
  await annotate(page);
  assert.equal((await compareWithProgram(t, page, files)).length, 600);
  // The switch's own box is invisible under its drawing, so its label is clicked, as people do.
  await page.click('.switch');
  const forced = await compareWithProgram(t, page, files, ['--label-all']);
  assert.ok(forced.every(({ label }) => label !== 'unknown'));
  assert.equal((await downloadLabels(page)).name, 'simulated_600.labels.csv');
});

test('10x files with an archive prefix, dropped in two goes, read like the folder', async (t) => {
  const genes = await profileGenes();
  const plain = join(await scratchFolder(t), 'plain');
  await writeTenx(plain, { genes, cells: 150 });
  const paths = await writeTenx(join(await scratchFolder(t), 'gz'), { genes, cells: 150, prefix: 'GSM1_', gzip: true });
  const { page } = await openPage(t);
  await page.setInputFiles('#cells-input', paths.slice(0, 2));
  await page.getByText('Now add features').waitFor();
  await page.setInputFiles('#cells-input', paths.slice(2));
  await chooseFiles(page, { model: tinyModel });
  await annotate(page);
  const labels = await compareWithProgram(t, page, { model: tinyModel, query: plain });
  assert.equal(labels.length, 150);
  assert.equal(labels[0].cell, 'cell "1", made-1');
});

test('what was found is shown before anything runs', async (t) => {
  const files = await simulatedQuery(await scratchFolder(t), 600);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await page.waitForSelector('.match h2');
  const [cells, model, match] = await Promise.all(
    ['[aria-labelledby=cells-title]', '[aria-labelledby=model-title]', '.match'].map((part) => page.innerText(part)),
  );
  assert.match(cells, /600\s+cells/);
  assert.match(cells, /h5ad .*'X'/);
  assert.match(cells, /counts:/);
  assert.match(model, /cell types/);
  assert.match(match, /of the model’s [\d,]+ genes are in your data/);
  assert.equal(await page.locator('.results').count(), 0);
});

test('the table filters by label and finds a cell by its name', async (t) => {
  const files = await simulatedQuery(await scratchFolder(t), 600);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await annotate(page);
  const rows = async () => Number(await page.getAttribute('[role=grid]', 'aria-rowcount')) - 1;
  assert.equal(await rows(), 600);
  assert.ok((await page.locator('.rows .row').count()) < 60, 'only rows in sight are in the document');
  const first = page.locator('.count').first();
  const [label, count] = [await first.locator('.count-name').innerText(), await first.locator('.count-cells').innerText()];
  await first.click();
  assert.equal(await rows(), Number(count.replace(/,/g, '')));
  const shown = await page.locator('.rows .cell-label').allInnerTexts();
  assert.ok(shown.every((text) => text.trim().startsWith(label)));
  const name = await page.locator('.rows .cell-name').nth(3).innerText();
  await page.fill('.table-head .search', name);
  assert.ok((await page.locator('.rows .cell-name').allInnerTexts()).includes(name));
});

test('the map tells what the cell under the pointer is', async (t) => {
  const files = await simulatedQuery(await scratchFolder(t), 600);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await annotate(page);
  const frame = page.locator('.map-frame');
  await frame.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await frame.boundingBox();
  for (let step = 0; step < 900 && (await page.locator('.tip').count()) === 0; step++) {
    await page.mouse.move(x + (width * ((step * 7) % 30)) / 30, y + (height * Math.floor(step / 30)) / 30);
  }
  assert.match(await page.innerText('.tip'), /Confidence/);
});
