// A hundred thousand cells: first labels at once, a page that stays awake, a Cancel that stops.
import assert from 'node:assert/strict';
import test from 'node:test';
import { annotate, chooseFiles, openPage } from './support/browser.mjs';
import { scratchFolder, simulatedQuery } from './support/paths.mjs';

const kCells = 100_000;
const kLongestMs = 100;
const kFirstLabelsMs = 2000;
const kAttempts = 3;

// Annotates, while somebody selects and scrolls; ms to the first labels, and the longest task of the main thread: as the clock has
// it, and the processor's time alone, which other programs do not lengthen.
async function watchedRun(page) {
  await page.waitForSelector('#annotate:enabled');
  await page.evaluate(() => {
    globalThis.firstLabels = new Promise((seen) => {
      document.querySelector('#annotate').addEventListener('click', () => {
        const begin = performance.now();
        const watcher = new MutationObserver(() => {
          if (!document.querySelector('#cancel') || !document.querySelector('.rows .row')) return;
          watcher.disconnect();
          seen(performance.now() - begin);
        });
        watcher.observe(document.body, { childList: true, subtree: true });
      }, { once: true });
    });
  });
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ['toplevel'] });
  await page.click('#annotate');
  const first = await page.evaluate(() => globalThis.firstLabels);
  await page.locator('.counts .count').first().click();
  await page.locator('.map-frame').hover();
  await page.mouse.wheel(0, 400);
  await page.waitForSelector('#engine-report', { timeout: 300_000 });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const tasks = traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && main.some((thread) => thread.pid === pid && thread.tid === tid));
  const longest = (key) => Math.max(...tasks.map((task) => (task[key] ?? 0) / 1000));
  return { first, longestMs: longest('dur'), longestProcessorMs: longest('tdur'), tasks: tasks.length };
}

test('100,000 cells are annotated without a long task on the page’s main thread', async (t) => {
  const { page, errors } = await openPage(t);
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), kCells));
  // Others may be at work on the machine: a page that blocks does so every time.
  let best = { first: Infinity, longest: Infinity };
  for (let attempt = 0; attempt < kAttempts && !(best.first <= kFirstLabelsMs && best.longest <= kLongestMs); attempt++) {
    const { first, longestMs, longestProcessorMs, tasks } = await watchedRun(page);
    t.diagnostic(`first labels after ${Math.round(first)} ms; of ${tasks} tasks the longest ${Math.round(longestMs)} ms, ${Math.round(longestProcessorMs)} ms of the processor`);
    assert.ok(tasks > 100 && longestProcessorMs > 0, 'the trace has the tasks');
    best = { first: Math.min(best.first, first), longest: Math.min(best.longest, longestProcessorMs) };
  }
  assert.ok(best.longest <= kLongestMs, `a task of ${Math.round(best.longest)} ms`);
  assert.ok(best.first <= kFirstLabelsMs, `first labels after ${Math.round(best.first)} ms`);
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
