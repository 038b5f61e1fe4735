// Genes and proteins of the query and their values, whether the model knows them or not: of cells, and of groups of cells.
import type { Calls, GroupProfile } from '../protocol';
import { valueOf } from './core';
import { type CellRange, rangesToTest } from './explain';
import type { Opened } from './opened';

export function geneValues({ explorer }: Opened, { genes, first, end }: Calls['geneValues']['params']): Float32Array {
  return valueOf(explorer.geneValues(genes, first, end));
}

export function proteinValues({ explorer }: Opened, { proteins, first, end }: Calls['proteinValues']['params']): Float32Array {
  return valueOf(explorer.proteinValues(proteins, first, end));
}

export function profileGroups({ explorer }: Opened, { group, groups, top }: Calls['profileGroups']['params']): GroupProfile {
  valueOf(explorer.startProfile(groups));
  for (const { first, end } of rangesToProfile(group, groups)) {
    valueOf(explorer.addToProfile(first, end, group.subarray(first, end)));
  }
  return valueOf(explorer.profiled(top));
}

// So many cells of each group are looked at, if there are.
const kFewest = 50;

// A sample of all cells, and more of the groups that are rare in it: all others are then compared with a little more of those.
export function rangesToProfile(group: Int32Array, groups: number): CellRange[] {
  const sample = rangesToTest(group.length);
  const isSampled = new Uint8Array(group.length);
  for (const { first, end } of sample) isSampled.fill(1, first, end);
  const [sampled, left] = [new Int32Array(groups), new Int32Array(groups)];
  group.forEach((of, cell) => of >= 0 && (isSampled[cell] ? sampled : left)[of]!++);
  const passed = new Int32Array(groups);
  const more: CellRange[] = [];
  group.forEach((of, cell) => {
    if (of < 0 || isSampled[cell]) return;
    // As many as are lacking, spread evenly over those that are left.
    const share = Math.min(1, (kFewest - sampled[of]!) / left[of]!);
    const before = passed[of]!++;
    if (share <= 0 || Math.floor(before * share) === Math.floor((before + 1) * share)) return;
    const last = more.at(-1);
    if (last?.end === cell) last.end++;
    else more.push({ first: cell, end: cell + 1 });
  });
  return [...sample, ...more].sort((a, b) => a.first - b.first);
}
