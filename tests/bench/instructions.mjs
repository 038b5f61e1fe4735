// What a cell costs in instructions, counted by valgrind's callgrind: unlike time the same on a busy machine, so that a regression shows.
//   node tests/bench/instructions.mjs [--json FILE] [--write]      fails above what instructions.json allows; --write renews it
// Each case is run on two sizes, and the difference divided by that of the cells: what starting costs falls out.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const { values: options } = parseArgs({ options: { json: { type: 'string' }, write: { type: 'boolean', default: false } } });
const atRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const plkd = atRoot('build/release/bin/plkd');
const allowedFile = atRoot('tests/bench/instructions.json');
const kCells = [500, 1500];
const kAllowed = 1.05; // of the number on record; other releases of a compiler or a library differ by less
// The numbers on record are those of the kernels for AVX2; a machine without counts others.
const cpu = '/proc/cpuinfo';
if (!existsSync(cpu) || !/\bavx2\b/.test(readFileSync(cpu, 'utf8'))) {
  console.log('skipped: this processor has no AVX2');
  if (options.json) writeFileSync(options.json, '[]\n');
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'plkd-instructions-'));

const run = (words) => execFileSync(plkd, words.map(String), { stdio: ['ignore', 'ignore', 'inherit'] });

function instructions(words) {
  const { status, stderr, error } = spawnSync('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', plkd, ...words.map(String)], { encoding: 'utf8' });
  if (error) throw new Error(`valgrind cannot be started (${error.code}); install it: apt-get install valgrind`);
  const counted = /Collected : (\d+)/.exec(stderr);
  if (status !== 0 || !counted) throw new Error(`valgrind plkd ${words.join(' ')}: ${stderr}`);
  return Number(counted[1]);
}

// Files of the same cells, by the way in which they are kept.
function h5ad(cells) {
  const path = join(folder, `cells_${cells}.h5ad`);
  run(['simulate', '--profile', 'pbmc', '--cells', cells, '--seed', 3, '--quiet', '--out', path]);
  return path;
}

const kGenes = 2000;
const geneName = (gene) => `ENSG${String(gene).padStart(11, '0')}`;
// 7 % of the genes, counts from 1 to 13.
const count = (gene, cell) => ((gene * 31 + cell * 17) % 100 < 7 ? 1 + ((gene * 7 + cell * 13) % 13) : 0);

function csv(cells) {
  const path = join(folder, `cells_${cells}.csv.gz`);
  const lines = [`,${Array.from({ length: kGenes }, (_, gene) => geneName(gene)).join(',')}`];
  for (let cell = 0; cell < cells; cell++) lines.push(`C${cell},${Array.from({ length: kGenes }, (_, gene) => count(gene, cell)).join(',')}`);
  writeFileSync(path, gzipSync(`${lines.join('\n')}\n`));
  return path;
}

function mtx(cells) {
  const tenx = join(folder, `tenx_${cells}`);
  mkdirSync(tenx);
  const entries = [];
  for (let cell = 0; cell < cells; cell++)
    for (let gene = 0; gene < kGenes; gene++) if (count(gene, cell) > 0) entries.push(`${gene + 1} ${cell + 1} ${count(gene, cell)}`);
  const header = `%%MatrixMarket matrix coordinate integer general\n${kGenes} ${cells} ${entries.length}\n`;
  const put = (name, text) => writeFileSync(join(tenx, name), gzipSync(text));
  put('matrix.mtx.gz', `${header}${entries.join('\n')}\n`);
  put('features.tsv.gz', Array.from({ length: kGenes }, (_, gene) => `${geneName(gene)}\tG${gene}\tGene Expression\n`).join(''));
  put('barcodes.tsv.gz', Array.from({ length: cells }, (_, cell) => `C${cell}\n`).join(''));
  return tenx;
}

const model = atRoot('models/pbmc.onnx');
const annotate = (path) => ['annotate', '--model', model, '--cells', path, '--threads', 1, '--quiet', '--out', join(folder, 'labels.csv')];
const cases = [
  { name: 'annotating a cell of a gzip h5ad', write: h5ad, words: annotate },
  { name: 'reading a cell of matrix.mtx.gz', write: mtx, words: (path) => ['describe', path] },
  { name: 'reading a cell of a .csv.gz', write: csv, words: (path) => ['describe', path] },
];

const allowed = options.write ? {} : JSON.parse(readFileSync(allowedFile, 'utf8'));
const figures = [];
try {
  for (const { name, write, words } of cases) {
    const [few, many] = kCells.map((cells) => instructions(words(write(cells))));
    const value = Math.round((many - few) / (kCells[1] - kCells[0]));
    const target = options.write ? null : Math.round(allowed[name] * kAllowed);
    figures.push({ name, value, unit: 'instructions', target, peer: allowed[name] ?? null, cells: kCells[1], passes: options.write || value <= target });
  }
} finally {
  rmSync(folder, { recursive: true });
}
for (const { name, value, target, passes } of figures)
  console.log(`${name}: ${value.toLocaleString('en')} instructions${options.write ? '' : `, at most ${target.toLocaleString('en')}${passes ? '' : ', FAILS'}`}`);
if (options.write) writeFileSync(allowedFile, `${JSON.stringify(Object.fromEntries(figures.map(({ name, value }) => [name, value])), null, 2)}\n`);
if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
if (figures.some(({ passes }) => !passes)) {
  console.error('a cell costs more than it did: make it cheaper, or say why in the commit that runs this with --write');
  process.exitCode = 1;
}
