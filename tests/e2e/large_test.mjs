// A hundred thousand cells: first labels at once, a page that stays awake, a Cancel that stops.
import assert from 'node:assert/strict';
import test from 'node:test';
import { annotate, chooseFiles, openPage } from './support/browser.mjs';
import { scratchFolder, simulatedQuery } from './support/paths.mjs';

const kCells = 100_000;
const kLongestMs = 100;
const kFirstLabelsMs = 2000;

test('100,000 cells are annotated without a long task on the page’s main thread', async (t) => {
  const files = await simulatedQuery(await scratchFolder(t), kCells);
  const { page, errors } = await openPage(t);
  await chooseFiles(page, files);
  await page.waitForSelector('#annotate:enabled');
  await page.evaluate(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration, startTime } of list.getEntries()) globalThis.longTasks.push({ duration, startTime });
    }).observe({ type: 'longtask' });
    globalThis.firstLabels = new Promise((seen) => {
      const start = performance.now();
      document.querySelector('#annotate').addEventListener('click', () => {
        const begin = performance.now();
        new MutationObserver((_, observer) => {
          if (!document.querySelector('.rows .row')) return;
          observer.disconnect();
          seen(performance.now() - begin);
        }).observe(document.body, { childList: true, subtree: true });
      }, { once: true });
      void start;
    });
  });
  await page.click('#annotate');
  const first = await page.evaluate(() => globalThis.firstLabels);
  // While labels come the page scrolls, selects and zooms.
  await page.locator('.counts .count').first().click();
  await page.locator('.map-frame').hover();
  await page.mouse.wheel(0, 400);
  await page.waitForSelector('#engine-report', { timeout: 300_000 });
  const while_ = await page.evaluate(() => globalThis.longTasks);
  const longest = Math.max(0, ...while_.map(({ duration }) => duration));
  t.diagnostic(`first labels after ${Math.round(first)} ms; ${while_.length} tasks over 50 ms, the longest ${Math.round(longest)} ms`);
  assert.ok(longest <= kLongestMs, `a task of ${Math.round(longest)} ms`);
  assert.ok(first <= kFirstLabelsMs, `first labels after ${Math.round(first)} ms`);
  assert.equal(await page.getAttribute('#engine-report', 'data-cells'), String(kCells));
  assert.deepEqual(errors, []);
});

test('Cancel stops 100,000 cells at once, and the page is ready for more', async (t) => {
  const folder = await scratchFolder(t);
  const { page } = await openPage(t);
  await chooseFiles(page, await simulatedQuery(folder, kCells));
  await page.locator('#annotate:enabled').click();
  await page.waitForSelector('.rows .row');
  const begin = Date.now();
  await page.click('#cancel');
  await page.waitForSelector('#annotate:enabled');
  assert.ok(Date.now() - begin < 2000);
  for (let k = 0; k < 20 && page.workers().length > 0; k++) await page.waitForTimeout(50);
  assert.equal(page.workers().length, 0);
  await chooseFiles(page, { query: (await simulatedQuery(folder, 200)).query });
  await annotate(page);
  assert.equal(await page.getAttribute('#engine-report', 'data-cells'), '200');
});
