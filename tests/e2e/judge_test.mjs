// The panels that show what labels are made of, against the command line where it says the same.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { annotate, chooseFiles, openPage, openTab } from './support/browser.mjs';
import { profileGenes, writeTenx } from './support/tenx.mjs';
import { scratchFolder, simulatedQuery, tinyModel } from './support/paths.mjs';

async function openAnnotated(t, cells = 400) {
  const opened = await openPage(t);
  const files = await simulatedQuery(await scratchFolder(t), cells);
  await chooseFiles(opened.page, files);
  await annotate(opened.page);
  return { ...opened, files };
}

const rows = async (page) => Number(await page.getAttribute('[role=grid]', 'aria-rowcount')) - 1;

async function tableOf(figure) {
  await figure.locator('details.chart-table summary').click();
  const lines = figure.locator('details.chart-table tr');
  await lines.nth(1).waitFor(); // it is drawn when it is opened
  return Promise.all((await lines.all()).map(async (line) => (await line.locator('th, td').allInnerTexts()).map((text) => text.trim())));
}

test('marker genes: a plot of dots, its numbers, and a violin of the gene that is clicked', async (t) => {
  const { page, errors } = await openAnnotated(t);
  await openTab(page, 'genes');
  const plot = page.locator('figure.chart').first();
  await plot.locator('svg').first().waitFor();
  const table = await tableOf(plot);
  const genes = table[0].join(' ');
  // Markers that simulated blood has from its profile of real cells.
  assert.ok(/MS4A1|CD79A|CD79B|CD74/.test(genes), genes);
  assert.ok(/LYZ|S100A8|S100A9/.test(genes), genes);
  await page.fill('#dot-gene', 'CD3D');
  await page.waitForSelector('.gene-picker button:enabled');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove CD3D' }).waitFor();
  await plot.locator('[role=button], button').filter({ hasText: 'CD3D' }).first().click();
  await page.locator('figure.chart', { hasText: 'CD3D' }).nth(1).locator('svg').first().waitFor();
  assert.match(await page.innerText('#map-legend'), /CD3D/);
  assert.deepEqual(errors, []);
});

test('genes are those of the file on show, not of the one before', async (t) => {
  const { page } = await openAnnotated(t, 200);
  await openTab(page, 'genes');
  await page.locator('figure.chart svg').first().waitFor();
  await page.fill('#dot-gene', 'LYZ');
  await page.waitForSelector('.gene-picker button:enabled');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove LYZ' }).waitFor();
  const genes = (await profileGenes()).filter((gene) => gene !== 'LYZ').reverse();
  await chooseFiles(page, { query: await writeTenx(`${await scratchFolder(t)}/other`, { genes, cells: 150 }) });
  await page.getByText('from before you changed the files').waitFor();
  await annotate(page);
  await page.waitForSelector('#dot-gene'); // such cells may have no marker genes at all
  assert.equal(await page.getByRole('button', { name: 'Remove LYZ' }).count(), 0);
  await page.fill('#dot-gene', 'LYZ');
  await page.waitForSelector('.gene-picker button:enabled');
  await page.keyboard.press('Enter');
  await page.getByText('Your file has no gene called LYZ.').waitFor();
});

test('looking at other cells does not make the genes be counted again', async (t) => {
  const { page } = await openAnnotated(t, 200);
  await openTab(page, 'genes');
  await page.locator('figure.chart svg').first().waitFor();
  await page.evaluate(() => {
    globalThis.spinners = 0;
    new MutationObserver(() => (globalThis.spinners += document.querySelectorAll('.tab-panel .spinner').length)).observe(document.body, { childList: true, subtree: true });
  });
  await page.locator('.counts .count').first().click();
  await page.waitForSelector('#selection');
  await page.waitForTimeout(500);
  assert.equal(await page.evaluate(() => globalThis.spinners), 0);
  await page.click('.switch'); // other labels: now they are
  await page.waitForFunction(() => globalThis.spinners > 0);
});

