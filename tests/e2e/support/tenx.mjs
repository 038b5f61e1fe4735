// Writes a small 10x MatrixMarket folder: real gene names of the profile the simulator uses, counts from a fixed rule.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inRoot } from './paths.mjs';

export async function profileGenes() {
  const lines = (await readFile(inRoot('models/profiles/pbmc.tsv'), 'utf8')).trimEnd().split('\n');
  return lines.filter((line) => !line.startsWith('#')).slice(1).map((line) => line.split('\t')[0]);
}

export async function writeTenx(folder, { genes, cells, prefix = '', gzip = false }) {
  const entries = [];
  for (let cell = 1; cell <= cells; cell++) {
    for (let gene = 1 + (cell % 7); gene <= genes.length; gene += 5 + (cell % 4)) {
      entries.push(`${gene} ${cell} ${1 + ((gene * 31 + cell * 17) % 6)}`);
    }
  }
  const texts = {
    'matrix.mtx': ['%%MatrixMarket matrix coordinate integer general', `${genes.length} ${cells} ${entries.length}`, ...entries],
    'barcodes.tsv': Array.from({ length: cells }, (_, cell) => `cell "${cell + 1}", made-1`),
    'features.tsv': genes.map((gene) => `${gene}\t${gene}\tGene Expression`),
  };
  await mkdir(folder, { recursive: true });
  const paths = [];
  for (const [name, lines] of Object.entries(texts)) {
    const path = join(folder, `${prefix}${name}${gzip ? '.gz' : ''}`);
    const text = `${lines.join('\n')}\n`;
    await writeFile(path, gzip ? gzipSync(text) : text);
    paths.push(path);
  }
  return paths;
}
