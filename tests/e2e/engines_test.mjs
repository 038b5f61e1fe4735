// Two engines, one answer; and WebGPU's absence stops nobody.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { annotate, chooseFiles, downloadLabels, kMadeUpCard, openPage, openTab, runInWorkers } from './support/browser.mjs';
import { assertSameLabels, readLabels } from './support/labels.mjs';
import { inRoot, labelsOfProgram, saidByProgram, scratchFolder, simulatedQuery, someQuery } from './support/paths.mjs';

const kTolerance = 1e-4; // seen 3e-6 on SwiftShader; real graphics cards reorder sums

async function annotateOnWebgpu(page, files) {
  await chooseFiles(page, files);
  await page.selectOption('#engine', 'webgpu');
  await annotate(page);
}

async function assertLabelsOfProgram(page, files, folder) {
  const labels = await readLabels((await downloadLabels(page)).path);
  assertSameLabels(labels, await readLabels(await labelsOfProgram(files, folder)), kTolerance);
  return labels;
}

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

async function genesOf(model) {
  return Number(/mlp-v\d:(\d+)-/.exec(await saidByProgram('describe', model))[1]);
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
  await annotateOnWebgpu(page, files);
  assert.match(await page.innerText('#engine-report'), /onnxruntime on WebGPU/);
  assert.equal((await assertLabelsOfProgram(page, files, folder)).length, 200);
});

test('WebGPU chosen where there is none: WebAssembly does the work and the page says so', async (t) => {
  const { page } = await openPage(t, { webGpu: false });
  await annotateOnWebgpu(page, await simulatedQuery(await scratchFolder(t), 200));
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
  await annotateOnWebgpu(page, files);
  assert.match(await page.innerText('.notice'), /WebAssembly took over/);
  await assertLabelsOfProgram(page, files, folder);
});

// The device's side of a run, as the worker sees it: bytes it sends of each of our buffers, and reads that it waits for.
const kTrace = `
  self.trace = [];
  const write = GPUQueue.prototype.writeBuffer;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...rest) {
    if (buffer.label.startsWith('plkd')) self.trace.push({ what: buffer.label, bytes: data.byteLength });
    return write.call(this, buffer, offset, data, ...rest);
  };
  const map = GPUBuffer.prototype.mapAsync;
  GPUBuffer.prototype.mapAsync = function (...words) {
    self.trace.push({ what: 'wait' });
    return map.apply(this, words).then((value) => { self.trace.push({ what: 'waited' }); return value; });
  };
`;

async function traceOfGraphics(page) {
  const traces = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.trace)));
  const [trace, ...others] = traces.filter((steps) => steps?.some(({ what }) => what === 'plkd counts'));
  assert.equal(others.length, 0);
  return trace;
}

test('on WebGPU the next batch is sent while one is run, as a word an entry', async (t) => {
  const files = { ...(await simulatedQuery(await scratchFolder(t), 600)), model: inRoot('models/pbmc.onnx') };
  const { page } = await openPage(t);
  await runInWorkers(page, kTrace);
  await annotateOnWebgpu(page, files);
  assert.match(await page.innerText('#engine-report'), /cells\/s with onnxruntime on WebGPU/);
  const trace = await traceOfGraphics(page);
  // For each batch, the results that had come back, and those that were waited for, when its counts were sent.
  const [sent, seen] = [[], { wait: 0, waited: 0 }];
  for (const { what } of trace) {
    if (what === 'plkd counts') sent.push({ ...seen });
    else if (what in seen) seen[what]++;
  }
  assert.equal(sent.length, 10, '600 cells by 64');
  const [ofBatch, rest] = [seen.waited / 10, seen.waited % 10];
  assert.ok(ofBatch > 0 && rest === 0);
  // A call of the page has 8 batches: nothing of the one before its first is left, but all of its others begin while one is run.
  const isAhead = sent.map(({ waited }, batch) => waited < batch * ofBatch);
  assert.deepEqual(isAhead, sent.map((_, batch) => batch % 8 !== 0));
  const idle = sent.filter(({ wait, waited }) => wait === waited).length;
  t.diagnostic(`${sent.length - idle} of ${sent.length} batches were sent while results of another were waited for`);
  const bytes = trace.reduce((sum, step) => sum + (step.bytes ?? 0), 0);
  const dense = 4 * 600 * (await genesOf(files.model));
  t.diagnostic(`${bytes} bytes sent, ${(dense / bytes).toFixed(1)} times less than dense`);
  assert.ok(bytes < dense / 5);
});

