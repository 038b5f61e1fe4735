// Groups of cells by a column of their table, and what each is by the majority of its cells.
import type { Calls, GroupColumn, Vote } from '../protocol';
import { valueOf } from './core';
import type { Opened } from './opened';

// More values than this are numbers or names, not groups.
const kMostGroups = 256;

export function groupColumns(opened: Opened): GroupColumn[] {
  return opened.counts
    .summary()
    .columns.map((name) => ({ name, groups: valueOf(opened.counts.column(name)).categories.length }))
    .filter(({ groups }) => groups > 1 && groups <= kMostGroups);
}

export function vote(opened: Opened, { columns, column, labelAll }: Calls['vote']['params']): Vote {
  const labels = valueOf(opened.query.vote(columns, column, labelAll));
  return { column, cluster: valueOf(opened.counts.column(column)).code, labels };
}
