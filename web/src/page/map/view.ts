// What the map shows, and where it is on the screen.
import type { Ink } from './ink';

export interface MapView {
  cells: number; // drawn: cells [0, cells); grows while results stream in, and columns may be longer
  places: Float32Array; // [>= cells x 2], any units; NaN: not drawn
  // Another number when the contents of these arrays changed in place; appending cells needs none.
  revision: number;
  group: Int32Array | Uint16Array | Uint8Array; // [>= cells], index into inks; -1: without a group
  inks: readonly Ink[];
  isHidden: Uint8Array | null; // [>= cells], 1: neither drawn nor picked
  isSelected: Uint8Array | null; // [>= cells], null: all alike; else the others are drawn faint
}

export interface Size {
  width: number; // css pixels
  height: number;
}

// Of places, in their own units.
export interface Bounds {
  left: number;
  right: number;
  low: number;
  high: number;
}

// From places to css pixels of the map: x = scaleX * place + offsetX, and y likewise, which points down.
export interface Transform {
  scaleX: number;
  scaleY: number;
  offsetX: number;
  offsetY: number;
}

// The part of the whole map that is seen: its middle as a share of width and height, and how much it is enlarged.
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export const kWholeMap: Camera = { x: 0.5, y: 0.5, zoom: 1 };
export const kMaxZoom = 400;

const kMargin = 16; // css pixels
// Axes of a map have no units, so it may be stretched to fill its frame, but only so much.
const kMaxStretch = 1.5;

// null when no cell of [first, end) has a place.
export function boundsOf(places: Float32Array, first: number, end: number): Bounds | null {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 2 * first; k < 2 * end; k += 2) {
    const x = places[k]!;
    const y = places[k + 1]!;
    // Not else: the first cell is both. NaN is neither.
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  return left <= right && low <= high ? { left, right, low, high } : null;
}

export function union(a: Bounds | null, b: Bounds | null): Bounds | null {
  if (!a || !b) return a ?? b;
  return {
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
  };
}

// Wider by `share` of its extent on each side.
export function padded({ left, right, low, high }: Bounds, share: number): Bounds {
  const [x, y] = [share * (right - left), share * (high - low)];
  return { left: left - x, right: right + x, low: low - y, high: high + y };
}

export function contains(outer: Bounds, inner: Bounds): boolean {
  return inner.left >= outer.left && inner.right <= outer.right && inner.low >= outer.low && inner.high <= outer.high;
}

export function mixedBounds(a: Bounds, b: Bounds, share: number): Bounds {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return { left: mix(a.left, b.left), right: mix(a.right, b.right), low: mix(a.low, b.low), high: mix(a.high, b.high) };
}

export function transformOf(fit: Bounds, { width, height }: Size, camera: Camera): Transform {
  const extent = (from: number, to: number) => (to > from ? to - from : 1);
  const [perX, perY] = [
    Math.max(1, width - 2 * kMargin) / extent(fit.left, fit.right),
    Math.max(1, height - 2 * kMargin) / extent(fit.low, fit.high),
  ];
  const scaleX = Math.min(perX, perY * kMaxStretch) * camera.zoom;
  const scaleY = -Math.min(perY, perX * kMaxStretch) * camera.zoom;
  return {
    scaleX,
    scaleY,
    offsetX: width / 2 + (0.5 - camera.x) * width * camera.zoom - (scaleX * (fit.left + fit.right)) / 2,
    offsetY: height / 2 + (0.5 - camera.y) * height * camera.zoom - (scaleY * (fit.low + fit.high)) / 2,
  };
}

// Enlarged about a point of the screen, which stays where it is.
export function zoomed(camera: Camera, factor: number, atX: number, atY: number, { width, height }: Size): Camera {
  const zoom = Math.min(kMaxZoom, Math.max(1, camera.zoom * factor));
  const [x, y] = [atX / width - 0.5, atY / height - 0.5];
  return clamped({
    x: camera.x + x / camera.zoom - x / zoom,
    y: camera.y + y / camera.zoom - y / zoom,
    zoom,
  });
}

export function panned(camera: Camera, byX: number, byY: number, { width, height }: Size): Camera {
  return clamped({ ...camera, x: camera.x - byX / width / camera.zoom, y: camera.y - byY / height / camera.zoom });
}

// Zoom changes evenly to the eye, and the point about which it does stays where it is.
export function mixedCamera(a: Camera, b: Camera, share: number): Camera {
  const zoom = a.zoom * (b.zoom / a.zoom) ** share;
  const [before, after] = [1 / a.zoom, 1 / b.zoom];
  const along = Math.abs(after - before) > 1e-6 ? (1 / zoom - before) / (after - before) : share;
  return { x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along, zoom };
}

// The whole map stays put; from twice its size on, every corner can be moved to the middle.
function clamped({ x, y, zoom }: Camera): Camera {
  const slack = Math.min(0.5, 1 - 1 / zoom);
  const clamp = (value: number) => Math.min(0.5 + slack, Math.max(0.5 - slack, value));
  return { x: clamp(x), y: clamp(y), zoom };
}
