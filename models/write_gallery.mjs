// Writes models/gallery.json, from which the page shows the models before it loads one. The train_* scripts call it.
//   node models/write_gallery.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const kForTests = 'tiny.onnx';

function described(file) {
  const folder = mkdtempSync(path.join(tmpdir(), 'plkd-gallery-'));
  const report = path.join(folder, 'report.json');
  execFileSync(path.join(root, 'build/release/bin/plkd'), ['describe', file, '--json', report], { stdio: ['ignore', 'ignore', 'inherit'] });
  const model = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  return model;
}

function entryOf(file) {
  const place = path.join(root, 'models', file);
  const bytes = readFileSync(place);
  const { card, classes, genes } = described(place);
  return {
    file,
    bytes: bytes.length,
    digest: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
    name: card.name,
    organism: card.organism,
    tissue: card.tissue,
    types: classes.map(({ name }) => name),
    cells: classes.reduce((sum, { reference_cells: cells }) => sum + cells, 0),
    genes,
    macro_f1: Number(card.scores.macro_f1.toFixed(3)),
    licence: card.licence,
  };
}

const files = readdirSync(path.join(root, 'models')).filter((file) => file.endsWith('.onnx') && file !== kForTests);
const gallery = files.sort().map(entryOf);
writeFileSync(path.join(root, 'models/gallery.json'), `[\n${gallery.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n]\n`);
