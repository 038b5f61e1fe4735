// The patterns of a model, with the genes they are known by.
import type { Pattern } from '../protocol';
import { lead } from './stations';

const kShownGenes = 8;

let named: { model: File; patterns: Pattern[] } | null = null;

// `lead` must have the model open.
export async function patternsOf(model: File): Promise<Pattern[]> {
  if (named?.model !== model) named = { model, patterns: await lead.call('patterns', { genes: kShownGenes }) };
  return named.patterns;
}
