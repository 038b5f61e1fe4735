// Cell names cross to the page as bytes: a hundred thousand strings would stop it for a moment.
import type { PackedNames } from '../protocol';

export function packNames(names: string[]): PackedNames {
  const encoder = new TextEncoder();
  const encoded = names.map((name) => encoder.encode(name));
  const begin = new Uint32Array(names.length + 1);
  encoded.forEach((name, k) => (begin[k + 1] = begin[k]! + name.length));
  const bytes = new Uint8Array(begin[names.length]!);
  encoded.forEach((name, k) => bytes.set(name, begin[k]!));
  return { bytes, begin };
}

export function* unpackNames({ bytes, begin }: PackedNames): Generator<string> {
  const decoder = new TextDecoder();
  for (let k = 0; k + 1 < begin.length; k++) yield decoder.decode(bytes.subarray(begin[k], begin[k + 1]));
}
