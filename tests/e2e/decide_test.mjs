// What a person decides: names, acceptance, boldness; undone, redone, logged, kept and written.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { annotate, chooseErrorRate, chooseFiles, downloadLabels, openPage, openTab } from './support/browser.mjs';
import { kHeader, readLabels } from './support/labels.mjs';
import { saidByProgram, scratchFolder, simulatedQuery } from './support/paths.mjs';

async function openAnnotated(t, cells = 300) {
  const opened = await openPage(t);
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, cells);
  await chooseFiles(opened.page, files);
  await annotate(opened.page);
  return { ...opened, files, folder };
}

async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { path: await download.path(), name: download.suggestedFilename() };
}

test('labels are accepted, renamed and given by hand; files have it beside the model’s own', async (t) => {
  const { page, folder } = await openAnnotated(t);
  await openTab(page, 'labels');
  await page.click('[data-review="B cell"]');
  await page.click('#accept');
  await page.click('[data-review="NK cell"]');
  await page.fill('#rename', 'natural killer, of us');
  await page.keyboard.press('Tab');
  await page.locator('.count', { hasText: 'natural killer, of us' }).first().waitFor();
  await page.locator('.counts .count', { hasText: /^CD14 monocyte/ }).click();
  await page.fill('#own-name', 'my monocytes');
  await page.keyboard.press('Enter');
  await page.locator('.counts .count', { hasText: 'my monocytes' }).waitFor();
  assert.equal(await page.locator('.counts .count', { hasText: /^CD14 monocyte/ }).count(), 0);

  const { path } = await downloadLabels(page);
  const text = await readFile(path, 'utf8');
  assert.ok(text.startsWith(`${kHeader},curated_label,review\n`));
  const labels = await readLabels(path);
  const as = (label) => [...new Set(labels.filter((one) => one.label === label).map((one) => `${one.curated_label}: ${one.review}`))];
  assert.deepEqual(as('B cell'), ['B cell: accepted']);
  assert.deepEqual(as('NK cell'), ['natural killer, of us: renamed']);
  assert.deepEqual(as('CD14 monocyte'), ['my monocytes: named by hand']);
  const h5ad = join(folder, 'curated.h5ad');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download-h5ad:enabled')]);
  await download.saveAs(h5ad);
  assert.match(await saidByProgram('describe', h5ad), /plkd_curated_label.*plkd_review/s);
});

test('everything is undone and redone, by buttons and by keys', async (t) => {
  const { page } = await openAnnotated(t);
  const labels = () => page.locator('.counts .count-name').allInnerTexts();
  const before = await labels();
  const said = await page.getAttribute('#error-rate', 'aria-valuetext');
  await chooseErrorRate(page, 0.01);
  await page.click('.switch');
  await page.locator('.counts .count').first().click();
  assert.equal(await page.locator('#selection').count(), 1);
  await page.click('#undo');
  assert.equal(await page.locator('#selection').count(), 0);
  await page.keyboard.press('Control+z');
  assert.ok(!(await page.isChecked('#label-all')));
  await page.keyboard.press('Control+z');
  assert.equal(await page.getAttribute('#error-rate', 'aria-valuetext'), said);
  assert.deepEqual(await labels(), before);
  assert.ok(await page.isDisabled('#undo'));
  await page.keyboard.press('Control+y');
  await page.click('#redo');
  assert.ok(await page.isChecked('#label-all'));
  assert.equal(await page.getAttribute('#error-rate', 'aria-valuetext'), '1 %');
});

test('decisions are logged, kept by the browser, and taken up with the same files', async (t) => {
  const { page, files } = await openAnnotated(t);
  await openTab(page, 'labels');
  await page.click('[data-review="NK cell"]');
  await page.fill('#rename', 'killer');
  await page.keyboard.press('Tab');
  await page.click('#accept');
  await openTab(page, 'decisions');
  const log = await page.locator('.log li').allInnerTexts();
  assert.equal(log.length, 2);
  assert.match(log[0], /call NK cell killer/);
  assert.match(log[1], /accept NK cell/);
  const session = await saved(page, () => page.click('#save-session'));
  assert.equal(session.name, 'simulated_300.session.json');
  const text = await readFile(session.path, 'utf8');
  assert.ok(!/AAAC|cell_0/.test(text), 'no name of a cell is in it');

  await page.waitForTimeout(600); // kept a moment after the last decision
  await page.reload();
  await chooseFiles(page, files);
  await page.getByText('were taken up again').waitFor();
  await annotate(page);
  await page.locator('.counts .count', { hasText: 'killer' }).waitFor();
  await page.getByRole('button', { name: 'Start afresh' }).click();
  await page.locator('.counts .count', { hasText: 'NK cell' }).waitFor();

  // Elsewhere: another browser that has only the file.
  const elsewhere = await page.context().browser().newPage();
  await elsewhere.goto(page.url());
  await elsewhere.setInputFiles('#cells-input', { name: session.name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await elsewhere.getByText('open both, and it is taken up').waitFor();
  await chooseFiles(elsewhere, files);
  await elsewhere.getByText('were taken up again').waitFor();
  await annotate(elsewhere);
  await elsewhere.locator('.counts .count', { hasText: 'killer' }).waitFor();
  await elsewhere.close();
});

test('a file that is no session is refused with a way out', async (t) => {
  const { page } = await openPage(t);
  await page.setInputFiles('#cells-input', { name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{"a": 1}') });
  await page.waitForSelector('.problem');
  assert.match(await page.innerText('.problem'), /other\.json: not a session of this page.*open a file that Save session wrote/s);
});