test('patterns by label: a heat map whose squares select the label’s cells', async (t) => {
  const { page } = await openAnnotated(t);
  await openTab(page, 'patterns');
  const map = page.locator('figure.chart').first();
  await map.locator('svg').first().waitFor();
  const table = await tableOf(map);
  const labels = await page.locator('.count-name').allInnerTexts();
  assert.deepEqual(table.slice(1).map(([label]) => label), labels);
  await map.locator('svg [role=button][tabindex="0"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('#selection');
});

test('own labels beside ours: counts that add up, and a click selects the cells', async (t) => {
  const { page } = await openAnnotated(t);
  await openTab(page, 'own');
  await page.click('#find-own-labels');
  await page.selectOption('#own-labels', 'cell_type');
  const figure = page.locator('.compare figure');
  const square = figure.locator('table.confusion [tabindex]').filter({ hasText: /^\s*[1-9]\d*\s*$/ }).first();
  const count = Number((await square.innerText()).trim());
  await square.click();
  await page.waitForSelector('#selection');
  assert.match(await page.innerText('#selection'), new RegExp(`^${count} cells? selected \\(.*, labelled .*\\)`));
  await openTab(page, 'cells');
  assert.equal(await rows(page), count);
});

test('unknown cells are grouped, with their genes and the nearest type', async (t) => {
  const query = await writeTenx(`${await scratchFolder(t)}/strange`, { genes: await profileGenes(), cells: 150 });
  const { page, errors } = await openPage(t);
  await chooseFiles(page, { query, model: tinyModel });
  await annotate(page);
  const unknown = Number(await page.locator('.count', { hasText: 'unknown' }).locator('.count-cells').innerText());
  assert.ok(unknown > 100);
  await openTab(page, 'unknown');
  await page.waitForSelector('.unknown-groups li');
  const groups = await page.locator('.unknown-groups li').allInnerTexts();
  const cells = groups.map((text) => Number(/, (\d+) cells?/.exec(text)[1]));
  assert.equal(cells.reduce((sum, count) => sum + count, 0), unknown);
  assert.ok(groups.every((text) => /median [\d,]+ counts/.test(text)));
  await page.locator('.unknown-groups button').first().click();
  assert.match(await page.innerText('#selection'), new RegExp(`^${cells[0]} cells? selected \\(unknown group 1\\)`));
  assert.deepEqual(errors, []);
});

test('where nothing is unknown, that is said', async (t) => {
  const { page } = await openAnnotated(t, 200);
  await page.click('.switch');
  await openTab(page, 'unknown');
  await page.waitForSelector('#no-unknown');
});

test('every chart is saved as SVG and as PNG', async (t) => {
  const { page, violations } = await openAnnotated(t, 200);
  await openTab(page, 'genes');
  const figure = page.locator('figure.chart').first();
  await figure.locator('svg').first().waitFor();
  for (const ending of ['SVG', 'PNG']) {
    const [download] = await Promise.all([page.waitForEvent('download'), figure.getByRole('button', { name: new RegExp(ending) }).click()]);
    assert.equal(download.suggestedFilename(), `simulated_200.marker_genes.${ending.toLowerCase()}`);
    const bytes = await readFile(await download.path());
    if (ending === 'SVG') assert.match(bytes.toString(), /<svg[^]*<\/svg>/);
    else assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  }
  assert.deepEqual(violations, []);
});

test('a label’s own panel: how sure its cells are, what marks it, what it might be else', async (t) => {
  const { page } = await openAnnotated(t);
  await openTab(page, 'labels');
  await page.click('[data-review="B cell"]');
  const detail = page.locator('.label-detail');
  await detail.locator('figure.chart svg').first().waitFor();
  const table = await tableOf(detail.locator('figure.chart'));
  const cells = Number(await page.locator('.count', { hasText: /^B cell/ }).first().locator('.count-cells').innerText());
  const total = table.slice(1).reduce((sum, line) => sum + Number(line[1]), 0); // confidence, cells, share
  assert.equal(total, cells);
  await detail.locator('.gene-list').first().waitFor();
  assert.match(await detail.innerText(), /MS4A1|CD79A|CD79B|CD74/);
  assert.match(await detail.innerText(), /second choice for/);
});
