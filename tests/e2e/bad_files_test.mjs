// Files that cannot be annotated: the page says what the command line says, and goes on working.
import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { annotate, chooseFiles, complaintOfPage, openPage } from './support/browser.mjs';
import { complaintOfProgram, inRoot, scratchFolder, simulatedQuery, tinyModel } from './support/paths.mjs';
import { writeTenx } from './support/tenx.mjs';

// Each gives a pair of files of which one is bad.
const kBad = {
  'a file that is not HDF5': async (folder, good) => {
    await writeFile(join(folder, 'notes.h5ad'), 'these are not the cells you are looking for\n');
    return { ...good, query: join(folder, 'notes.h5ad'), names: 'notes.h5ad' };
  },
  'a truncated h5ad': async (folder, good) => {
    const whole = await readFile(good.query);
    await writeFile(join(folder, 'cut.h5ad'), whole.subarray(0, whole.length / 2));
    return { ...good, query: join(folder, 'cut.h5ad'), names: 'cut.h5ad' };
  },
  'an h5ad without X': async (folder, good) => {
    await copyFile(inRoot('tests/golden/h5ad/bad_no_matrix.h5ad'), join(folder, 'no_x.h5ad'));
    return { ...good, query: join(folder, 'no_x.h5ad'), names: 'no_x.h5ad' };
  },
  'a model that is not a model': async (folder, good) => {
    await writeFile(join(folder, 'model.onnx'), 'nor is this a model\n');
    return { ...good, model: join(folder, 'model.onnx'), names: 'model.onnx' };
  },
  'a truncated model': async (folder, good) => {
    const whole = await readFile(good.model);
    await writeFile(join(folder, 'cut.onnx'), whole.subarray(0, whole.length / 2));
    return { ...good, model: join(folder, 'cut.onnx'), names: 'cut.onnx' };
  },
};

for (const [what, make] of Object.entries(kBad)) {
  test(`${what} is refused with the words of the command line`, async (t) => {
    const folder = await scratchFolder(t);
    const good = await simulatedQuery(folder, 200);
    const bad = await make(folder, good);
    const { page, errors } = await openPage(t);
    await chooseFiles(page, bad);
    const complaint = await complaintOfPage(page);
    assert.equal(complaint, await complaintOfProgram(bad, folder));
    // "notes.txt: what is wrong; what to do", with the line where there are lines
    assert.ok(complaint.startsWith(`${bad.names}:`) && complaint.includes('; '), `names the file and a remedy: ${complaint}`);
    assert.ok(await page.locator('#annotate').isDisabled());

    await chooseFiles(page, good);
    await annotate(page);
    assert.equal(await page.locator('.problem').count(), 0);
    assert.equal(await page.getAttribute('#engine-report', 'data-cells'), '200');
    assert.deepEqual(errors, []);
  });
}

test('cells without one gene of the model are refused until it is insisted on, and another matrix puts it right', async (t) => {
  const folder = await scratchFolder(t);
  const good = await simulatedQuery(folder, 200);
  const strange = join(folder, 'strange');
  const paths = await writeTenx(strange, { genes: Array.from({ length: 300 }, (_, k) => `STRANGE${k}`), cells: 50 });
  const { page } = await openPage(t);
  await chooseFiles(page, { model: tinyModel, query: paths });
  const verdict = await page.locator('.verdict').innerText();
  const expected = await complaintOfProgram({ model: tinyModel, query: strange }, folder);
  assert.match(verdict, /only 0 of the model's/);
  assert.match(expected, /only 0 of the model's/);
  assert.ok(await page.locator('#annotate').isDisabled());
  await page.getByRole('button', { name: 'Annotate anyway' }).click();
  await page.locator('#annotate:enabled').waitFor();
  await chooseFiles(page, { query: good.query });
  await annotate(page);
  assert.equal(await page.locator('.problem').count(), 0);
});

test('two matrices at once are refused, not mixed up', async (t) => {
  const folder = await scratchFolder(t);
  const [one, two] = [await simulatedQuery(folder, 200), await simulatedQuery(folder, 600)];
  const { page } = await openPage(t);
  await page.setInputFiles('#cells-input', [one.query, two.query]);
  assert.match(await complaintOfPage(page), /simulated_200\.h5ad, simulated_600\.h5ad: more than one matrix was given; drop one/);
});
