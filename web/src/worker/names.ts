// Cell names cross to the page as bytes: a hundred thousand strings would stop it for a moment.
import type { PackedNames } from '../protocol';

export function* unpackNames({ bytes, begin }: PackedNames): Generator<string> {
  const decoder = new TextDecoder();
  for (let k = 0; k + 1 < begin.length; k++) yield decoder.decode(bytes.subarray(begin[k], begin[k + 1]));
}
