// How fast matrices stored as text are read: MB of text a second and thread, on the command line and by the page's core in Node. The
// command line's time is that of `plkd describe`, which parses the whole file once and starts a program; the page's is that of opening it.
// The best of three runs.
//   node tests/bench/reading.mjs [MEGABYTES] [--json FILE]
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { atRoot, coreWith, DiskFile, valueOf } from '../wasm/core.mjs';

const { values: options, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const kMegabytes = Number(positionals[0] ?? 60);
// Megabytes of text a second, as asked for in a browser and on the command line.
const kTargets = { native: 60, page: 24 };
const kGenes = 3000;
const folder = mkdtempSync(join(tmpdir(), 'plkd-reading-'));

const geneNames = Array.from({ length: kGenes }, (_, k) => `ENSG${String(k).padStart(11, '0')}`);
const cellName = (cell) => `AAAC${String(cell).padStart(12, 'ACGT')}-1`;
// 7 % of the genes, counts from 1 to 13.
const count = (gene, cell) => ((gene * 31 + cell * 17) % 100 < 7 ? 1 + ((gene * 7 + cell * 13) % 13) : 0);

// Writes pieces until there is enough; says how many.
async function written(path, header, piece) {
  const out = createWriteStream(path);
  out.write(header);
  let [pieces, bytes] = [0, 0];
  for (; bytes < kMegabytes * 1e6; pieces++) {
    const text = piece(pieces);
    bytes += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return pieces;
}

async function csv() {
  const path = join(folder, 'cells.csv');
  await written(path, `,${geneNames.join(',')}\n`, (cell) => `${cellName(cell)},${geneNames.map((_, gene) => count(gene, cell)).join(',')}\n`);
  return path;
}

async function mtx() {
  const tenx = join(folder, 'tenx');
  mkdirSync(tenx);
  const path = join(tenx, 'matrix.mtx');
  let entries = 0;
  // The sizes are known in the end only, and stand in front: room is left for them.
  const lines = (cell) => {
    let text = '';
    for (let gene = 0; gene < kGenes; gene++) {
      const value = count(gene, cell);
      if (value === 0) continue;
      text += `${gene + 1} ${cell + 1} ${value}\n`;
      entries++;
    }
    return text;
  };
  const banner = '%%MatrixMarket matrix coordinate integer general\n';
  const room = 40;
  const cells = await written(path, `${banner}${' '.repeat(room - 1)}\n`, lines);
  const file = await open(path, 'r+');
  await file.write(`${kGenes} ${cells} ${entries}`, banner.length);
  await file.close();
  writeFileSync(join(tenx, 'features.tsv'), geneNames.map((name) => `${name}\t${name}\tGene Expression\n`).join(''));
  writeFileSync(join(tenx, 'barcodes.tsv'), Array.from({ length: cells }, (_, cell) => `${cellName(cell)}\n`).join(''));
  return path;
}

async function seconds(run) {
  let best = Infinity;
  for (let repeat = 0; repeat < 3; ++repeat) {
    const begin = performance.now();
    await run();
    best = Math.min(best, (performance.now() - begin) / 1000);
  }
  return best;
}

async function inPage(paths) {
  const core = await coreWith(paths.map((path) => new DiskFile(path)));
  const path = paths.length > 1 ? '/cells' : `/cells/${paths[0].split('/').at(-1)}`;
  return seconds(() => valueOf(core.openCounts(path, '')).delete());
}

const figures = [];
console.log('| text | MB | command line, MB/s | page module, MB/s | ratio |');
console.log('|---|---|---|---|---|');
for (const [name, make] of [['CSV, cells in rows', csv], ['MatrixMarket', mtx]]) {
  const path = await make();
  const others = name === 'MatrixMarket' ? ['features.tsv', 'barcodes.tsv'].map((file) => join(folder, 'tenx', file)) : [];
  const megabytes = statSync(path).size / 1e6;
  const native = megabytes / (await seconds(() => execFileSync(atRoot('build/release/bin/plkd'), ['describe', path], { stdio: 'ignore' })));
  const page = megabytes / (await inPage([path, ...others]));
  for (const [where, rate] of [['native', native], ['page', page]]) {
    const target = kTargets[where];
    figures.push({ name: `reading ${name}, ${where === 'page' ? 'page module' : 'command line'}`, value: rate, unit: 'MB/s', target: `>= ${target}`, peer: null, cells: null, passes: rate >= target });
  }
  console.log(`| ${name} | ${megabytes.toFixed(0)} | ${native.toFixed(0)} | ${page.toFixed(0)} | ${(page / native).toFixed(2)} |`);
}
rmSync(folder, { recursive: true });
if (options.json) writeFileSync(options.json, JSON.stringify(figures));
