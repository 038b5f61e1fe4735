// The walk through one real cell, and what noise does to labels.
import assert from 'node:assert/strict';
import test from 'node:test';
import { annotate, chooseFiles, openPage, openTab } from './support/browser.mjs';
import { scratchFolder, someQuery } from './support/paths.mjs';

test('one cell goes from counts to probabilities, and noise changes what it is called', async (t) => {
  const { page, errors } = await openPage(t);
  await chooseFiles(page, await someQuery(await scratchFolder(t)));
  await annotate(page);
  await page.locator('.rows .row').nth(2).click();
  await page.waitForSelector('.why .scores');
  const [name, label] = [await page.innerText('.why .file-name'), await page.innerText('.why .why-subject strong')];
  await openTab(page, 'how');
  const panel = page.locator('.tab-panel');
  await panel.getByText(name).first().waitFor();
  for (let step = 0; step < 4; step++) await panel.getByRole('button', { name: /^Next/ }).click();
  await panel.getByText('Step 5 of 5').waitFor();
  assert.match(await panel.innerText(), new RegExp(`The label is ${label}|together they have|The label is unknown`));

  const kept = async () => Number(/same label\s+([\d.]+) %/.exec(await panel.innerText())[1]);
  await panel.getByText('same label').waitFor();
  assert.equal(await kept(), 100, 'nothing is lost yet');
  const depth = panel.locator('input[type=range]').first();
  await depth.fill(await depth.getAttribute('min'));
  await page.waitForFunction(() => !/same label\s+100 %/.test(document.querySelector('.tab-panel').innerText));
  assert.ok((await kept()) < 60, 'one count of a hundred is too few for most cells');
  await panel.getByRole('button', { name: 'Reset' }).click();
  await page.waitForFunction(() => /same label\s+100 %/.test(document.querySelector('.tab-panel').innerText));
  assert.deepEqual(errors, []);
});
