// Why a cell or a label: the scores of the model's patterns.
import type { Markers } from '../protocol';
import { valueOf } from './core';
import type { Opened } from './opened';

// Markers are tested on so many cells, as `plkd explain` does; of a larger file every so many blocks are read.
const kMostTested = 20_000;
const kBlock = 64;
const kRange = 512;

export function patternScores(opened: Opened, cell: number): Float32Array {
  return valueOf(opened.query.patterns(cell, cell + 1));
}

export function findMarkers(opened: Opened, group: Int32Array, groups: number): Markers {
  const ranges = rangesToTest(group.length);
  const scores = ranges.map(({ first, end }) => valueOf(opened.query.patterns(first, end)));
  const tested = ranges.map(({ first, end }) => group.subarray(first, end));
  const ofCells = joined(tested, Int32Array);
  return { markers: valueOf(opened.model.markerPatterns(joined(scores, Float32Array), ofCells, groups)), cells: ofCells.length };
}

export interface CellRange {
  first: number;
  end: number;
}

export function rangesToTest(cells: number): CellRange[] {
  const stride = Math.ceil(cells / kMostTested);
  const step = stride === 1 ? kRange : kBlock;
  const ranges: CellRange[] = [];
  for (let first = 0; first < cells; first += stride * step) ranges.push({ first, end: Math.min(first + step, cells) });
  return ranges;
}

function joined<T extends Float32Array | Int32Array>(parts: T[], Columns: new (length: number) => T): T {
  const all = new Columns(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
