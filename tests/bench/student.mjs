// The Student's inference, from counts to probabilities, beside what others offer, in one run: student.md says what for.
//   node tests/bench/student.mjs [--json FILE] [--rounds N] [--native FOLDER] [--wasm FOLDER]
// An MLP of 3,000 genes, 256-128-20, cells that express 7 % of the genes, one thread, processor time.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const atRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    native: { type: 'string', default: atRoot('build/release') },
    wasm: { type: 'string', default: atRoot('build/wasm') },
  },
});
const kRounds = Number(options.rounds);
const kCells = 256;
const kGenes = 3000;
const kTypes = 10;
const kReferenceCells = 2000;
const kMarkers = 26; // of a type; 20 of them tell it from another type, so that SingleR sees 260 genes, as with kana's top 20

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const best = (values) => Math.min(...values);
const processorUs = () => {
  const used = process.cpuUsage();
  return used.user + used.system;
};

// Microseconds a cell, the best of some passes.
async function bestUs(passes, run) {
  let least = Infinity;
  for (let pass = 0; pass < passes; ++pass) {
    const begin = processorUs();
    await run();
    least = Math.min(least, processorUs() - begin);
  }
  return least / kCells;
}

// Lines of plkd_student_bench, by kernel.
function ours(command, words) {
  const lines = execFileSync(command, words, { encoding: 'utf8' }).trim().split('\n').map((line) => JSON.parse(line));
  return Object.fromEntries(lines.map((line) => [line.kernel, line]));
}

// onnxruntime-web's wasm engine on the same model and cells.
async function openOnnxruntime(folder) {
  const require = createRequire(atRoot('web/package.json'));
  const ort = await import(pathToFileURL(require.resolve('onnxruntime-web')).href);
  ort.env.wasm.numThreads = 1;
  const numbers = (name, Type) => new Type(new Uint8Array(readFileSync(join(folder, name))).buffer);
  const rowBegin = numbers('row_begin.i32', Int32Array);
  const gene = numbers('gene.i32', Int32Array);
  const expression = numbers('expression.f32', Float32Array);
  const dense = new Float32Array(kCells * kGenes);
  const buildDense = () => {
    dense.fill(0);
    for (let cell = 0; cell < kCells; ++cell)
      for (let entry = rowBegin[cell]; entry < rowBegin[cell + 1]; ++entry) dense[cell * kGenes + gene[entry]] = expression[entry];
  };
  buildDense();
  const session = await ort.InferenceSession.create(readFileSync(join(folder, 'model.onnx')), { executionProviders: ['wasm'] });
  const run = async () => {
    const outputs = await session.run({ rna: new ort.Tensor('float32', dense, [kCells, kGenes]) }, ['logits']);
    return outputs.logits.data;
  };
  const expected = numbers('logits.f32', Float32Array);
  const theirs = await run();
  if (rowBegin.length !== kCells + 1 || theirs.length !== expected.length) throw new Error('the engines ran different cells');
  const difference = theirs.reduce((largest, logit, at) => Math.max(largest, Math.abs(logit - expected[at])), 0);
  if (!(difference < 1e-3)) throw new Error(`onnxruntime's logits differ by ${difference}`);
  return { buildDense, run };
}

// Where scran.js is, installed when it is not yet there; null when npm cannot be reached.
function installScran() {
  const folder = atRoot('build/bench-scran');
  const main = join(folder, 'node_modules/scran.js/main/index.js');
  if (existsSync(main)) return main;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'scran.js@4.0.9'],
      { cwd: folder, stdio: 'pipe', timeout: 120_000 });
  } catch {
    return null;
  }
  return existsSync(main) ? main : null;
}

