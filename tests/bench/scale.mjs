// What annotating costs, in time and memory, against cells, genes, types and workers; tables, fitted lines and a plot, as scale.md has them. The
// default takes five minutes.
//   node tests/bench/scale.mjs [--cells 10000,20000,40000] [--genes 2000,10000,30000] [--page-cells 20000,50000] [--workers 1,2]
//                              [--formats h5ad,h5,mtx] [--file CELLS] [--site FOLDER] [--json FILE] [--plot FILE.svg]
// --file measures one file of your own, on the command line and in Chromium, and nothing else.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { atRoot, coreWith, DiskFile, valueOf } from '../wasm/core.mjs';
import { runPage } from './scale_page.mjs';
import { line, plot } from './scale_plot.mjs';

const kNativeMb = 300;
const kPageMb = 500;
// Bytes a cell: a tenth of its counts, which are 4,000 to 12,000. Caches still fill at these sizes; from 40,000 to a million it is 20.
const kFlat = 400;
const kOfSlowest = 0.85;
const kSlice = 512; // cells; as the page asks for them
const kErrorRates = [0.01, 0.02, 0.05, 0.1, 0.2];

const { values: options } = parseArgs({
  options: {
    cells: { type: 'string', default: '10000,20000,40000' },
    genes: { type: 'string', default: '2000,10000,30000' },
    'page-cells': { type: 'string', default: '20000,50000' },
    workers: { type: 'string', default: '1,2' },
    formats: { type: 'string', default: 'h5ad,h5,mtx' },
    file: { type: 'string' },
    site: { type: 'string', default: atRoot('build/site') },
    json: { type: 'string' },
    plot: { type: 'string' },
  },
});
const numbers = (list) => list.split(',').map(Number);

const program = atRoot('build/release/bin/plkd');
const model = atRoot('models/pbmc.onnx');
const folder = mkdtempSync(join(tmpdir(), 'plkd-scale-'));
const records = [];
// Of the plot; series of one name are added to the panel that is there.
const panels = [];
function draw(title, x, y, series) {
  const panel = panels.find((one) => one.title === title);
  if (panel) panel.series.push(...series);
  else panels.push({ title, x, y, series });
}

function record(name, value, unit, { target = null, cells = null, passes = null } = {}) {
  records.push({ name, value: Number(value.toPrecision(4)), unit, target, peer: null, cells, passes });
}

function simulated(cells, genes) {
  const path = join(folder, `cells_${cells}_${genes}.h5ad`);
  execFileSync(program, ['simulate', '--quiet', '--cells', cells, '--genes', genes, '--out', path].map(String));
  return path;
}

function describe(cells) {
  const said = execFileSync(program, ['describe', cells]).toString();
  return { cells: Number(/^cells +(\d+)/m.exec(said)[1]), detected: Number(/, (\d+) genes seen/.exec(said)[1]) };
}

// Seconds of the processor, of the clock, and the most memory, of one run of the command line.
async function onCommandLine(words, threads = 1) {
  const child = spawn(program, ['annotate', '--quiet', '--threads', String(threads), '--out', join(folder, 'labels.csv'), ...words], { stdio: 'inherit' });
  const begin = performance.now();
  const seen = { seconds: 0, processor: 0, megabytes: 0 };
  const over = new Promise((done) => child.on('exit', done));
  const look = () => {
    try {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      seen.processor = (Number(fields[11]) + Number(fields[12])) / 100;
      seen.megabytes = Math.max(seen.megabytes, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1000);
    } catch {
      // it has just ended
    }
  };
  const timer = setInterval(look, 10);
  const code = await over;
  clearInterval(timer);
  if (code !== 0) throw new Error(`plkd annotate ${words.join(' ')}: exit code ${code}`);
  seen.seconds = (performance.now() - begin) / 1000;
  return seen;
}

const rounded = (value, digits = 3) => Number(value.toPrecision(digits)).toLocaleString('en');

