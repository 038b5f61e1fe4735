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
  const steps = await panel.locator('[aria-current=step], .walk-step, [role=tab]').count();
  assert.ok(steps > 0);
  for (let step = 0; step < 4; step++) await panel.getByRole('button', { name: /^Next/ }).click();
  assert.ok((await panel.innerText()).includes(label));
  const depth = panel.locator('input[type=range]').first();
  await depth.fill(await depth.getAttribute('min'));
  await page.waitForFunction(() => /of \d+ cells|\d+ of/.test(document.querySelector('.tab-panel').innerText));
  assert.deepEqual(errors, []);
});
