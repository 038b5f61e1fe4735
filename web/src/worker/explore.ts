// What else is asked of a query: its unknown cells, a layout, and its cells as a noisier experiment would have seen them.
import type { Calls, LabelColumns, Layout, UnknownGroups, Walk } from '../protocol';
import { valueOf } from './core';
import type { Opened } from './opened';

export function unknownGroups({ explorer }: Opened, { columns }: Calls['unknownGroups']['params']): UnknownGroups {
  return valueOf(explorer.unknownGroups(columns));
}

export function startLayout({ explorer }: Opened, { map, seed }: Calls['startLayout']['params']): Layout {
  return valueOf(explorer.startLayout(map, seed));
}

export function layOutFurther({ explorer }: Opened): Layout {
  return valueOf(explorer.layOutFurther());
}

export function walk({ explorer }: Opened, { cell, noise, errorRate, genes }: Calls['walk']['params']): Walk {
  return valueOf(explorer.walk(cell, noise, errorRate, genes));
}

export function annotateNoisy({ explorer }: Opened, { first, end, noise, errorRate }: Calls['annotateNoisy']['params']): LabelColumns {
  return valueOf(explorer.annotateNoisy(first, end, noise, errorRate));
}
