// Where things are, and which real files this checkout has.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const kRoot = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

export const inRoot = (path) => join(kRoot, path);
export const site = inRoot('build/site');
const plkdProgram = inRoot('build/release/bin/plkd');

export const tinyModel = inRoot('models/tiny.onnx');
const kPbmc = { model: inRoot('models/pbmc.onnx'), query: inRoot('../shared/data/pbmc_3k_10x.h5ad'), cells: 2638 };
const kMouse = { model: kPbmc.model, query: inRoot('../shared/data/mouse_immune_tabulamuris.h5ad') };
export const mouseOnHuman = existsSync(kMouse.query) ? kMouse : null;
const kFetalCortex = inRoot('../shared/data/human_fetal_cortex_camp.h5ad');
export const fetalCortex = existsSync(kFetalCortex) ? kFetalCortex : null;
export const mouseCells = mouseOnHuman?.query ?? null;
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

export async function simulatedQuery(folder, cells, { batches = 1 } = {}) {
  const query = join(folder, `simulated_${cells}.h5ad`);
  const options = ['--profile', 'pbmc', '--cells', String(cells), '--batches', String(batches), '--seed', '7'];
  await run(plkdProgram, ['simulate', ...options, '--out', query]);
  return { model: tinyModel, query, cells };
}

// labels.csv as the command line writes it.
export async function labelsOfProgram({ model, query }, folder, options = []) {
  return (await annotateWithProgram({ model, query }, folder, options)).out;
}

// The same, with what the command line says about the labels.
export async function annotateWithProgram({ model, query }, folder, options = []) {
  const out = join(folder, 'labels.csv');
  const { stdout } = await run(plkdProgram, ['annotate', '--model', model, '--cells', query, '--out', out, ...options]);
  return { out, said: stdout.trimEnd().split('\n') };
}

// What another verb of the command line prints.
export async function saidByProgram(...words) {
  return (await run(plkdProgram, words)).stdout;
}

// A command for people, in a folder, by the program that was built.
export async function runShell(folder, command) {
  const path = `${dirname(plkdProgram)}:${process.env.PATH}`;
  await run('sh', ['-c', command], { cwd: folder, env: { ...process.env, PATH: path } });
}

// patterns.csv and markers.csv, as lines of fields; no field of these holds a comma.
export async function explainWithProgram({ model, query }, folder, options = []) {
  const [out, markers] = [join(folder, 'patterns.csv'), join(folder, 'markers.csv')];
  const files = ['--model', model, '--cells', query, '--out', out, '--markers', markers];
  await run(plkdProgram, ['explain', '--quiet', ...files, ...options]);
  const lines = async (path) => (await readFile(path, 'utf8')).trimEnd().split('\n').slice(1).map((line) => line.split(','));
  return { cells: await lines(out), markers: await lines(markers) };
}

// The model of the tests without something that models may lack: the list under this key is emptied in place, the file's
// length stays.
export async function modelWithout(key, folder) {
  const bytes = await readFile(tinyModel, 'latin1');
  const begin = bytes.indexOf(`"${key}":[`) + key.length + 4;
  if (begin < key.length + 4) throw new Error(`models/tiny.onnx has no "${key}"`);
  let [end, depth] = [begin, 1];
  for (; depth > 0; end++) depth += bytes[end] === '[' ? 1 : bytes[end] === ']' ? -1 : 0;
  const path = join(folder, `without_${key}.onnx`);
  await writeFile(path, bytes.slice(0, begin) + ' '.repeat(end - 1 - begin) + bytes.slice(end - 1), 'latin1');
  return path;
}

// A model without a Teacher, which scores no patterns: 2 s.
export async function modelWithoutPatterns(folder) {
  const [cells, model] = [join(folder, 'reference.h5ad'), join(folder, 'plain.onnx')];
  await run(plkdProgram, ['simulate', '--profile', 'pbmc', '--cells', '300', '--seed', '3', '--out', cells]);
  const options = ['--teacher-share', '0', '--genes', '100', '--student-epochs', '1'];
  await run(plkdProgram, ['train', '--quiet', '--cells', cells, '--labels', 'cell_type', '--out', model, ...options]);
  return model;
}

// Cells of several modalities as an h5mu and a 10x file, and made-up models of two and of three: support/modality_files.cpp.
export async function modalityFiles(folder) {
  await run(inRoot('build/release/bin/plkd_modality_files'), [folder]);
  const [h5mu, tenx, two, three] = ['cells.h5mu', 'cells_10x.h5', 'two.onnx', 'three.onnx'].map((name) => join(folder, name));
  return { h5mu, tenx, two, three, cells: 400 };
}

async function trainWithTeacher(folder, cells, name, more = []) {
  const [model, teacher] = [`with_${name}.onnx`, `${name}.onnx`].map((file) => join(folder, file));
  const options = ['--genes', '100', '--teacher-epochs', '0.01', '--student-epochs', '1', '--teacher-out', teacher];
  await run(plkdProgram, ['train', '--quiet', '--cells', cells, '--labels', 'cell_type', '--out', model, ...options, ...more]);
  return { model, teacher };
}

// A small model and the Teacher that was trained with it: 8 s.
export async function modelWithTeacher(folder) {
  const cells = join(folder, 'reference.h5ad');
  await run(plkdProgram, ['simulate', '--profile', 'pbmc', '--cells', '300', '--seed', '3', '--out', cells]);
  return trainWithTeacher(folder, cells, 'teacher');
}

// The same of three modalities.
export async function modelWithTeacherOfThree(folder) {
  const { h5mu } = await modalityFiles(folder);
  return trainWithTeacher(folder, h5mu, 'teacher_of_three', ['--modality', 'adt', '--modality', 'atac']);
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
