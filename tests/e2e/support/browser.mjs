// The page in Chromium. playwright-core is the page's own development dependency.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { inRoot, site } from './paths.mjs';

const { chromium } = createRequire(inRoot('web/package.json'))('playwright-core');
const { serve } = await import(inRoot('web/serve.mjs'));

const kArguments = [
  '--no-sandbox', // tests run as root in containers
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// Chromium gives its software adapter (SwiftShader) only when asked so.
const kWithWebGpu = [...kArguments, '--enable-unsafe-webgpu'];

const kDesktop = { width: 1280, height: 900 };
export const kLong = 120_000; // ms; machines that run tests may be slow and shared

const chromiumPath = () => execFileSync('sh', ['-c', 'command -v chromium']).toString().trim();

// A fresh browser on the page; closed when the test is over. `requests` grows with every request the page makes, `violations` with
// what the page's content policy refused. Service workers are off unless asked for: they hide requests from the tests.
export async function openPage(t, { webGpu = true, folder = site, path = '/', serviceWorkers = 'block', ...context } = {}) {
  const server = await serve(folder, 0);
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: webGpu ? kWithWebGpu : kArguments });
  t.after(async () => {
    await browser.close();
    server.close();
  });
  const page = await (await browser.newContext({ viewport: kDesktop, serviceWorkers, ...context })).newPage();
  page.setDefaultTimeout(kLong);
  const requests = [];
  const errors = [];
  const violations = [];
  page.context().on('request', (request) => requests.push(request.url()));
  page.context().on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  const origin = `http://localhost:${server.address().port}`;
  await page.goto(origin + path, { waitUntil: 'networkidle' });
  return { page, server, requests, errors, violations, origin };
}

// Code that every worker runs before its own.
export async function runInWorkers(page, code) {
  await page.route(/\/assets\/main-.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: code + (await response.text()) });
  });
}

// For runInWorkers: SwiftShader passes for a graphics card.
export const kMadeUpCard = `
  Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
  Object.defineProperty(GPUAdapterInfo.prototype, 'architecture', { get: () => 'made-up card' });
`;

export async function chooseFiles(page, { model, query }) {
  if (model) await page.setInputFiles('#model-input', model);
  if (query) await page.setInputFiles('#cells-input', query);
}

export async function annotate(page) {
  await page.locator('#annotate:enabled').click();
  await page.waitForSelector('#engine-report');
}

// One of the panels below the map.
export async function openTab(page, id) {
  await page.click(`#tab-${id}`);
  await page.waitForSelector(`#tab-${id}[aria-selected=true]`);
}

// Moves the slider from cautious to bold; returns what it says.
export async function chooseErrorRate(page, rate) {
  const said = `${Number((100 * rate).toPrecision(2))} %`;
  const slider = page.locator('#error-rate');
  for (let place = 0; place <= Number(await slider.getAttribute('max')); place++) {
    await slider.fill(String(place));
    if ((await slider.getAttribute('aria-valuetext')) === said) return;
  }
  throw new Error(`the slider never said ${said}`);
}

// What the slider offers, as shares.
export async function offeredErrorRates(page) {
  const slider = page.locator('#error-rate');
  const rates = [];
  for (let place = 0; place <= Number(await slider.getAttribute('max')); place++) {
    await slider.fill(String(place));
    rates.push(Number.parseFloat(await slider.getAttribute('aria-valuetext')) / 100);
  }
  return rates;
}

// `file`: csv, h5ad or receipt.
export async function downloadLabels(page, file = 'csv') {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`#download-${file}:enabled`)]);
  return { path: await download.path(), name: download.suggestedFilename() };
}

// The text of the problem box, as the command line joins it: "message; hint".
export async function complaintOfPage(page) {
  await page.waitForSelector('.problem');
  const lines = await page.locator('.problem p').allTextContents();
  return lines.map((line) => line.replace(/^What to do: /, '')).join('; ');
}
