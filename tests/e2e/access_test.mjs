// For everybody: keyboard alone, screen readers, contrast, languages, less motion.
import assert from 'node:assert/strict';
import test from 'node:test';
import { violationsOf } from './support/axe.mjs';
import { annotate, chooseFiles, openPage, openTab } from './support/browser.mjs';
import { readLabels } from './support/labels.mjs';
import { scratchFolder, simulatedQuery } from './support/paths.mjs';

const kTabs = ['cells', 'labels', 'genes', 'patterns', 'own', 'unknown', 'decisions', 'how', 'again'];

for (const colorScheme of ['light', 'dark']) {
  for (const [screen, options] of [['desktop', {}], ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true }]]) {
    test(`axe finds nothing wrong, before and after (${screen}, ${colorScheme})`, async (t) => {
      const { page } = await openPage(t, { colorScheme, reducedMotion: 'reduce', ...options });
      const clean = async (where) => assert.deepEqual(await violationsOf(page), [], where);
      await clean('the empty page');
      await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 300));
      await page.waitForSelector('#annotate:enabled');
      await page.click('#possible-types summary');
      await clean('files chosen');
      await annotate(page);
      await page.locator('.counts .count').first().click();
      for (const tab of kTabs) {
        await openTab(page, tab);
        await page.waitForFunction(() => !document.querySelector('.tab-panel .spinner'));
        if (tab === 'own') {
          await page.click('#find-own-labels');
          await page.selectOption('#own-labels', 'cell_type');
          await page.locator('.compare figure').waitFor();
        }
        await clean(`tab ${tab}`);
      }
      await page.setInputFiles('#cells-input', { name: 'broken.h5ad', mimeType: '', buffer: Buffer.from('no cells') });
      await page.waitForSelector('.problem');
      await clean('a problem');
    });
  }
}

test('a keyboard is enough, from choosing files to the download', async (t) => {
  const { page } = await openPage(t);
  const files = await simulatedQuery(await scratchFolder(t), 200);
  const tabTo = async (isThere, what) => {
    for (let k = 0; k < 120; k++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(isThere)) return;
    }
    assert.fail(`Tab never reached ${what}`);
  };
  // Listened to all along: between two waits Chromium may open a picker of its own.
  const pickers = [];
  page.on('filechooser', (picker) => pickers.push(picker));
  const nextPicker = async () => {
    for (let k = 0; k < 100 && pickers.length === 0; k++) await page.waitForTimeout(100);
    assert.ok(pickers.length > 0, `Enter opens the picker; the focus is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))}`);
    return pickers.shift();
  };
  const focusIs = (selector) => `document.activeElement?.matches(${JSON.stringify(selector)})`;
  // The file picker belongs to the browser; opening it and what comes after belong to the page.
  for (const [card, paths] of [['cells', files.query], ['model', files.model]]) {
    await page.evaluate(() => document.activeElement?.blur());
    await tabTo(focusIs(`[aria-labelledby=${card}-title] .card-head button`), `the button for ${card}`);
    await page.keyboard.press('Enter');
    const picker = await nextPicker();
    await picker.setFiles(paths);
    await page.waitForSelector(`[aria-labelledby=${card}-title] .figures`);
  }
  await page.waitForSelector('#annotate:enabled');
  await tabTo(focusIs('#annotate'), 'Annotate');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#engine-report');
  await tabTo(focusIs('#error-rate'), 'the slider');
  await page.keyboard.press('Home');
  assert.equal(await page.getAttribute('#error-rate', 'aria-valuetext'), '1 %');
  await tabTo(focusIs('.count'), 'a label');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#selection');
  await tabTo(focusIs('#own-name'), 'the name');
  await page.keyboard.type('mine');
  await page.keyboard.press('Enter');
  await page.locator('.counts .count', { hasText: 'mine' }).waitFor();
  await tabTo(focusIs('[role=tab]'), 'the tabs');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('#tab-labels[aria-selected=true]:focus');
  await page.keyboard.press('Control+z');
  await page.evaluate(() => document.activeElement?.blur());
  await tabTo(focusIs('#download-csv'), 'the download');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assert.equal((await readLabels(await download.path())).length, 200);
});

test('another language is a choice that is remembered; numbers follow', async (t) => {
  const { page } = await openPage(t, { locale: 'de-AT' });
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  assert.match(await page.innerText('h1'), /Zelltypen/);
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 1100));
  await annotate(page);
  assert.match(await page.innerText('#results-title'), /1\.100 Zellen/);
  assert.match(await page.innerText('#promise'), /% der vergebenen Namen sind falsch/);
  await page.selectOption('#language', 'en');
  assert.match(await page.innerText('#results-title'), /1,100 cells/, 'at once, with what is on show');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.reload();
  assert.match(await page.innerText('h1'), /Name the cell types/);
});
