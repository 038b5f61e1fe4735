// Why a cell or a label: the patterns and scores of `plkd explain`.
import assert from 'node:assert/strict';
import test from 'node:test';
import { annotate, chooseErrorRate, chooseFiles, openPage } from './support/browser.mjs';
import { explainWithProgram, modelWithoutPatterns, scratchFolder, simulatedQuery } from './support/paths.mjs';

const kTolerance = 1e-4; // scores are written with six digits
const kShown = 8;

async function openAnnotated(t, files, context = {}) {
  const opened = await openPage(t, context);
  await chooseFiles(opened.page, files);
  await annotate(opened.page);
  return opened;
}

async function shownScores(page) {
  await page.waitForSelector('.why .scores');
  return page.$$eval('.scores li', (rows) =>
    rows.map((row) => ({
      name: row.querySelector('.pattern-name').textContent,
      score: Number(row.dataset.score),
      isNegative: row.querySelector('.score-bar').classList.contains('negative'),
      genes: row.querySelector('.pattern-genes').textContent.replace(/^Top genes /, ''),
    })),
  );
}

// Pairs of pattern and score of a line of patterns.csv.
function pairsOf([, , , ...fields]) {
  return Array.from({ length: fields.length / 2 }, (_, k) => ({ name: fields[2 * k], score: Number(fields[2 * k + 1]) }));
}

function assertSameScores(actual, expected) {
  assert.deepEqual(actual.map(({ name }) => name), expected.map(({ name }) => name));
  expected.forEach(({ score }, k) => assert.ok(Math.abs(score - actual[k].score) <= kTolerance, `${actual[k].score}, not ${score}`));
}

test('a cell shows its strongest patterns, those of the command line, by mouse and by keyboard', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 200);
  const { cells } = await explainWithProgram(files, folder, ['--top', '300']);
  const strongest = (cell) => pairsOf(cells[cell]).sort((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, kShown);
  const { page, errors } = await openAnnotated(t, files);

  await page.locator('.rows .row').nth(3).click();
  const scores = await shownScores(page);
  assertSameScores(scores, strongest(3));
  assert.ok(scores.some(({ isNegative }) => isNegative) && scores.some(({ isNegative }) => !isNegative));
  assert.ok(scores.every(({ score, isNegative, genes }) => score < 0 === isNegative && genes.split(' ').length >= 3));
  assert.match(await page.innerText('.why'), /standard deviations of the reference/);

  await page.focus('[role=grid]');
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('#cell-4[aria-selected=true]');
  assert.equal(await page.getAttribute('[role=grid]', 'aria-activedescendant'), 'cell-4');
  await page.waitForFunction((name) => document.querySelector('.pattern-name').textContent === name, strongest(4)[0].name);
  assert.equal(await page.innerText('.why .file-name'), cells[4][0]);
  await page.keyboard.press('End');
  await page.waitForSelector('#cell-199[aria-selected=true]');
  await page.waitForFunction((name) => document.querySelector('.pattern-name').textContent === name, strongest(199)[0].name);
  assertSameScores(await shownScores(page), strongest(199));
  assert.deepEqual(errors, []);
});

test('a point of the map shows the same as its row', async (t) => {
  const { page } = await openAnnotated(t, await simulatedQuery(await scratchFolder(t), 200));
  const frame = page.locator('.map-frame');
  await frame.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await frame.boundingBox();
  for (let step = 0; step < 900 && (await page.locator('.tip').count()) === 0; step++) {
    await page.mouse.move(x + (width * ((step * 7) % 30)) / 30, y + (height * Math.floor(step / 30)) / 30);
  }
  const name = await page.locator('.tip span').nth(-2).innerText();
  await page.mouse.down();
  await page.mouse.up();
  await shownScores(page);
  assert.equal(await page.innerText('.why .file-name'), name);
  assert.equal(await page.innerText('.row[aria-selected=true] .cell-name'), name);
  assert.equal(await page.locator('.pointed.picked').count(), 1);
});

test('a label shows its marker patterns, those of the command line', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 600);
  const { markers } = await explainWithProgram(files, folder);
  const { page } = await openAnnotated(t, files);
  const row = page.locator('.count', { hasText: /^B cell/ });
  await row.click();
  const expected = markers.filter(([label]) => label === 'B cell').slice(0, kShown);
  assert.ok(expected.length > 0);
  const scores = await shownScores(page);
  assertSameScores(scores, expected.map(([, name, difference]) => ({ name, score: Number(difference) })));
  assert.match(scores[0].genes, new RegExp(`^${expected[0].at(-1)} · AUC ${Number(expected[0][3]).toFixed(2)}$`));
  assert.match(await page.innerText('.why'), /among 600 cells/);
  await page.getByRole('button', { name: 'Close' }).click();
  assert.match(await page.innerText('.why'), /Choose a cell/);
  assert.equal(await page.locator('.scores').count(), 0);
});

test('a broader term names the types between which it is unsure, and has markers too', async (t) => {
  const files = await simulatedQuery(await scratchFolder(t), 600);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await chooseErrorRate(page, 0.01);
  await annotate(page);
  await page.locator('.count', { hasText: /^T cell/ }).click();
  await shownScores(page);
  assert.match(await page.innerText('.why'), /Its type is unsure: CD4 T cell, CD8 T cell\./);
});

test('the picked cell stays when every cell is labelled; after other files the table has all the room', async (t) => {
  const folder = await scratchFolder(t);
  const { page } = await openAnnotated(t, await simulatedQuery(folder, 200));
  await page.locator('.rows .row').nth(3).click();
  await shownScores(page);
  await page.click('.switch');
  assert.equal(await page.locator('#cell-3[aria-selected=true]').count(), 1);
  assert.equal(await page.locator('.scores').count(), 1);
  await chooseFiles(page, { query: (await simulatedQuery(folder, 300)).query });
  await page.getByText('from before you changed the files').waitFor();
  assert.equal(await page.locator('.why').count(), 0);
  const width = async (part) => (await page.locator(part).boundingBox()).width;
  assert.equal(await width('.table-card'), await width('.results'));
});

test('a model without patterns says so', async (t) => {
  const folder = await scratchFolder(t);
  const { query } = await simulatedQuery(folder, 200);
  const { page, errors } = await openAnnotated(t, { query, model: await modelWithoutPatterns(folder) });
  await page.locator('.rows .row').first().click();
  assert.match(await page.innerText('.why'), /has no patterns.*Train it with/);
  assert.equal(await page.locator('.scores').count(), 0);
  assert.equal(await page.locator('.problem').count(), 0);
  assert.deepEqual(errors, []);
});
