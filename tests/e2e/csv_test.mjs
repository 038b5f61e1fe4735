// Numbers in the page's labels.csv are written as C writes them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { inRoot, scratchFolder } from './support/paths.mjs';

async function loadCsvWriter(t) {
  const vite = await import(inRoot('web/node_modules/vite/dist/node/index.js'));
  const outDir = await scratchFolder(t);
  const lib = { entry: inRoot('web/src/worker/csv.ts'), formats: ['es'], fileName: () => 'csv.mjs' };
  await vite.build({ configFile: false, root: inRoot('web'), publicDir: false, logLevel: 'error', build: { lib, outDir } });
  return import(pathToFileURL(join(outDir, 'csv.mjs')).href);
}

// Floats over all magnitudes a probability can have, and exact ties, which C rounds to the even digit.
function someFloats() {
  const floats = [0, 1, 0.5, 0.1, 0.99999994, 0.9999995, 2 ** -9, 3 * 2 ** -9, 2 ** -17, 1234567, 1e-38];
  for (let k = 1; k <= 1500; k++) floats.push((((k * 7919) % 9973) / 9973) * 10 ** -(k % 12), (2 * k + 1) * 2 ** -(k % 24));
  return [...new Float32Array(floats)];
}

test('probabilities are written as %.6g', async (t) => {
  const { formatFloat } = await loadCsvWriter(t);
  const floats = someFloats();
  const exact = floats.map((value) => (value === 0 ? '0' : value.toExponential(99)));
  const printed = execFileSync('/usr/bin/printf', ['%.6g\n', ...exact], { env: { LC_ALL: 'C' } }).toString();
  const expected = printed.trimEnd().split('\n');
  assert.deepEqual(floats.map(formatFloat), expected);
  assert.equal(formatFloat(2 ** -9), '0.00195312');
});