test('a graphics device without half precision will do', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 100);
  const { page } = await openPage(t);
  await runInWorkers(page, `
    Object.defineProperty(GPUAdapter.prototype, 'features', { get: () => new Set() });
    Object.defineProperty(GPUDevice.prototype, 'features', { get: () => new Set() });
  `);
  await annotateOnWebgpu(page, files);
  assert.match(await page.innerText('#engine-report'), /cells\/s with onnxruntime on WebGPU/);
  await assertLabelsOfProgram(page, files, folder);
});

test('a graphics device with too little room: WebAssembly does the work and the page says why', async (t) => {
  const files = await simulatedQuery(await scratchFolder(t), 100);
  const { page } = await openPage(t);
  await runInWorkers(page, `
    Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBufferBindingSize', { get: () => 4096 });
  `);
  await annotateOnWebgpu(page, files);
  assert.match(await page.innerText('.notice'), /takes at most 4,096 bytes at once, and this model needs [\d,]+\); WebAssembly took over/);
  assert.match(await page.innerText('#engine-report'), /cells\/s with C\+\+ in WebAssembly, 1 worker\./);
});

test('little room for a batch: smaller batches, the same labels', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 100);
  const { page } = await openPage(t);
  const room = (await readFile(files.model)).length;
  await runInWorkers(page, `
    Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBufferBindingSize', { get: () => ${room} });
    ${kTrace}
  `);
  await annotateOnWebgpu(page, files);
  const sent = (await traceOfGraphics(page)).filter(({ what }) => what === 'plkd counts');
  assert.equal(sent.length, Math.ceil(100 / Math.min(64, Math.floor(room / (8 * (await genesOf(files.model)))))));
  await assertLabelsOfProgram(page, files, folder);
});

test('a step that the device refuses is no result: WebAssembly takes over', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 60);
  const { page } = await openPage(t);
  // The counts are written past the end of their buffer, which is an error that nothing throws.
  await runInWorkers(page, `
    const write = GPUQueue.prototype.writeBuffer;
    GPUQueue.prototype.writeBuffer = function (buffer, offset, ...rest) {
      return write.call(this, buffer, buffer.label === 'plkd counts' ? 4 * buffer.size : offset, ...rest);
    };
  `);
  await annotateOnWebgpu(page, files);
  assert.match(await page.innerText('.notice'), /the graphics device refused a step: .*WebAssembly took over/s);
  await assertLabelsOfProgram(page, files, folder);
});

test('a graphics driver that never answers is given up, and WebAssembly does its cells, too', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 600);
  const { page } = await openPage(t);
  // The third batch is never read back; of the page's long time limits all but the first, which is for starting, are short.
  await runInWorkers(page, `
    const map = GPUBuffer.prototype.mapAsync;
    let maps = 0;
    GPUBuffer.prototype.mapAsync = function (...words) {
      return ++maps > 8 ? new Promise(() => {}) : map.apply(this, words);
    };
  `);
  await page.evaluate(() => {
    const later = window.setTimeout.bind(window);
    let limits = 0;
    window.setTimeout = (call, ms, ...words) => later(call, ms >= 90_000 && limits++ > 0 ? 5000 : ms, ...words);
  });
  await annotateOnWebgpu(page, files);
  assert.match(await page.innerText('.notice'), /did not answer.*WebAssembly took over/);
  assert.match(await page.innerText('#engine-report'), /cells\/s with C\+\+ in WebAssembly, 1 worker\./);
  await assertLabelsOfProgram(page, files, folder);
});

test('with a real graphics card and a long way to go, both engines are timed on the first cells', async (t) => {
  const folder = await scratchFolder(t);
  const files = await simulatedQuery(folder, 600);
  const { page } = await openPage(t);
  // The page's clock runs fast, so that a short run looks long.
  await runInWorkers(page, kMadeUpCard);
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => 1000 * now();
  });
  await chooseFiles(page, files);
  await annotate(page);
  const report = await page.innerText('#engine-report');
  assert.match(report, /On your first cells WebGPU reached [\d,]+ cells\/s and WebAssembly [\d,]+\./);
  await assertLabelsOfProgram(page, files, folder);
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
