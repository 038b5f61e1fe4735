// The workers' memory does not grow with the number of cells. 90 s: simulates and annotates 120,000 cells.
import assert from 'node:assert/strict';
import test from 'node:test';
import { coreMegabytes, watchCores } from '../bench/scale_page.mjs';
import { chooseFiles, openPage } from './support/browser.mjs';
import { scratchFolder, simulatedQuery } from './support/paths.mjs';

const kMostMb = 64; // seen 24
// HDF5's caches fill, and emscripten grows memory by a fifth at a time. 80,000 cells more are 300 MB as CSR.
const kCachesMb = 12;

test('the workers’ memory does not grow from 20,000 to 100,000 cells', async (t) => {
  const folder = await scratchFolder(t);
  const sizes = [];
  for (const cells of [20_000, 100_000]) {
    const files = await simulatedQuery(folder, cells);
    const { page } = await openPage(t);
    await watchCores(page);
    await page.reload({ waitUntil: 'networkidle' });
    await chooseFiles(page, files);
    await page.locator('#annotate:enabled').click();
    let largest = 0;
    const done = page.waitForSelector('#engine-report', { timeout: 300_000 }).then(() => 'done');
    do largest = Math.max(largest, ...(await coreMegabytes(page)));
    while ((await Promise.race([done, page.waitForTimeout(500)])) !== 'done');
    assert.equal(await page.getAttribute('#engine-report', 'data-cells'), String(cells));
    sizes.push(largest);
  }
  t.diagnostic(`the largest core: ${sizes.map((size) => size.toFixed(1)).join(' and ')} MB`);
  assert.ok(sizes[0] > 0);
  assert.ok(sizes[1] <= sizes[0] + kCachesMb);
  assert.ok(sizes[1] <= kMostMb);
});
