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

// `path` below web/src/page.
export async function pageModule(path) {
  const { outputFiles } = buildSync({
    entryPoints: [`${kRoot}web/src/page/${path}`],
    bundle: true,
    write: false,
    format: 'esm',
    banner: { js: kBrowser },
    define: { 'navigator.languages': '["en"]' },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
