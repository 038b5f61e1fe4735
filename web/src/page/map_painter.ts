// Paints cells as soft discs straight into pixels: a hundred thousand take a few frames, and each frame stays short.
import { labelRgb } from './palette';
import type { MapLayout } from './map_layout';

export interface PaintOptions {
  layout: MapLayout;
  labels: Int32Array; // [cells]
  isRing: (label: number) => boolean; // drawn hollow: told apart without colour
  emphasised: ((cell: number) => boolean) | null; // null: all cells alike
  theme: 'light' | 'dark';
}

const kFrameMs = 8;
const kFaint = 0.08;
const kRingWider = 1.25;

// Paints over several frames; returns what stops it.
export function paintMap(canvas: HTMLCanvasElement, options: PaintOptions): () => void {
  const { layout } = options;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(layout.width * ratio));
  canvas.height = Math.max(1, Math.round(layout.height * ratio));
  const context = canvas.getContext('2d');
  if (!context) return () => undefined;
  const image = context.createImageData(canvas.width, canvas.height);
  const steps = paintSteps(image, options, ratio);
  let frame = 0;
  const paintSome = () => {
    const end = performance.now() + kFrameMs;
    let isDone = false;
    while (!isDone && performance.now() < end) isDone = steps.next().done ?? false;
    context.putImageData(image, 0, 0);
    if (!isDone) frame = requestAnimationFrame(paintSome);
  };
  paintSome();
  return () => cancelAnimationFrame(frame);
}

// Faint cells lie below the others; within each layer cells come in a mixed order, so that no label hides another only
// because the file lists it last.
function* paintSteps(image: ImageData, options: PaintOptions, ratio: number): Generator<void> {
  const { layout, labels, isRing, emphasised, theme } = options;
  const cells = labels.length;
  const radius = radiusFor(cells) * ratio;
  const [disc, ring] = [softDisc(radius), softDisc(kRingWider * radius, 0.55)];
  const colours = coloursOf(labels, theme);
  const stride = mixingStride(cells);
  for (const layer of emphasised ? ['faint', 'full'] : ['full']) {
    const alpha = layer === 'faint' ? kFaint : 0.85;
    for (let k = 0, cell = 0; k < cells; k++, cell = (cell + stride) % cells) {
      if (k % 1024 === 1023) yield;
      if (emphasised && emphasised(cell) !== (layer === 'full')) continue;
      const shape = isRing(labels[cell]!) ? ring : disc;
      stamp(image, shape, layout.x[cell]! * ratio, layout.y[cell]! * ratio, colours.get(labels[cell]!)!, alpha);
    }
  }
}

function coloursOf(labels: Int32Array, theme: 'light' | 'dark') {
  return new Map([...new Set(labels)].map((label) => [label, labelRgb(label, theme)]));
}

function radiusFor(cells: number): number {
  if (cells <= 1000) return 4;
  if (cells <= 5000) return 3;
  if (cells <= 20_000) return 2.2;
  return cells <= 100_000 ? 1.6 : 1.1;
}

// Coprime to the number of cells and near its golden section, so that k * stride visits every cell once, well mixed.
function mixingStride(cells: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.max(1, Math.floor(cells * 0.618));
  while (divisor(cells, stride) !== 1) stride++;
  return stride;
}

interface Disc {
  reach: number;
  cover: Float32Array; // [side x side], share of each pixel that is covered
}

// With a `hole`, a share of the radius, it is a ring.
function softDisc(radius: number, hole = 0): Disc {
  const reach = Math.ceil(radius);
  const side = 2 * reach + 1;
  const cover = Float32Array.from({ length: side * side }, (_, k) => {
    const distance = Math.hypot((k % side) - reach, Math.floor(k / side) - reach);
    const inside = (edge: number) => Math.min(1, Math.max(0, edge + 0.5 - distance));
    return hole > 0 ? inside(radius) - inside(hole * radius) : inside(radius);
  });
  return { reach, cover };
}

// Source over destination, with straight (not premultiplied) alpha as ImageData has it.
function stamp(
  { data, width, height }: ImageData,
  { reach, cover }: Disc,
  x: number,
  y: number,
  [red, green, blue]: readonly [number, number, number],
  alpha: number,
): void {
  const side = 2 * reach + 1;
  const [left, top] = [Math.round(x) - reach, Math.round(y) - reach];
  for (let k = 0; k < cover.length; k++) {
    const [column, row] = [left + (k % side), top + Math.floor(k / side)];
    const over = cover[k]! * alpha;
    if (over === 0 || column < 0 || row < 0 || column >= width || row >= height) continue;
    const at = 4 * (row * width + column);
    const below = (data[at + 3]! / 255) * (1 - over);
    const both = over + below;
    data[at] = (red * over + data[at]! * below) / both;
    data[at + 1] = (green * over + data[at + 1]! * below) / both;
    data[at + 2] = (blue * over + data[at + 2]! * below) / both;
    data[at + 3] = 255 * both;
  }
}
