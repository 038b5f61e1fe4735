// Models of several modalities on the page: what is found, used and missing; a protein on the map; one modality switched off.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { violationsOf } from './support/axe.mjs';
import { annotate, chooseFiles, downloadLabels, openPage, openTab } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { labelsOfProgram, modalityFiles, saidByProgram, scratchFolder, simulatedQuery, tinyModel } from './support/paths.mjs';

const kTolerance = 1e-5;
const kAgainstOrt = 1e-3; // logits of these models reach 500

const used = (page) => page.innerText('#modalities-used');
const labelsOf = async (page) => readLabels((await downloadLabels(page)).path);
const labelsOfCommand = async (folder, files, options = []) => readLabels(await labelsOfProgram(files, folder, options));
const rowsOf = (page) => page.locator('.match .modality-scores tbody tr').evaluateAll((rows) => rows.map((row) => row.innerText.split('\t').map((text) => text.trim())));

async function openWith(t, model, query, context = {}) {
  const opened = await openPage(t, context);
  await chooseFiles(opened.page, { model, query });
  await opened.page.waitForSelector('#modalities-used');
  return opened;
}

for (const [kind, where] of [['h5mu', 'mod:prot'], ['tenx', 'type:Antibody Capture']]) {
  test(`${kind}: modalities are listed, used and set aside`, async (t) => {
    const folder = await scratchFolder(t);
    const files = await modalityFiles(folder);
    const query = { model: files.two, query: files[kind] };
    const { page, errors } = await openWith(t, files.two, files[kind]);
    await page.locator('[aria-labelledby=cells-title]').getByText(`9 proteins (${where}), without 1 isotype control, without 1 hashtag`).waitFor();
    assert.equal(await used(page), 'Used: RNA (200 of 200 genes), proteins (9 of 10)');
    assert.match(await page.innerText('[data-modality=adt]'), new RegExp(`In ${where}\\. Left out.*IgG1_control_TotalSeqB, Hashtag1`));
    assert.match(await page.locator('[data-modality=adt]').textContent(), /1 protein of the model not in your dataThey are taken to be as in a typical cell of the reference\.CD127$/);
    assert.equal(await page.locator('#modalities-missing').count(), 0);
    await annotate(page);
    const all = await labelsOf(page);
    assertSameLabels(all, await labelsOfCommand(folder, query), kTolerance);
    assert.match(await page.innerText('#used-modalities'), /^Labelled by RNA and proteins\. Calibrated on held-out cells with just that: the best type is right for \d/);

    await page.getByRole('button', { name: 'Annotate without proteins' }).click();
    await page.waitForSelector('#changed-labels');
    const rna = await labelsOf(page);
    assertSameLabels(rna, await labelsOfCommand(folder, query, ['--without', 'adt']), kTolerance);
    const changed = rna.filter(({ label }, k) => label !== all[k].label).length;
    assert.ok(changed > 0, 'the proteins matter');
    assert.equal(await page.innerText('#changed-labels'), `${changed} of 400 cells have another label than with all modalities.`);
    assert.match(await page.innerText('#used-modalities'), /^Labelled by RNA\. .*With all that the model takes the best type is right for/);
    assert.equal(await page.innerText('#modalities-set-aside'), 'Set aside: proteins');
    assert.equal(await page.isChecked('#use-adt'), false);
    assert.equal(await page.isEnabled('#use-rna'), false, 'something must be left');

    const receipt = (await downloadLabels(page, 'receipt')).path;
    assert.match(await saidByProgram('verify', '--model', files.two, '--cells', files[kind], '--receipt', receipt), /^verified /m);
    await openTab(page, 'again');
    assert.match(await page.innerText('#command'), /--without adt/);
    assert.deepEqual(errors, []);
  });
}

test('the table says how sure labels are with each choice, as the command line does', async (t) => {
  const folder = await scratchFolder(t);
  const files = await modalityFiles(folder);
  const { page } = await openWith(t, files.two, files.h5mu);
  const isHere = (rows) => rows.filter(([name]) => name.includes('(used here)')).map(([name]) => name);
  const rows = await rowsOf(page);
  assert.deepEqual(rows.map(([name]) => name.replace(/ \(used here\)/, '')), ['RNA + proteins', 'proteins', 'RNA']);
  assert.deepEqual(isHere(rows), ['RNA + proteins (used here)']);
  const [, accuracy] = /alone\s+RNA: accuracy ([\d.]+)/.exec(await saidByProgram('describe', files.two));
  assert.equal(rows[2][1], `${Math.round(100 * Number(accuracy))} %`);
  const coverage = await page.innerText('#error-rate-help');
  await page.uncheck('#use-adt');
  await page.waitForSelector('#modalities-set-aside');
  assert.deepEqual(isHere(await rowsOf(page)), ['RNA (used here)']);
  assert.notEqual(await page.innerText('#error-rate-help'), coverage, 'the slider follows the calibration');
  await page.click('#use-adt');
  await page.locator('#modalities-set-aside').waitFor({ state: 'detached' });
  assert.match(await used(page), /proteins/);
});

