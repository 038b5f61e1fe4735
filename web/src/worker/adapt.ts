// Adapts the open query to its chemistry, batch by batch, as `plkd annotate --adapt --batch` does.
import type { Scaling } from '../protocol';
import { valueOf } from './core';
import type { Opened } from './opened';

export function startAdapting(opened: Opened, column: string): number {
  return valueOf(opened.query.startAdapting(column === '' ? new Int32Array(0) : batchesOf(opened, column)));
}

export function adaptFurther(opened: Opened): number {
  return valueOf(opened.query.adaptFurther());
}

export function scale(opened: Opened, scaling: Scaling | null): number {
  return valueOf(opened.query.scale(scaling?.factor ?? new Float32Array(0), scaling?.batch ?? new Int32Array(0)));
}

// Cells without a value are a batch of their own.
function batchesOf(opened: Opened, column: string): Int32Array {
  const { categories, code } = valueOf(opened.counts.column(column));
  return code.map((batch) => (batch < 0 ? categories.length : batch));
}
