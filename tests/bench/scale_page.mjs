// One run of the page in Chromium with a stopwatch: how long it took, and what memory it held.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { atRoot } from '../wasm/core.mjs';

const { chromium } = createRequire(atRoot('web/package.json'))('playwright-core');
const { serve } = await import(atRoot('web/serve.mjs'));

const kMega = 1e6;
const kLong = 3_600_000; // ms

// Lets a worker tell how large the memory of its core is.
const kHook = `for (const name of ['instantiate', 'instantiateStreaming']) {
  const made = WebAssembly[name];
  WebAssembly[name] = async (...all) => {
    const result = await made(...all);
    globalThis.coreMemory = Object.values(result.instance.exports).find((part) => part instanceof WebAssembly.Memory);
    return result;
  };
}
`;
// What measureUserAgentSpecificMemory wants of the page.
const kIsolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

// Before the page is opened, or opened again.
export async function watchCores(page) {
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), ...kIsolated };
    if (!/assets\/(?!ort).*\.js$/.test(new URL(route.request().url()).pathname)) return route.fulfill({ response, headers });
    delete headers['content-length'];
    return route.fulfill({ response, headers, body: kHook + (await response.text()) });
  });
}

// MB of the core of each worker that has one.
export async function coreMegabytes(page) {
  const sizes = await Promise.all(page.workers().map((worker) => worker.evaluate(() => globalThis.coreMemory?.buffer.byteLength ?? 0).catch(() => 0)));
  return sizes.filter((bytes) => bytes > 0).map((bytes) => bytes / kMega);
}

async function heapMegabytes(page) {
  const measured = await page.evaluate(() => performance.measureUserAgentSpecificMemory());
  return measured.bytes / kMega;
}

// Seconds of the processor that each thread of the page has had: of its own, and of its workers.
async function threadSeconds(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const seconds = new Map();
  for (const { id } of processInfo.filter(({ type }) => type === 'renderer'))
    for (const thread of readdirSync(`/proc/${id}/task`)) {
      const fields = readFileSync(`/proc/${id}/task/${thread}/stat`, 'utf8').split(') ')[1].split(' ');
      seconds.set(thread, (Number(fields[11]) + Number(fields[12])) / 100);
    }
  return seconds;
}

// `files` as the page's input takes them.
export async function runPage({ site = atRoot('build/site'), model, files, workers }) {
  const server = await serve(site, 0);
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium']).toString().trim();
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--enable-blink-features=ForceEagerMeasureMemory'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
    // The page leaves one core to itself.
    await context.addInitScript((cores) => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => cores }), workers + 1);
    const page = await context.newPage();
    page.setDefaultTimeout(kLong);
    await watchCores(page);
    await page.goto(`http://localhost:${server.address().port}/`, { waitUntil: 'networkidle' });
    await page.setInputFiles('#model-input', model);
    const opening = performance.now();
    await page.setInputFiles('#cells-input', files);
    await page.waitForSelector('#annotate:enabled');
    const opened = performance.now();
    let peak = [];
    let isOver = false;
    const watch = (async () => {
      while (!isOver) {
        const now = await coreMegabytes(page);
        peak = now.map((size, k) => Math.max(size, peak[k] ?? 0));
        await new Promise((next) => setTimeout(next, 500));
      }
    })();
    const before = await threadSeconds(browser);
    const begin = performance.now();
    await page.click('#annotate');
    await page.waitForSelector('.rows .row');
    const first = performance.now();
    await page.waitForSelector('#engine-report');
    const end = performance.now();
    const busiest = Math.max(...[...(await threadSeconds(browser))].map(([thread, seconds]) => seconds - (before.get(thread) ?? 0)));
    isOver = true;
    await watch;
    return {
      cells: Number(await page.getAttribute('#engine-report', 'data-cells')),
      openSeconds: (opened - opening) / 1000,
      firstSeconds: (first - begin) / 1000,
      seconds: (end - begin) / 1000,
      busiestSeconds: busiest, // of the processor, of the thread that had most of it
      coreMb: peak,
      totalMb: await heapMegabytes(page),
    };
  } finally {
    await browser.close();
    server.close();
  }
}
