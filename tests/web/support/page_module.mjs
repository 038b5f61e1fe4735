// A module of the page under Node: bundled as the page bundles it, with the little of a browser that it asks for.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const kRoot = fileURLToPath(new URL('../../..', import.meta.url));
const require = createRequire(`${kRoot}web/package.json`);
const { buildSync } = createRequire(require.resolve('vite'))('esbuild');

const kBrowser = `
  globalThis.document ??= { documentElement: { dataset: {} }, baseURI: 'http://localhost/' };
  globalThis.matchMedia ??= () => ({ matches: false, addEventListener() {} });
`;

// The text of a module with all that it imports; `path` below web/src.
export function bundled(path, options = {}) {
  const entry = { entryPoints: [`${kRoot}web/src/${path}`], bundle: true, write: false, format: 'esm' };
  return buildSync({ ...entry, ...options }).outputFiles[0].text;
}

// `path` below web/src/page.
export async function pageModule(path) {
  const text = bundled(`page/${path}`, { banner: { js: kBrowser }, define: { 'navigator.languages': '["en"]' } });
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}