// scran.js's SingleR, as kana runs it, on cells of ten types that are easily told apart: fine-tuning then has least to do.
async function openScran(main) {
  const scran = await import(pathToFileURL(main).href);
  await scran.initialize({ numberOfThreads: 1 });
  let seed = 1;
  const draw = (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const cellOf = (type) =>
    Int32Array.from({ length: kGenes }, (_, gene) =>
      draw(100) < (Math.floor(gene / kMarkers) === type ? 60 : 7) ? 1 + draw(9) : 0);
  const ranksOf = (cell) => {
    const below = new Int32Array(11);
    for (const count of cell) ++below[count + 1];
    for (let count = 1; count < 11; ++count) below[count] += below[count - 1];
    return Array.from(cell, (count) => below[count]).join(',');
  };
  const samples = Array.from({ length: kReferenceCells }, (_, sample) => ranksOf(cellOf(sample % kTypes)));
  const markers = [];
  for (let a = 0; a < kTypes; ++a)
    for (let b = 0; b < kTypes; ++b)
      if (a !== b)
        markers.push([a, b, ...Array.from({ length: 20 }, (_, at) => a * kMarkers + ((at + b) % kMarkers))].join('\t'));
  const zipped = (lines) => new Uint8Array(gzipSync(`${lines.join('\n')}\n`, { level: 1 }));
  const loaded = scran.loadLabelCellsReferenceFromBuffers(
    zipped(samples), zipped(markers), zipped(samples.map((_, sample) => sample % kTypes)));
  const names = Array.from({ length: kGenes }, (_, gene) => `G${gene}`);
  const reference = scran.trainLabelCellsReference(names, loaded, names, { top: 20, numberOfThreads: 1 });
  const values = new Int32Array(kGenes * kCells);
  for (let cell = 0; cell < kCells; ++cell) values.set(cellOf(cell % kTypes), cell * kGenes);
  const query = scran.initializeSparseMatrixFromDenseArray(kGenes, kCells, values, { columnMajor: true });
  const run = () => {
    const labels = scran.labelCells(query, reference, { numberOfThreads: 1 });
    const right = labels.predicted().filter((label, cell) => label === cell % kTypes).length;
    labels.free();
    if (right < 0.9 * kCells) throw new Error(`SingleR labels ${right} of ${kCells} cells rightly`);
  };
  return { run, genes: reference.numberOfFeatures(), close: () => scran.terminate() };
}

const folder = mkdtempSync(join(tmpdir(), 'plkd-bench-'));
const native = join(options.native, 'bin/plkd_student_bench');
const wasm = join(options.wasm, 'bin/plkd_student_bench.js');
execFileSync(native, ['write', folder]);
const onnxruntime = await openOnnxruntime(folder);
const scranMain = installScran();
const scran = scranMain === null ? null : await openScran(scranMain);

const rounds = [];
for (let round = 0; round < kRounds; ++round) {
  rounds.push({
    native: ours(native, ['time']),
    wasm: ours(process.execPath, ['--no-experimental-fetch', wasm, 'time'])['128 bits'],
    onnxruntime: await bestUs(20, onnxruntime.run),
    dense: await bestUs(20, onnxruntime.buildDense),
    scran: scran === null ? null : await bestUs(2, scran.run),
  });
}
scran?.close();
rmSync(folder, { recursive: true });

const widest = '256 bits' in rounds[0].native ? '256 bits' : '128 bits';
const results = [];
const add = (name, value, unit, { target = null, peer = null } = {}) =>
  results.push({ name, value, unit, target, peer, cells: kCells, passes: target === null || value === null ? null : value >= target });
const addRate = (name, of) => add(name, Math.round(1e6 / best(rounds.map(of))), 'cells/s');
const addRatio = (name, of, target, peer) =>
  add(name, Number(median(rounds.map(of)).toFixed(3)), 'times', { target, peer });

addRate('wasm', (round) => round.wasm.whole);
addRate(`native, ${widest}`, (round) => round.native[widest].whole);
addRate('native, 128 bits', (round) => round.native['128 bits'].whole);
addRate('onnxruntime-web, dense batch at hand', (round) => round.onnxruntime);
addRate('onnxruntime-web, building its dense batch', (round) => round.onnxruntime + round.dense);
if (scran !== null) addRate(`scran.js SingleR, ${scran.genes} genes of ${kReferenceCells} cells`, (round) => round.scran);
for (const part of ['log', 'first', 'second', 'head', 'gelu', 'softmax', 'rows', 'blocked_rows']) {
  add(`wasm: ${part}`, best(rounds.map((round) => round.wasm[part])), 'us a cell');
  add(`native: ${part}`, best(rounds.map((round) => round.native[widest][part])), 'us a cell');
}
add('wasm: first layer reads', Number((rounds[0].wasm.bytes / best(rounds.map((round) => round.wasm.first)) / 1e3).toFixed(1)), 'GB/s');
add('native: first layer reads', Number((rounds[0].native[widest].bytes / best(rounds.map((round) => round.native[widest].first)) / 1e3).toFixed(1)), 'GB/s');
addRatio('wasm against onnxruntime-web', (round) => round.onnxruntime / round.wasm.whole, 8, 'onnxruntime-web 1.30, dense batch at hand');
addRatio('wasm against onnxruntime-web with its dense batch', (round) => (round.onnxruntime + round.dense) / round.wasm.whole, 8,
  'onnxruntime-web 1.30, building its dense batch');
addRatio('wasm against native', (round) => round.native[widest].whole / round.wasm.whole, 0.6, `ours, native, ${widest}`);
addRatio('native first layer against reading its rows in the same order',
  (round) => round.native[widest].blocked_rows / round.native[widest].first, 0.6, 'reading alone');
addRatio('wasm first layer against reading its rows in the same order', (round) => round.wasm.blocked_rows / round.wasm.first, 0.6,
  'reading alone, in wasm');
addRatio('wasm first layer against native reading of its rows',
  (round) => round.native[widest].blocked_rows / round.wasm.first, null, 'reading alone, native');
if (scran !== null) addRatio('wasm against scran.js SingleR', (round) => round.scran / round.wasm.whole, 60, 'scran.js 4.0.9');
else add('wasm against scran.js SingleR: npm cannot be reached', null, 'times', { target: 60, peer: 'scran.js 4.0.9' });

for (const { name, value, unit, target, passes } of results)
  console.log(`${name.padEnd(66)} ${String(value).padStart(10)} ${unit.padEnd(9)} ${
    target === null ? '' : `target ${target}: ${passes === null ? 'not measured' : passes ? 'passes' : 'misses'}`}`.trimEnd());
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
