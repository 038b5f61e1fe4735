// Two engines, one answer; and WebGPU's absence stops nobody.
import assert from 'node:assert/strict';
import test from 'node:test';
import { annotate, chooseFiles, downloadLabels, openPage, openTab } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { labelsOfProgram, scratchFolder, simulatedQuery, someQuery } from './support/paths.mjs';

const kTolerance = 1e-4; // seen 3e-6 on SwiftShader; real graphics cards reorder sums

async function verified(page) {
  await openTab(page, 'again');
  await page.click('#verify');
  await page.waitForSelector('#verify-result');
  return page.$eval('#verify-result', ({ dataset }) => ({
    device: dataset.device,
    cells: Number(dataset.cells),
    sameLabels: Number(dataset.sameLabels),
    maxProbability: Number(dataset.maxProbability),
    maxLogit: Number(dataset.maxLogit),
  }));
}

// Code that every worker runs before its own.
async function runInWorkers(page, code) {
  await page.route(/\/assets\/main-.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: code + (await response.text()) });
  });
}

test('Verify: WebGPU agrees with WebAssembly on 64 cells or more', async (t) => {
  const { page, requests } = await openPage(t);
  await chooseFiles(page, await someQuery(await scratchFolder(t)));
  await annotate(page);
  assert.ok(!requests.some((url) => /\bort\b/.test(url)), 'onnxruntime is loaded only when it is needed');
  const result = await verified(page);
  t.diagnostic(JSON.stringify(result));
  assert.equal(result.device, 'webgpu');
  assert.ok(result.cells >= 64);
  assert.equal(result.sameLabels, result.cells);
  assert.ok(result.maxProbability <= kTolerance && result.maxLogit <= kTolerance);
});

test('Verify compares with onnxruntime on the processor where there is no WebGPU', async (t) => {
  const { page } = await openPage(t, { webGpu: false });
  await chooseFiles(page, await someQuery(await scratchFolder(t)));
  await annotate(page);
  const result = await verified(page);
  assert.equal(result.device, 'cpu');
  assert.equal(result.sameLabels, result.cells);
  assert.ok(result.maxProbability <= kTolerance && result.maxLogit <= kTolerance);
});

test('annotating with WebGPU gives the labels of the command line', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 200);
  const { page } = await openPage(t);
  await chooseFiles(page, files);
  await page.selectOption('#engine', 'webgpu');
  await annotate(page);
  assert.match(await page.innerText('#engine-report'), /onnxruntime on WebGPU/);
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder)), kTolerance);
  assert.equal(labels.length, 200);
});

test('WebGPU chosen where there is none: WebAssembly does the work and the page says so', async (t) => {
  const { page } = await openPage(t, { webGpu: false });
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 200));
  await page.selectOption('#engine', 'webgpu');
  await annotate(page);
  assert.match(await page.innerText('.notice'), /no WebGPU adapter.*WebAssembly took over/);
  assert.match(await page.innerText('#engine-report'), /C\+\+ in WebAssembly/);
});

test('a graphics device lost on the way: WebAssembly finishes what is left', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 600);
  const { page } = await openPage(t);
  // The device destroys itself after its tenth submission.
  await runInWorkers(page, `
    const submit = GPUQueue.prototype.submit;
    const request = GPUAdapter.prototype.requestDevice;
    let device, submitted = 0;
    GPUAdapter.prototype.requestDevice = async function (options) { return (device = await request.call(this, options)); };
    GPUQueue.prototype.submit = function (buffers) { submit.call(this, buffers); if (++submitted === 10) device.destroy(); };
  `);
  await chooseFiles(page, files);
  await page.selectOption('#engine', 'webgpu');
  await annotate(page);
  assert.match(await page.innerText('.notice'), /WebAssembly took over/);
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder)), kTolerance);
});

test('with a real graphics card and a long way to go, both engines are timed on the first cells', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 600);
  const { page } = await openPage(t);
  // SwiftShader passes for a card, and the page's clock runs fast, so that a short run looks long.
  await runInWorkers(page, `
    Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
    Object.defineProperty(GPUAdapterInfo.prototype, 'architecture', { get: () => 'made-up card' });
  `);
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => 200 * now();
  });
  await chooseFiles(page, files);
  await annotate(page);
  const report = await page.innerText('#engine-report');
  assert.match(report, /On your first cells WebGPU reached [\d,]+ cells\/s and WebAssembly [\d,]+\./);
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder)), kTolerance);
});

test('several workers share the cells of a large query and lose none', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 9000);
  const { page } = await openPage(t);
  await page.evaluate(() => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 5 }));
  await chooseFiles(page, files);
  await annotate(page);
  assert.match(await page.innerText('#engine-report'), /C\+\+ in WebAssembly, 2 workers/);
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder)), 1e-5);
  assert.equal(labels.length, 9000);
});