test('what is missing is said, and its place is taken by a calibration of its own', async (t) => {
  const folder = await scratchFolder(t);
  const files = await modalityFiles(folder);
  const { page } = await openWith(t, files.three, files.tenx);
  assert.equal(await page.innerText('#modalities-missing'), 'Missing: chromatin');
  const { query } = await simulatedQuery(folder, 200);
  await chooseFiles(page, { query });
  await page.locator('#modalities-missing', { hasText: 'Missing: proteins, chromatin' }).waitFor();
  assert.equal(await used(page), 'Used: RNA (200 of 200 genes)');
  assert.equal(await page.locator('[data-modality] input').count(), 1, 'only what is there can be chosen');
  await annotate(page);
  assertSameLabels(await labelsOf(page), await labelsOfCommand(folder, { model: files.three, query }), kTolerance);
  assert.equal(await page.locator('#used-modalities button').count(), 0);
});

test('the map is coloured by a protein, and its values are spread by label; with a model of RNA, too', async (t) => {
  const files = await modalityFiles(await scratchFolder(t));
  for (const model of [files.two, tinyModel]) {
    const { page, errors } = await openPage(t);
    await chooseFiles(page, { model, query: files.h5mu });
    await annotate(page);
    const proteins = page.locator('#colour-by optgroup[label=Proteins] option');
    await proteins.first().waitFor({ state: 'attached' });
    assert.deepEqual((await proteins.allInnerTexts()).slice(0, 4), ['CD3', 'CD4', 'CD8a', 'CD14']);
    assert.equal(await proteins.count(), 9);
    const picture = async () => createHash('sha256').update(await page.locator('.map-frame canvas').first().screenshot()).digest('hex');
    const before = await picture();
    await page.selectOption('#colour-by', { label: 'CD14' });
    await page.locator('p#map-legend', { hasText: 'CD14 protein' }).waitFor();
    assert.notEqual(await picture(), before);
    await openTab(page, 'genes');
    await page.getByRole('heading', { name: 'CD14 protein by label' }).waitFor();
    await page.locator('figure', { hasText: 'CD14 protein by label' }).getByText('centred log-ratio of the counts').waitFor();
    assert.deepEqual(errors, []);
  }
});

test('switching a modality off can be undone, and is kept with the session', async (t) => {
  const folder = await scratchFolder(t);
  const files = await modalityFiles(folder);
  const { page } = await openWith(t, files.two, files.h5mu);
  await page.uncheck('#use-adt');
  await page.waitForSelector('#modalities-set-aside');
  await page.keyboard.press('Control+z');
  await page.locator('#modalities-set-aside').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+y');
  await page.waitForSelector('#modalities-set-aside');
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('plkd-session')));
  await page.reload({ waitUntil: 'networkidle' });
  await chooseFiles(page, { model: files.two, query: files.h5mu });
  await page.waitForSelector('#modalities-set-aside');
  assert.equal(await used(page), 'Used: RNA (200 of 200 genes)');
});

for (const webGpu of [true, false]) {
  test(`onnxruntime takes several inputs ${webGpu ? 'on WebGPU' : 'on the processor'}`, async (t) => {
    const folder = await scratchFolder(t);
    const files = await modalityFiles(folder);
    const { page } = await openWith(t, files.three, files.h5mu, { webGpu });
    if (webGpu) await page.selectOption('#engine', 'webgpu');
    await annotate(page);
    if (webGpu) {
      assert.match(await page.innerText('#engine-report'), /onnxruntime on WebGPU/);
      assertSameLabels(await labelsOf(page), await labelsOfCommand(folder, { model: files.three, query: files.h5mu }), 1e-4);
    }
    for (const off of [null, 'adt', 'atac']) {
      if (off) {
        const mark = `#used-modalities button[data-modality=${off}]`;
        await page.click(mark);
        await page.locator(mark, { hasText: 'Annotate with ' }).waitFor();
      }
      await openTab(page, 'again');
      await page.click('#verify');
      await page.waitForSelector('#verify-result');
      const found = await page.$eval('#verify-result', ({ dataset }) => ({ ...dataset }));
      assert.equal(found.device, webGpu ? 'webgpu' : 'cpu');
      assert.equal(found.sameLabels, found.cells);
      assert.ok(Number(found.maxLogit) <= kAgainstOrt, `${off}: ${found.maxLogit}`);
      t.diagnostic(`without ${off ?? 'nothing'}: largest difference of a logit ${found.maxLogit}`);
    }
  });
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing to mend about modalities (${colorScheme})`, async (t) => {
    const files = await modalityFiles(await scratchFolder(t));
    const { page } = await openWith(t, files.two, files.h5mu, { colorScheme });
    await annotate(page);
    await page.getByRole('button', { name: 'Annotate without proteins' }).click();
    await page.waitForSelector('#changed-labels');
    assert.deepEqual(await violationsOf(page), []);
  });
}
