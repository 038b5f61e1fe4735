// Cells of another organism than the model's: refused, with the way out one click away.
import assert from 'node:assert/strict';
import test from 'node:test';
import { annotate, chooseFiles, downloadLabels, openPage } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { annotateWithProgram, mouseOnHuman, scratchFolder } from './support/paths.mjs';

const kTolerance = 1e-5; // wasm and native sum in other orders
const skip = mouseOnHuman ? false : 'the mouse cells of ../shared/data are not there';

test('mouse cells on a human model are refused, and mapped they get the labels of the command line', { skip }, async (t) => {
  const { page } = await openPage(t);
  await chooseFiles(page, mouseOnHuman);
  const verdict = await page.locator('.verdict').innerText();
  assert.match(verdict, /the genes are of mouse .*, the model is of human/);
  assert.ok(await page.locator('#annotate').isDisabled());
  await page.getByRole('button', { name: 'Map mouse genes to human' }).click();
  await annotate(page);
  assert.match(await page.innerText('#promise'), /nothing is promised: genes of another organism/i);
  const { path } = await downloadLabels(page);
  const program = await annotateWithProgram(mouseOnHuman, await scratchFolder(t), ['--orthologues']);
  assert.ok(program.said.some((line) => line.startsWith('nothing is promised: genes of another organism')));
  assertSameLabels(await readLabels(path), await readLabels(program.out), kTolerance);
});
