// What a run leaves: the user's own h5ad with labels in it, receipts that the command line verifies, votes, types ticked off.
import assert from 'node:assert/strict';
import { copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { annotate, chooseErrorRate, chooseFiles, complaintOfPage, downloadLabels, openPage, openTab } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { labelsOfProgram, runShell, saidByProgram, scratchFolder, simulatedQuery, someQuery, tinyModel } from './support/paths.mjs';
import { profileGenes, writeTenx } from './support/tenx.mjs';

const kTolerance = 1e-5;

// Downloads land under names of the browser's own; the program wants the right one.
async function saved(page, file, folder) {
  const { path, name } = await downloadLabels(page, file);
  const to = join(folder, name);
  await copyFile(path, to);
  return to;
}

const verified = (model, cells, receipt) => saidByProgram('verify', '--model', model, '--cells', cells, '--receipt', receipt);

test('the h5ad of the page holds the user’s own cells and the labels, and its receipt verifies', async (t) => {
  const folder = await scratchFolder(t);
  const files = await someQuery(folder);
  const { page, errors, requests } = await openPage(t);
  await chooseFiles(page, files);
  await annotate(page);
  const before = requests.length;
  const [receipt, h5ad] = [await saved(page, 'receipt', folder), await saved(page, 'h5ad', folder)];
  // The map's own worker may be starting.
  assert.deepEqual(requests.slice(before).filter((url) => !/^blob:|\/assets\/(main|plkd_core)-/.test(url)), []);
  const { engine, labels } = JSON.parse(await readFile(receipt, 'utf8'));
  assert.equal(engine, 'wasm');
  assert.equal(labels.cells, files.cells);
  assert.match(await verified(files.model, files.query, receipt), /every label is the same|bit for bit/);
  // The same cells, genes and values in the file that the page wrote.
  assert.match(await verified(files.model, h5ad, receipt), /every label is the same|bit for bit/);
  assert.match(await saidByProgram('describe', h5ad), /plkd_label.*plkd_unknown_score/s);
  const csv = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(csv, await readLabels(await labelsOfProgram({ ...files, query: h5ad }, folder)), kTolerance);
  const given = await saidByProgram('evaluate', '--quiet', '--model', files.model, '--cells', h5ad, '--labels', 'plkd_label', '--confusion', join(folder, 'confusion.csv'));
  assert.equal(given, '');
  const [header, ...lines] = (await readFile(join(folder, 'confusion.csv'), 'utf8')).trimEnd().split('\n').map((line) => line.split(','));
  for (const [label, ...counts] of lines) counts.forEach((cells, k) => assert.ok(cells === '0' || header[k + 1] === label, `${label} as ${header[k + 1]}`));
  assert.deepEqual(errors, []);
});

test('10x files become a new h5ad with the labels', async (t) => {
  const folder = await scratchFolder(t);
  const plain = join(folder, 'plain');
  const paths = await writeTenx(plain, { genes: await profileGenes(), cells: 150 });
  const { page } = await openPage(t);
  await chooseFiles(page, { model: tinyModel, query: paths });
  await annotate(page);
  const [h5ad, receipt] = [await saved(page, 'h5ad', folder), await saved(page, 'receipt', folder)];
  assert.match(await verified(tinyModel, plain, receipt), /every label is the same|bit for bit/);
  assert.match(await verified(tinyModel, h5ad, receipt), /every label is the same|bit for bit/);
});

test('types that are ticked off are not given, as with --only', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 400);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await page.waitForSelector('#annotate:enabled');
  await page.click('#possible-types summary');
  await page.getByRole('button', { name: 'None', exact: true }).click();
  assert.ok(await page.isDisabled('#annotate'));
  for (const name of ['B cell', 'NK cell']) await page.getByRole('checkbox', { name, exact: true }).check();
  await annotate(page);
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder, ['--only', 'B cell,NK cell'])), kTolerance);
  assert.deepEqual(new Set(labels.map(({ best_label }) => best_label)), new Set(['B cell', 'NK cell']));
  const receipt = await saved(page, 'receipt', folder);
  assert.match(await verified(files.model, files.query, receipt), /every label is the same|bit for bit/);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByText('made with other settings').waitFor();
  await annotate(page);
  await page.getByText('made with other settings').waitFor({ state: 'detached' });
  assertSameLabels(await readLabels((await downloadLabels(page)).path), await readLabels(await labelsOfProgram(files, folder)), kTolerance);
});

test('the user’s own clusters vote, as with --clusters', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 400);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await annotate(page);
  await openTab(page, 'own');
  await page.click('#find-clusters');
  await page.selectOption('#clusters', 'cell_type');
  await page.waitForSelector('.clusters table');
  const rows = await page.locator('.clusters tbody tr').allInnerTexts();
  assert.ok(rows.some((row) => /^B cell\s+B cell\s/.test(row)), rows.join('\n'));
  const voted = ['--clusters', 'cell_type'];
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder, voted)), kTolerance);
  await page.click('.switch');
  await page.waitForSelector('.clusters table');
  const forced = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(forced, await readLabels(await labelsOfProgram(files, folder, [...voted, '--label-all'])), kTolerance);
  const [h5ad, receipt] = [await saved(page, 'h5ad', folder), await saved(page, 'receipt', folder)];
  assert.match(await saidByProgram('describe', h5ad), /plkd_cluster_label/);
  assert.match(await verified(files.model, files.query, receipt), /every label is the same|bit for bit/);
});

test('the command that the page shows gives the labels that it shows', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 400, { batches: 2 });
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await page.waitForSelector('#annotate:enabled');
  await page.click('#adapt');
  await page.selectOption('#batch', 'batch');
  await chooseErrorRate(page, 0.1);
  await page.click('#possible-types summary');
  await page.getByRole('checkbox', { name: 'NK cell', exact: true }).uncheck();
  await annotate(page);
  await openTab(page, 'own');
  await page.selectOption('#clusters', 'cell_type');
  await page.waitForSelector('.clusters table');
  await openTab(page, 'again');
  const command = await page.innerText('#command');
  assert.match(command, /^plkd annotate --model tiny.onnx --cells simulated_400.h5ad .*--adapt --batch batch .*--error-rate 0.1 --clusters cell_type/);
  await copyFile(tinyModel, join(folder, 'tiny.onnx'));
  await runShell(folder, command);
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(join(folder, 'labels.csv')), 1e-4); // factors of --adapt are sums over all cells
});

test('writing can be stopped, and a file that has gone is said', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 9000);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await annotate(page);
  await page.click('#download-h5ad');
  await page.locator('.writing').getByRole('button', { name: 'Stop' }).click();
  await page.locator('.writing').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.problem').count(), 0);
  await saved(page, 'receipt', folder);
  await simulatedQuery(folder, 8000).then(({ query }) => rename(query, files.query)); // the browser's handle is to the file as it was
  await page.click('#download-h5ad');
  // The core notices it, or the page when it puts the file together: whichever reads a changed part first.
  assert.match(await complaintOfPage(page), /simulated_9000\.h5ad: .*(damaged|read)|has changed or gone since it was chosen/);
});
