// The map, its colours and its selections; the table follows.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { annotate, chooseFiles, openPage, openTab } from './support/browser.mjs';
import { scratchFolder, simulatedQuery, someQuery } from './support/paths.mjs';

async function openAnnotated(t, cells = 400, context = {}) {
  const opened = await openPage(t, context);
  await chooseFiles(opened.page, await simulatedQuery(await scratchFolder(t), cells));
  await annotate(opened.page);
  return opened;
}

const rows = async (page) => Number(await page.getAttribute('[role=grid]', 'aria-rowcount')) - 1;

// Draws with the mouse around all of the map but its right edge.
async function lassoOn(page, share = 0.6) {
  const frame = page.locator('.map-frame');
  await frame.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await frame.boundingBox();
  const corners = [[0.01, 0.02], [share, 0.02], [share, 0.98], [0.01, 0.98], [0.01, 0.02]];
  await page.keyboard.down('Shift');
  await page.mouse.move(x + corners[0][0] * width, y + corners[0][1] * height);
  await page.mouse.down();
  for (const [right, down] of corners.slice(1)) await page.mouse.move(x + right * width, y + down * height, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

// Chromium's emulated graphics card passes for a real one; else the map would paint by itself.
async function pretendRealCard(page) {
  await page.addInitScript(() => {
    const original = WebGL2RenderingContext.prototype.getParameter;
    WebGL2RenderingContext.prototype.getParameter = function (name) {
      return name === 0x9246 ? 'a real card' : original.call(this, name); // UNMASKED_RENDERER_WEBGL
    };
  });
  await page.reload();
}

for (const painter of ['WebGL', 'no WebGL']) {
  test(`a lasso selects cells for map, table and counts (${painter})`, async (t) => {
    const { page, errors } = await openPage(t);
    if (painter === 'WebGL') await pretendRealCard(page);
    await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 400));
    await annotate(page);
    await lassoOn(page);
    await page.waitForSelector('#selection');
    const selected = Number(/^([\d,]+) cells? selected/.exec(await page.innerText('#selection'))[1].replace(/,/g, ''));
    assert.ok(selected > 10 && selected < 400, `${selected} selected`);
    const isWebGl = await page.evaluate(() => document.querySelector('.map-frame canvas').getContext('webgl2') !== null);
    assert.equal(isWebGl, painter === 'WebGL');
    assert.equal(await rows(page), selected);
    const counts = await page.locator('.count-cells').allInnerTexts();
    assert.equal(counts.reduce((sum, text) => sum + Number(/^(\d+) of/.exec(text)[1]), 0), selected);
    await page.waitForSelector('.why .scores'); // patterns of the selected cells
    await page.getByRole('button', { name: 'Select nothing' }).click();
    assert.equal(await rows(page), 400);
    assert.deepEqual(errors, []);
  });
}

test('labels can be hidden, found by name, and shown again', async (t) => {
  const { page } = await openAnnotated(t);
  const first = page.locator('.counts li').first();
  const [name, cells] = [await first.locator('.count-name').innerText(), Number(await first.locator('.count-cells').innerText())];
  await first.hover();
  await first.getByRole('button', { name: `Hide ${name}` }).click();
  assert.equal(await rows(page), 400 - cells);
  await page.getByRole('button', { name: `Show ${name} again` }).click();
  assert.equal(await rows(page), 400);
  await page.fill('.legend-tools .search', name.slice(0, 4));
  assert.ok((await page.locator('.count-name').allInnerTexts()).every((text) => text.toLowerCase().includes(name.slice(0, 4).toLowerCase())));
});

