// The command line that gives the same labels, for a methods section or for a hundred files.
import type { ReceiptRequest } from '../protocol';

export function commandOf({ model, cells, options }: ReceiptRequest): string {
  const words = ['plkd', 'annotate', '--model', model.name, '--cells', cells.name];
  if (options.slot) words.push('--slot', options.slot);
  if (options.orthologues) words.push('--orthologues');
  for (const modality of options.without ?? []) words.push('--without', modality);
  if (options.force) words.push('--force');
  if (options.adapt) words.push('--adapt');
  if (options.batch) words.push('--batch', options.batch);
  for (const type of options.only) words.push('--only', type);
  words.push('--error-rate', String(options.error_rate));
  if (options.clusters) words.push('--clusters', options.clusters);
  if (options.label_all) words.push('--label-all');
  return [...words, '--out', 'labels.csv'].map(quoted).join(' ');
}

// For a POSIX shell.
function quoted(word: string): string {
  return /^[\w./:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
