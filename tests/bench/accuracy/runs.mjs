// Trains and evaluates the parts of a pair with the programs as a user starts them. A model is kept in build/bench/accuracy/models
// and taken from there as long as it is newer than the program that made it (or always, with `keepModels`), so an interrupted
// benchmark goes on.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const data = path.resolve(root, '../shared/data');
export const work = path.join(root, 'build/bench/accuracy');
const program = (name) => path.join(root, 'build/release/bin', name);
const fold = 'fold';

export const pairs = JSON.parse(readFileSync(new URL('pairs.json', import.meta.url), 'utf8'));

// Reference and query of a pair: one, or one for each value left out; `drop` goes from both.
export function partsOf(pair) {
  if (!pair.leave_out) return [pair];
  const { file, column, values, drop = [] } = pair.leave_out;
  return values.map((value) => ({
    labels: pair.labels,
    reference: { file, drop: [`${column}=${value}`, ...drop] },
    query: { file, where: [`${column}=${value}`], drop },
  }));
}

export const needsFolds = (pair) => pair.leave_out?.column === fold;

// Files with folds are copies that peers.py made.
function fileOf(side) {
  const folds = path.join(work, `${side.file}_folds.h5ad`);
  const isFolded = [...(side.where ?? []), ...(side.drop ?? [])].some((condition) => condition.startsWith(`${fold}=`));
  return isFolded ? folds : path.join(data, `${side.file}.h5ad`);
}

function cellsOf(side) {
  const words = ['--cells', fileOf(side)];
  for (const key of ['where', 'drop']) for (const condition of side[key] ?? []) words.push(`--${key}`, condition);
  return words;
}

const nameOf = (words) => words.join('_').replaceAll(/[^A-Za-z0-9.+=-]+/g, '_');

// The model of a reference, and how long it took to train.
export function trained(part, seed, options, keepModels) {
  const { file, where = [], drop = [] } = part.reference;
  const name = nameOf([file, ...where, ...drop.map((condition) => `no-${condition}`), part.labels, ...options, `seed${seed}`]);
  const model = path.join(work, 'models', `${name}.onnx`);
  const record = path.join(work, 'models', `${name}.json`);
  const isOld = () => !keepModels && statSync(record).mtimeMs < statSync(program('plkd-train')).mtimeMs;
  if (!existsSync(record) || isOld()) {
    mkdirSync(path.dirname(model), { recursive: true });
    const begin = performance.now();
    const words = ['train', '--quiet', ...cellsOf(part.reference), '--labels', part.labels, '--seed', seed, '--out', model];
    execFileSync(program('plkd'), [...words, ...options], { stdio: 'inherit' });
    writeFileSync(record, JSON.stringify({ seconds: (performance.now() - begin) / 1000 }));
  }
  return { model, name, seconds: JSON.parse(readFileSync(record, 'utf8')).seconds };
}

// Scores of one part with one seed, as `plkd evaluate --json` writes them.
function evaluated(part, seed, { training, evaluation, keepModels }) {
  const { model, name, seconds } = trained(part, seed, training, keepModels);
  const { file, where = [] } = part.query;
  const report = path.join(work, 'reports', `${nameOf([name, 'on', file, ...where, ...evaluation])}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  const words = ['evaluate', '--quiet', '--model', model, ...cellsOf(part.query), '--labels', part.labels, '--json', report];
  execFileSync(program('plkd'), [...words, ...evaluation], { stdio: 'inherit' });
  return { ...JSON.parse(readFileSync(report, 'utf8')), seconds, report };
}

const kMeasures = [
  'accuracy', 'macro_f1', 'balanced_accuracy', 'ece', 'coverage', 'accuracy_at_coverage', 'promised_error', 'expected_error_at_shift',
  'observed_error', 'unknown_auroc', 'fpr_at_95_tpr', 'seconds',
];
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// One seed of a pair: each measure is the mean over the parts that have it; null where none has.
export function runPair(pair, seed, { training = [], evaluation = [], keepModels = false } = {}) {
  const parts = partsOf(pair).map((part) => evaluated(part, seed, { training, evaluation, keepModels }));
  const run = { seed, cells_known: parts.reduce((sum, part) => sum + part.cells_known, 0), reports: parts.map((p) => p.report) };
  for (const key of kMeasures) {
    const values = parts.map((part) => part[key]).filter(Number.isFinite);
    run[key] = values.length === 0 ? null : mean(values);
  }
  return run;
}

const kPython = '/usr/bin/python3'; // Debian's, which its python3-sklearn belongs to
const peersProgram = fileURLToPath(new URL('peers.py', import.meta.url));
const peers = (words, stdio) =>
  spawnSync(kPython, ['-B', peersProgram, ...words], { stdio, env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' } });

export const canRunPeers = () => spawnSync(kPython, ['-c', 'import sklearn, scipy, h5py']).status === 0;
export const howToGetPeers = 'apt-get install python3-sklearn python3-h5py';

export function writeFolds(chosen) {
  if (peers(['--folds', '--pairs', chosen.map((pair) => pair.name).join(',')], 'inherit').status !== 0)
    throw new Error('peers.py --folds failed');
}

// Scores of the peers by pair; those that are missing are trained first.
export function peersOf(chosen) {
  if (peers(['--pairs', chosen.map((pair) => pair.name).join(',')], ['ignore', 'ignore', 'inherit']).status !== 0)
    throw new Error('peers.py failed');
  return JSON.parse(readFileSync(path.join(work, 'peers.json'), 'utf8')).pairs;
}

// Do our figures follow from our confusion matrices? Says so on standard error and returns false when not.
export const checkWithPeers = (reports) => peers(['--check', ...reports], ['ignore', 'ignore', 'inherit']).status === 0;
