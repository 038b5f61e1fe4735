import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Relative addresses: the built folder works from any subpath of any static host.
  base: './',
  resolve: { alias: { 'plkd-core': process.env.PLKD_WASM_BIN ?? here('../build/wasm/bin') } },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  // The worker loads onnxruntime with a dynamic import, which only ES module workers have.
  worker: { format: 'es' },
  build: {
    outDir: here('../build/site'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing becomes a data: address, so a page with a strict content policy still works.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
