// Reads labels.csv and compares two of them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

export const kHeader =
  'cell,label,ontology_id,kind,probability,unknown_score,best_label,best_probability,second_label,second_probability';
const kOfClusters = ',cluster,cluster_label,cluster_ontology_id,cluster_share';
const kByHand = ',curated_label,review';
const kNumbers = ['probability', 'unknown_score', 'best_probability', 'second_probability', 'cluster_share'];

export async function readLabels(path) {
  const text = await readFile(path, 'utf8');
  const [header, ...lines] = text.trimEnd().split('\n');
  assert.ok(['', kOfClusters, kByHand, kOfClusters + kByHand].some((more) => header === kHeader + more), header);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(fieldsOf(line, names.length).map((field, k) => [names[k], field])));
}

// Every cell, every column: words equal, numbers within the tolerance.
export function assertSameLabels(actual, expected, tolerance) {
  assert.equal(actual.length, expected.length);
  let largest = 0;
  expected.forEach((row, k) => {
    for (const name of Object.keys(row)) {
      if (!kNumbers.includes(name)) assert.equal(actual[k][name], row[name], `cell ${k + 1}, ${name}`);
      else largest = Math.max(largest, differenceOf(actual[k][name], row[name]));
    }
  });
  assert.ok(largest <= tolerance, `largest difference ${largest}, allowed ${tolerance}`);
  return largest;
}

function differenceOf(a, b) {
  const difference = Math.abs(Number(a) - Number(b));
  return a === '' || b === '' || Number.isNaN(difference) ? Infinity : difference;
}

function fieldsOf(line, count) {
  const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).slice(0, count);
  return fields.map((field) => field.replace(/,$/, '').replace(/^"(.*)"$/s, '$1').replaceAll('""', '"'));
}
