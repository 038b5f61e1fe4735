// Where things are, and which real files this checkout has.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const kRoot = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

export const inRoot = (path) => join(kRoot, path);
export const site = inRoot('build/site');
const plkdProgram = inRoot('build/release/bin/plkd');

export const tinyModel = inRoot('models/tiny.onnx');
const kPbmc = { model: inRoot('models/pbmc.onnx'), query: inRoot('../shared/data/pbmc_3k_10x.h5ad'), cells: 2638 };
export const realFiles = existsSync(kPbmc.model) && existsSync(kPbmc.query) ? kPbmc : null;

// A folder that is gone when the test is over.
export async function scratchFolder(t) {
  const folder = await mkdtemp(join(tmpdir(), 'plkd-e2e-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

// Real cells where they are, simulated ones elsewhere.
export async function someQuery(folder) {
  return realFiles ?? simulatedQuery(folder, 600);
}

export async function simulatedQuery(folder, cells) {
  const query = join(folder, `simulated_${cells}.h5ad`);
  await run(plkdProgram, ['simulate', '--profile', 'pbmc', '--cells', String(cells), '--seed', '7', '--out', query]);
  return { model: tinyModel, query, cells };
}

// labels.csv as the command line writes it.
export async function labelsOfProgram({ model, query }, folder, options = []) {
  const out = join(folder, 'labels.csv');
  await run(plkdProgram, ['annotate', '--model', model, '--cells', query, '--out', out, ...options]);
  return out;
}

// What the command line says about files it refuses, without its own name and without folders. `query` may be a folder.
export async function complaintOfProgram({ model, query }, folder) {
  const options = ['--quiet', '--model', model, '--cells', query, '--out', join(folder, 'refused.csv')];
  const failed = await run(plkdProgram, ['annotate', ...options]).then(
    () => null,
    (error) => error,
  );
  if (failed?.code !== 1) throw new Error(`plkd annotate did not refuse ${basename(query)} with exit code 1`);
  const text = failed.stderr.trim().replace(/^plkd: /, '');
  return [model, query].reduce((line, path) => line.replaceAll(`${path}/`, '').replaceAll(path, basename(path)), text);
}