test('colours follow confidence, a column of the file, and a gene', async (t) => {
  const { page, errors } = await openAnnotated(t);
  const picture = async () => createHash('sha256').update(await page.locator('.map-frame canvas').first().screenshot()).digest('hex');
  const byLabel = await picture();
  await page.selectOption('#colour-by', 'confidence');
  await page.waitForSelector('#map-legend');
  const byConfidence = await picture();
  assert.notEqual(byLabel, byConfidence);
  await page.selectOption('#colour-by', 'column:cell_type');
  await page.locator('ul#map-legend').waitFor();
  assert.ok((await page.locator('#map-legend li').count()) > 3);
  assert.match(await page.innerText('#map-legend'), /B cell/);
  await page.selectOption('#colour-by', 'gene');
  await page.fill('#colour-gene', 'nosuchgene');
  await page.waitForSelector('.gene-picker button:enabled');
  await page.keyboard.press('Enter');
  await page.getByText('Your file has no gene called nosuchgene.').waitFor();
  await page.fill('#colour-gene', 'ms4a1');
  await page.keyboard.press('Enter');
  await page.locator('p#map-legend', { hasText: 'MS4A1' }).waitFor();
  assert.notEqual(await picture(), byConfidence);
  await page.keyboard.press('Control+z'); // the focus may be in the map's own controls, not in a text field
  await page.locator('#map-legend', { hasText: 'B cell' }).waitFor();
  assert.deepEqual(errors, []);
});

test('a UMAP follows the model’s own map, the same every time', async (t) => {
  const { page, errors } = await openAnnotated(t);
  await page.waitForSelector('#layout[data-status=done]');
  const pictureOf = async (layout) => {
    await page.selectOption('#layout', layout);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(1200); // the cells move
    return createHash('sha256').update(await page.locator('.map-frame canvas').first().screenshot()).digest('hex');
  };
  const [model, umap] = [await pictureOf('model'), await pictureOf('umap')];
  assert.notEqual(umap, model);
  await annotate(page); // once more, from the beginning
  await page.waitForSelector('#layout[data-status=done]');
  assert.equal(await pictureOf('model'), model);
  assert.equal(await pictureOf('umap'), umap);
  assert.deepEqual(errors, []);
});

test('the map is saved as SVG and as PNG, with its legend', async (t) => {
  const { page, violations } = await openAnnotated(t);
  const saved = async (ending) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.map').getByRole('button', { name: new RegExp(ending) }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `simulated_400.map.${ending.toLowerCase()}`);
    return readFile(await download.path());
  };
  const svg = (await saved('SVG')).toString();
  assert.match(svg, /^<svg|^<\?xml/);
  assert.ok((svg.match(/<path|<circle|<use/g) ?? []).length >= 12);
  assert.match(svg, /B cell/);
  const png = await saved('PNG');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.ok(png.readUInt32BE(16) >= 800, 'wide enough for print');
  assert.deepEqual(violations, []);
});

test('the table sorts by any column, both ways', async (t) => {
  const { page } = await openAnnotated(t);
  const confidences = async () => (await page.locator('.rows .cell-confidence').allInnerTexts()).map((text) => Number(text.replace('> ', '')));
  await page.getByRole('button', { name: 'Confidence', exact: true }).click();
  const ascending = await confidences();
  assert.deepEqual(ascending, [...ascending].sort((a, b) => a - b));
  assert.ok(ascending[0] < 0.9);
  assert.equal(await page.getAttribute('[role=columnheader].cell-confidence', 'aria-sort'), 'ascending');
  await page.getByRole('button', { name: /^Confidence/ }).click();
  const descending = await confidences();
  assert.deepEqual(descending, [...descending].sort((a, b) => b - a));
  await page.getByRole('button', { name: 'Label', exact: true }).click();
  const labels = (await page.locator('.rows .cell-label').allInnerTexts()).map((text) => text.split('\n')[0].trim());
  assert.deepEqual(labels, [...labels].sort((a, b) => a.localeCompare(b)));
});

test('real cells: what is picked on the map is picked in the table', async (t) => {
  const { page } = await openPage(t);
  await chooseFiles(page, await someQuery(await scratchFolder(t)));
  await annotate(page);
  await page.focus('.map-frame canvas, .map-frame [tabindex="0"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.row[aria-selected=true]');
  assert.equal(await page.innerText('.why .file-name'), await page.innerText('.row[aria-selected=true] .cell-name'));
  await openTab(page, 'how'); // the walk follows the same cell
  await page.waitForSelector('.tab-panel .card');
});
