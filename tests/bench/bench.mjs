// Every benchmark in one table, each figure with its target and what it is measured against, and the same as JSON.
//   node tests/bench/bench.mjs [--json FILE] [NAME...]     NAME of a script here: instructions, student, reading, scale, training
// Figures are ratios within one run: absolute times mean little on a machine that others use.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const kScripts = ['instructions', 'student', 'reading', 'scale', 'training'];

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const folder = mkdtempSync(join(tmpdir(), 'plkd-bench-'));
const figures = [];
for (const script of positionals.length > 0 ? positionals : kScripts) {
  const json = join(folder, `${script}.json`);
  // A script that misses a bar has still written its figures.
  const { status } = spawnSync(process.execPath, [join(here, `${script}.mjs`), '--json', json], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
  if (!existsSync(json)) throw new Error(`${script}.mjs wrote no figures`);
  figures.push(...JSON.parse(readFileSync(json, 'utf8')).map((figure) => ({ script, ...figure })));
}
rmSync(folder, { recursive: true });

const shown = (value) => (value === undefined || value === null ? '' : typeof value === 'number' ? Number(value.toPrecision(3)).toLocaleString('en') : value);
const [cpu] = cpus();
console.log(`\n${cpu?.model ?? 'an unknown processor'}, ${cpus().length} cores\n`);
console.log('| what | cells | figure | target | against | |');
console.log('|---|---|---|---|---|---|');
for (const { name, cells, value, unit, target, peer, passes } of figures) {
  const verdict = passes === undefined || passes === null ? '' : passes ? 'reached' : 'missed';
  console.log(`| ${name} | ${shown(cells)} | ${shown(value)} ${unit ?? ''} | ${shown(target)} | ${shown(peer)} | ${verdict} |`);
}
if (values.json) {
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(figures, null, 1)}\n`);
}