function table(title, header, rows) {
  console.log(`\n${title}\n\n| ${header.join(' | ')} |\n|${header.map(() => '---|').join('')}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

async function againstCells(genes) {
  const rows = [];
  for (const cells of numbers(options.cells)) rows.push({ cells, ...(await onCommandLine(['--model', model, '--cells', simulated(cells, genes)])) });
  table(`Cells, command line, one thread, ${genes.toLocaleString('en')} genes`, ['cells', 's of the processor', 'peak MB'],
    rows.map(({ cells, processor, megabytes }) => [cells.toLocaleString('en'), processor.toFixed(2), megabytes.toFixed(0)]));
  if (rows.length < 2) return;
  const time = line(rows.map(({ cells, processor }) => [cells, processor]));
  const memory = line(rows.map(({ cells, megabytes }) => [cells, megabytes]));
  console.log(`\ntime = ${time.start.toFixed(2)} s + ${(1e6 * time.slope).toFixed(0)} us a cell; memory = ${memory.start.toFixed(0)} MB + ${(1e6 * memory.slope).toFixed(0)} bytes a cell`);
  const name = `${genes.toLocaleString('en')} genes`;
  draw('Time against cells', 'cells', 's of the processor', [{ name, isFitted: true, points: rows.map(({ cells, processor }) => [cells, processor]) }]);
  draw('Memory against cells', 'cells', 'peak MB', [{ name, isFitted: true, points: rows.map(({ cells, megabytes }) => [cells, megabytes]) }]);
  const cells = rows.at(-1).cells;
  record(`annotate: time a cell, ${genes} genes`, 1e6 * time.slope, 'us', { cells });
  record(`annotate: memory a cell, ${genes} genes`, 1e6 * memory.slope, 'bytes', { target: kFlat, cells, passes: 1e6 * memory.slope <= kFlat });
  record(`annotate: peak memory, ${genes} genes`, rows.at(-1).megabytes, 'MB', { target: kNativeMb, cells, passes: rows.at(-1).megabytes <= kNativeMb });
}

async function againstGenes() {
  const cells = numbers(options.cells)[0];
  const rows = [];
  for (const genes of numbers(options.genes)) {
    const path = simulated(cells, genes);
    rows.push({ genes, ...describe(path), ...(await onCommandLine(['--model', model, '--cells', path])) });
  }
  table(`Genes, command line, one thread, ${cells.toLocaleString('en')} cells`, ['genes', 'of these in a cell', 'us a cell', 'peak MB'],
    rows.map(({ genes, detected, processor, megabytes }) => [genes.toLocaleString('en'), detected, ((1e6 * processor) / cells).toFixed(0), megabytes.toFixed(0)]));
  const time = line(rows.map(({ detected, processor }) => [detected, (1e6 * processor) / cells]));
  console.log(`\ntime a cell = ${time.start.toFixed(0)} us + ${(1000 * time.slope).toFixed(0)} ns for each gene seen in it`);
  draw('Genes', 'genes seen in a cell', 'us a cell', [{ isFitted: true, points: rows.map(({ detected, processor }) => [detected, (1e6 * processor) / cells]) }]);
  record('annotate: time a gene seen', 1000 * time.slope, 'ns', { cells });
}

async function againstTypes() {
  const cells = numbers(options.cells)[0];
  const path = simulated(cells, 2000);
  const rows = [];
  for (const name of readdirSync(atRoot('models')).filter((file) => file.endsWith('.onnx'))) {
    const said = execFileSync(program, ['describe', atRoot(`models/${name}`)]).toString();
    const [genes, ...widths] = /mlp-v\d+:([\d-]+)/.exec(said)[1].split('-').map(Number);
    rows.push({ name, genes, types: widths.at(-1), ...(await onCommandLine(['--force', '--model', atRoot(`models/${name}`), '--cells', path])) });
  }
  rows.sort((a, b) => a.types - b.types);
  draw('Types', 'types of the model', 'us a cell', [{ points: rows.map(({ types, processor }) => [types, (1e6 * processor) / cells]) }]);
  table(`Types: the models, command line, one thread, ${cells.toLocaleString('en')} cells, 2,000 genes`, ['model', 'types', 'genes', 'us a cell', 'peak MB'],
    rows.map(({ name, types, genes, processor, megabytes }) => [name, types, genes.toLocaleString('en'), ((1e6 * processor) / cells).toFixed(0), megabytes.toFixed(0)]));
}

// us of the processor for each cell: reading alone, and all of it, by the page's core in Node.
async function stages(files) {
  const core = await coreWith(files.map((file) => new DiskFile(file)));
  const opened = valueOf(core.openModel(readFileSync(model), basename(model)));
  const counts = valueOf(core.openCounts(files.length > 1 ? '/cells' : `/cells/${basename(files[0])}`, ''));
  const query = valueOf(core.openQuery(opened, counts));
  const { cells } = counts.summary();
  const each = (call) => {
    const begin = process.cpuUsage().user;
    for (let first = 0; first < cells; first += kSlice) valueOf(call(first, Math.min(cells, first + kSlice)));
    return (process.cpuUsage().user - begin) / cells;
  };
  each((first, end) => query.annotate(first, end, kErrorRates)); // compiles
  const [all, read] = [each((first, end) => query.annotate(first, end, kErrorRates)), each((first, end) => query.expression(first, end))];
  for (const handle of [query, counts, opened]) handle.delete();
  return { read, infer: all - read };
}

function inFormats(path) {
  const wanted = options.formats.split(',');
  const files = new Map([['h5ad', [path]]]);
  if (wanted.some((format) => format !== 'h5ad')) {
    const out = path.replace('.h5ad', '');
    try {
      execFileSync('/usr/bin/python3', [atRoot('tests/bench/scale_formats.py'), path, out], { stdio: 'pipe' });
      files.set('h5', [`${out}.h5`]);
      files.set('mtx', readdirSync(out).map((name) => join(out, name)));
    } catch {
      console.log('\nh5 and mtx are left out: they need python3-h5py');
    }
  }
  return [...files].filter(([format]) => wanted.includes(format));
}

async function inPage() {
  const rows = [];
  const all = numbers(options['page-cells']);
  for (const cells of all) {
    for (const [format, files] of inFormats(simulated(cells, 30_000))) {
      const isLast = cells === all.at(-1);
      const alone = isLast ? await stages(files) : null;
      for (const workers of numbers(options.workers)) rows.push({ format, workers, alone, ...(await runPage({ site: options.site, model, files, workers })) });
    }
  }
  table('Page in Chromium, 30,000 genes', ['file', 'cells', 'workers', 'opened after s', 'first labels after s', 'cells/s', 'a core, MB', 'cores and JS, MB'],
    rows.map((row) => [row.format, row.cells.toLocaleString('en'), row.workers, row.openSeconds.toFixed(1), row.firstSeconds.toFixed(1), rounded(row.cells / row.seconds), Math.max(...row.coreMb).toFixed(0), total(row).toFixed(0)]));
  const last = rows.filter(({ alone }) => alone);
  const named = [...new Set(last.map(({ format }) => format))].map((format) => ({ name: format, points: last.filter((row) => row.format === format).map((row) => [row.workers, row.cells / row.busiestSeconds]) }));
  draw('Workers, Chromium', 'workers', 'cells/s, a core for each thread', named);
  table('Its stages, each alone, by the core in Node', ['file', 'read, cells/s', 'infer, cells/s', 'one after the other, cells/s', 'workers', 'end to end, cells/s', 'by the busiest thread, cells/s', 'of the slower stage'],
    last.map((row) => [row.format, rounded(1e6 / row.alone.read), rounded(1e6 / row.alone.infer), rounded(1e6 / (row.alone.read + row.alone.infer)), row.workers, rounded(row.cells / row.seconds),
      rounded(row.cells / row.busiestSeconds), rounded(ofSlowest(row), 2)]));
  for (const row of last) {
    const name = `page: ${row.format}, ${row.workers} worker${row.workers > 1 ? 's' : ''}`;
    record(`${name}, speed`, row.cells / row.seconds, 'cells/s', { cells: row.cells });
    record(`${name}, share of the slower stage's speed`, ofSlowest(row), '', { target: kOfSlowest, cells: row.cells, passes: ofSlowest(row) >= kOfSlowest });
    record(`${name}, memory`, total(row), 'MB', { target: kPageMb, cells: row.cells, passes: total(row) <= kPageMb });
  }
}

