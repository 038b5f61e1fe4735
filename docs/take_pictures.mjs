// Takes the pictures of the page that the README shows, into docs/pictures; or every panel, light and dark, desktop and phone,
// into another folder, to be looked at.
//   node docs/take_pictures.mjs [FOLDER]    after ./run build
// Real blood cells where ../shared/data is, simulated ones elsewhere. Smaller files with Debian's pngquant.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');
const { serve } = await import(join(root, 'web/serve.mjs'));

const kFolder = join(root, 'docs/pictures');
const folder = resolve(process.argv[2] ?? kFolder);
const kShown = [
  'results_desktop_light',
  'umap_desktop_dark',
  'tab_labels_desktop_light',
  'tab_genes_desktop_light',
  'tab_own_desktop_light',
  'tab_how_desktop_dark',
  'chosen_phone_light',
  'results_phone_dark',
];
const isWanted = (name) => folder !== kFolder || kShown.includes(name);
const kRealCells = join(root, '../shared/data/pbmc_3k_10x.h5ad');
const kScreens = {
  desktop: { viewport: { width: 1240, height: 860 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 780 }, deviceScaleFactor: 1, hasTouch: true },
};
const kTabs = ['cells', 'labels', 'genes', 'patterns', 'own', 'unknown', 'decisions', 'how', 'again'];

function cellsToShow() {
  if (existsSync(kRealCells)) return kRealCells;
  const simulated = join(mkdtempSync(join(tmpdir(), 'plkd-pictures-')), 'simulated.h5ad');
  const options = ['simulate', '--profile', 'pbmc', '--cells', '3000', '--seed', '7', '--out', simulated];
  execFileSync(join(root, 'build/release/bin/plkd'), options, { stdio: 'ignore' });
  return simulated;
}

async function isStill(page) {
  await page.waitForFunction(() => !document.querySelector('.spinner'), null, { timeout: 120_000 });
  await page.waitForTimeout(500);
}

async function takeAll(page, name) {
  const shoot = async (target, what, options = {}) => {
    if (isWanted(`${what}_${name}`)) await target.screenshot({ path: join(folder, `${what}_${name}.png`), ...options });
  };
  const take = (what, options) => shoot(page, what, options);
  const takePart = (what, part) => shoot(page.locator(part).first(), what);
  await take('start');
  await page.setInputFiles('#cells-input', cells);
  await page.waitForSelector('#annotate:enabled', { timeout: 120_000 });
  await isStill(page);
  await take('chosen', { fullPage: true });
  await page.click('#annotate');
  await page.waitForSelector('#layout[data-status=done]', { timeout: 300_000 });
  await isStill(page);
  await page.locator('.results-head').scrollIntoViewIfNeeded();
  await takePart('results', '.results');
  await page.selectOption('#layout', 'umap');
  await page.waitForTimeout(1200);
  await takePart('umap', '.results-body');
  await page.selectOption('#colour-by', 'gene');
  await page.fill('#colour-gene', 'LYZ');
  await page.waitForSelector('.gene-picker button:enabled');
  await page.keyboard.press('Enter');
  await page.locator('p#map-legend', { hasText: 'LYZ' }).waitFor();
  await isStill(page);
  await takePart('gene', '.results-body');
  await page.selectOption('#colour-by', 'label');
  await page.locator('.counts .count').first().click();
  for (const tab of kTabs) {
    await page.click(`#tab-${tab}`);
    await isStill(page);
    if (tab === 'own' && (await page.locator('#find-own-labels').count()) > 0) {
      await page.click('#find-own-labels');
      await page.waitForSelector('#own-labels option:nth-child(2)', { state: 'attached' });
      const columns = await page.locator('#own-labels option').evaluateAll((options) => options.map(({ value }) => value));
      await page.selectOption('#own-labels', columns.find((column) => /cell_type|label|louvain/.test(column)) ?? columns[1]);
      await page.locator('.compare figure').waitFor();
    }
    if (tab === 'how') for (let step = 0; step < 2; step++) await page.getByRole('button', { name: 'Next' }).click();
    await isStill(page);
    await takePart(`tab_${tab}`, '.tabs');
  }
}

const cells = cellsToShow();
mkdirSync(folder, { recursive: true });
const server = await serve(join(root, 'build/site'), 0);
const browser = await chromium.launch({
  executablePath: execFileSync('sh', ['-c', 'command -v chromium']).toString().trim(),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
for (const colorScheme of ['light', 'dark']) {
  for (const [screen, options] of Object.entries(kScreens)) {
    const context = await browser.newContext({ colorScheme, locale: 'en-GB', reducedMotion: 'reduce', serviceWorkers: 'block', ...options });
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => console.error(`${screen}, ${colorScheme}: ${message}`));
    await page.goto(`http://localhost:${server.address().port}/`, { waitUntil: 'networkidle' });
    await takeAll(page, `${screen}_${colorScheme}`);
    await context.close();
  }
}
await browser.close();
server.close();
try {
  const pictures = readdirSync(folder).filter((file) => file.endsWith('.png')).map((file) => join(folder, file));
  execFileSync('pngquant', ['--quality', '60-90', '--speed', '1', '--strip', '--force', '--ext', '.png', ...pictures], { stdio: 'inherit' });
} catch (error) {
  console.error(`the pictures stay as large as they are: ${error.message}`);
}
