import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const site = here('../build/site');

// Puts the models that the page offers beside it, with the list of them.
const gallery = {
  name: 'gallery',
  apply: 'build',
  closeBundle() {
    const models = here('../models');
    mkdirSync(join(site, 'models'));
    const listed = JSON.parse(readFileSync(join(models, 'gallery.json'), 'utf8')).map(({ file }) => file);
    for (const file of ['gallery.json', ...listed]) copyFileSync(join(models, file), join(site, 'models', file));
  },
};

// Puts service_worker.js beside index.html, where it may answer for the whole site, with the list of what to keep.
const serviceWorker = {
  name: 'service-worker',
  apply: 'build',
  closeBundle() {
    const files = ['', 'assets', 'models'].flatMap((folder) =>
      readdirSync(join(site, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(folder, entry.name)),
    );
    const kept = files.filter((file) => !/assets\/ort[.-]|\.onnx$/.test(file)).sort();
    const digest = createHash('sha256');
    for (const file of kept) digest.update(file).update(readFileSync(join(site, file)));
    const lines = [
      `const kVersion = '${digest.digest('hex').slice(0, 16)}';`,
      `const kFiles = ${JSON.stringify(['./', ...kept.map((file) => `./${file}`)])};`,
      readFileSync(here('service_worker.js'), 'utf8'),
    ];
    writeFileSync(join(site, 'service_worker.js'), lines.join('\n'));
  },
};

export default defineConfig({
  // Relative addresses: the built folder works from any subpath of any static host.
  base: './',
  plugins: [gallery, serviceWorker],
  resolve: { alias: { 'plkd-core': process.env.PLKD_WASM_BIN ?? here('../build/wasm/bin') } },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  // The worker loads onnxruntime with a dynamic import, which only ES module workers have.
  worker: { format: 'es' },
  build: {
    outDir: site,
    emptyOutDir: true,
    target: 'es2022',
    // Nothing becomes a data: address, so a page with a strict content policy still works.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
