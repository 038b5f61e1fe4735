// The drawn cells inside a polygon, by the even-odd rule, ascending.
import type { MapView, Transform } from './view';

const kBands = 512;

// `corners` are x and y in turn, in css pixels.
export function cellsInside(view: MapView, transform: Transform, corners: readonly number[]): Uint32Array {
  const { cells, places, isHidden } = view;
  const polygon = Float64Array.from(corners, (value, k) =>
    k % 2 === 0 ? (value - transform.offsetX) / transform.scaleX : (value - transform.offsetY) / transform.scaleY,
  );
  const n = polygon.length / 2;
  if (n < 3) return new Uint32Array(0);
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 0; k < n; k++) {
    left = Math.min(left, polygon[2 * k]!);
    right = Math.max(right, polygon[2 * k]!);
    low = Math.min(low, polygon[2 * k + 1]!);
    high = Math.max(high, polygon[2 * k + 1]!);
  }
  const perBand = kBands / (high - low || 1);
  const bandOf = (y: number) => Math.min(kBands - 1, Math.floor((y - low) * perBand));
  const { begin, edges } = edgesByBand(polygon, bandOf);
  const inside = new Uint32Array(cells);
  let found = 0;
  for (let cell = 0; cell < cells; cell++) {
    const x = places[2 * cell]!;
    const y = places[2 * cell + 1]!;
    if (!(x >= left && x <= right && y >= low && y <= high) || (isHidden && isHidden[cell])) continue;
    const band = bandOf(y);
    let isInside = false;
    for (let k = begin[band]!; k < begin[band + 1]!; k++) {
      const a = 2 * edges[k]!;
      const b = a + 2 === polygon.length ? 0 : a + 2;
      const ay = polygon[a + 1]!;
      const by = polygon[b + 1]!;
      if (ay > y !== by > y && x < polygon[a]! + ((y - ay) / (by - ay)) * (polygon[b]! - polygon[a]!)) isInside = !isInside;
    }
    if (isInside) inside[found++] = cell;
  }
  return inside.slice(0, found);
}

// A cell is compared with the edges of its band only: a hand-drawn line has hundreds, of which few are level with the cell.
function edgesByBand(polygon: Float64Array, bandOf: (y: number) => number): { begin: Uint32Array; edges: Uint32Array } {
  const n = polygon.length / 2;
  const bands = (edge: number): [number, number] => {
    const [a, b] = [bandOf(polygon[2 * edge + 1]!), bandOf(polygon[2 * ((edge + 1) % n) + 1]!)];
    return [Math.min(a, b), Math.max(a, b)];
  };
  const begin = new Uint32Array(kBands + 1);
  for (let edge = 0; edge < n; edge++) {
    const [first, last] = bands(edge);
    for (let band = first; band <= last; band++) begin[band + 1]!++;
  }
  for (let band = 0; band < kBands; band++) begin[band + 1]! += begin[band]!;
  const next = begin.slice();
  const edges = new Uint32Array(begin[kBands]!);
  for (let edge = 0; edge < n; edge++) {
    const [first, last] = bands(edge);
    for (let band = first; band <= last; band++) edges[next[band]!++] = edge;
  }
  return { begin, edges };
}