const total = ({ coreMb, totalMb }) => coreMb.reduce((sum, size) => sum + size, totalMb);
// With a core for each thread, whatever else the machine does: by the processor time of the busiest one.
const ofSlowest = ({ cells, busiestSeconds, alone }) => ((cells / busiestSeconds) * Math.max(alone.read, alone.infer)) / 1e6;

async function ofFile(path) {
  const { cells } = describe(path);
  const name = `${basename(path)} (${(statSync(path).size / 1e9).toFixed(1)} GB)`;
  const threads = availableParallelism();
  const native = await onCommandLine(['--model', model, '--cells', path], threads);
  console.log(`${name}, ${cells.toLocaleString('en')} cells, command line, ${threads} threads: ${native.seconds.toFixed(0)} s, ${rounded(cells / native.seconds)} cells/s, peak ${native.megabytes.toFixed(0)} MB`);
  record(`${name}: annotate, peak memory`, native.megabytes, 'MB', { target: kNativeMb, cells, passes: native.megabytes <= kNativeMb });
  for (const workers of numbers(options.workers)) {
    const row = await runPage({ site: options.site, model, files: [path], workers });
    console.log(`${name}, page, ${workers} workers: ${row.seconds.toFixed(0)} s, ${rounded(cells / row.seconds)} cells/s, first labels after ${row.firstSeconds.toFixed(1)} s, cores ${row.coreMb.map((size) => size.toFixed(0)).join(' + ')} MB, JS ${row.totalMb.toFixed(0)} MB`);
    record(`${name}: page, ${workers} workers, memory`, total(row), 'MB', { target: kPageMb, cells, passes: total(row) <= kPageMb });
  }
}

try {
  if (options.file) await ofFile(options.file);
  else {
    for (const genes of [2000, 30_000]) await againstCells(genes);
    await againstGenes();
    await againstTypes();
    await inPage();
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (options.plot) writeFileSync(options.plot, plot('What annotating costs', panels));
if (options.json) writeFileSync(options.json, `${JSON.stringify(records, null, 2)}\n`);
process.exit(0);
