// Types, broader terms and unknown; the error rate that decides between them, and what is promised.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { annotate, chooseErrorRate, chooseFiles, downloadLabels, offeredErrorRates, openPage } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { annotateWithProgram, modelWithout, scratchFolder, simulatedQuery, tinyModel } from './support/paths.mjs';
import { profileGenes, writeTenx } from './support/tenx.mjs';

const kTolerance = 1e-5; // wasm and native sum in other orders

async function annotateAt(page, rate) {
  if (rate) await chooseErrorRate(page, rate);
  await annotate(page);
  return readLabels((await downloadLabels(page)).path);
}

const cellsOf = (labels, kind) => labels.filter((label) => label.kind === kind).length;
const numberOf = (text) => Number(text.replace(/\D/g, ''));

test('at each error rate the page gives the labels, kinds and promise of the command line', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 600);
  const { page, errors } = await openPage(t);
  await chooseFiles(page, files);
  await page.waitForSelector('#error-rate');
  const rates = await offeredErrorRates(page);
  assert.ok(rates.length > 1, 'the model offers a choice');
  await annotate(page);
  const broader = [];
  for (const rate of rates) {
    await chooseErrorRate(page, rate); // the labels on show follow by themselves
    const labels = await readLabels((await downloadLabels(page)).path);
    const { out, said } = await annotateWithProgram(files, folder, ['--error-rate', String(rate)]);
    assertSameLabels(labels, await readLabels(out), kTolerance);
    assert.equal(await page.innerText('#promise').then((text) => text.toLowerCase()), `${said.at(-2)}.`.toLowerCase());
    broader.push(cellsOf(labels, 'broader'));
  }
  assert.ok(broader[0] > broader.at(-1), `a lower rate gives more broader terms: ${broader}`);
  assert.deepEqual(errors, []);
});

test('without a choice the error rate is that of the command line', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 200);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  const labels = await annotateAt(page, null);
  assertSameLabels(labels, await readLabels((await annotateWithProgram(files, folder)).out), kTolerance);
  assert.equal(await page.getAttribute('#error-rate', 'aria-valuetext'), '5 %');
});

test('counts and table tell a broader term from a type by a word and a shape', async (t) => {
  const { page } = await openPage(t);
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 600));
  const labels = await annotateAt(page, 0.01);
  const terms = new Map();
  for (const { kind, label, ontology_id } of labels) {
    if (kind === 'broader') terms.set(label, { cells: (terms.get(label)?.cells ?? 0) + 1, ontology_id });
  }
  assert.ok(terms.size > 0);
  const tagged = page.locator('.count:has(.tag)');
  assert.equal(await tagged.count(), terms.size);
  for (const row of await tagged.all()) {
    const term = terms.get(await row.locator('.count-name').innerText());
    assert.equal(numberOf(await row.locator('.count-cells').innerText()), term.cells);
    assert.equal(await row.locator('.dot.broader').count(), 1);
  }
  const kinds = await page.innerText('.kinds');
  assert.ok(kinds.includes(`${cellsOf(labels, 'type')} cells with a type; ${cellsOf(labels, 'broader')} with a broader term`));
  assert.ok(kinds.includes(`${cellsOf(labels, 'unknown')} unknown`));

  await tagged.first().click();
  const name = await tagged.first().locator('.count-name').innerText();
  const rows = await page.locator('.rows .row').all();
  assert.ok(rows.length > 0);
  assert.equal(await page.getAttribute('[role=grid]', 'aria-rowcount'), String(terms.get(name).cells + 1));
  for (const row of rows) {
    assert.match(await row.locator('.cell-label').innerText(), new RegExp(`^${name}\\s+broader term$`));
    assert.equal(await row.locator('.cell-ontology').innerText(), terms.get(name).ontology_id);
  }

  await page.click('.switch');
  assert.equal(await page.locator('.count .tag').count(), 0, 'labelling every cell leaves no broader term');
  assert.match(await page.innerText('#promise'), /nothing is promised/);
});

test('other types than those asked for mark the labels on show as made with the old ones', async (t) => {
  const { page } = await openPage(t);
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 200));
  await annotateAt(page, null);
  assert.equal(await page.locator('.results-head .notice').count(), 0);
  await page.click('#possible-types summary');
  await page.getByRole('checkbox', { name: 'NK cell', exact: true }).uncheck();
  assert.match(await page.innerText('.results-head .notice'), /other settings.*Press Annotate/);
  await annotate(page);
  await page.waitForFunction(() => document.querySelector('.results') && !document.querySelector('.results-head .notice'));
});

test('a model that promises nothing has no error rate to choose and says so', async (t) => {
  const folder = await scratchFolder(t);
  const files = { ...(await simulatedQuery(folder, 200)), model: await modelWithout('settings', folder) };
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await page.waitForSelector('#adapt');
  assert.equal(await page.locator('#error-rate').count(), 0);
  assert.match(await page.innerText('.settings'), /promises none/);
  const labels = await annotateAt(page, null);
  const { out, said } = await annotateWithProgram(files, folder);
  assertSameLabels(labels, await readLabels(out), kTolerance);
  assert.equal(cellsOf(labels, 'broader'), 0);
  assert.equal((await page.innerText('#promise')).toLowerCase(), `${said.at(-2)}.`.toLowerCase());
});

test('cells unlike the reference: the promise says so, as a warning', async (t) => {
  const folder = await scratchFolder(t);
  const query = join(folder, 'strange');
  // Counts by a rule that knows no cell type.
  const paths = await writeTenx(query, { genes: await profileGenes(), cells: 150 });
  const files = { query, model: tinyModel };
  const { page } = await openPage(t);
  await chooseFiles(page, { query: paths, model: tinyModel });
  await annotate(page);
  const { said } = await annotateWithProgram(files, folder);
  assert.match(said.at(-2), /these cells are shifted/);
  assert.equal((await page.innerText('[role=status] .promise.warning')).toLowerCase(), `${said.at(-2)}.`.toLowerCase());
});
