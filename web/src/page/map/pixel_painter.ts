// Paints cells one by one into pixels, where there is no WebGL2: over several frames, each of them short. Until it is done, the
// last finished picture stands in, moved and enlarged with the view.
import { kReach, outline, type Shape } from './ink';
import { kFaint, kOpacity, type Painter, resizeCanvas, type Scene } from './painter';
import type { Transform } from './view';

const kFrameMs = 8;
const kCellsPerLook = 256; // between two looks at the clock

export class PixelPainter implements Painter {
  private scene: Scene | null = null; // being painted, or finished
  private steps: Iterator<void> | null = null;
  private image: ImageData | null = null;
  private readonly finished = document.createElement('canvas');
  private finishedAt: Transform | null = null;

  constructor(private readonly context: CanvasRenderingContext2D) {}

  isReady(): boolean {
    return true;
  }

  paint(scene: Scene): boolean {
    resizeCanvas(this.context.canvas, scene);
    if (!this.scene || !this.steps || !isSame(this.scene, scene)) {
      this.scene = scene;
      this.steps = paintSteps(this.clearImage(), scene);
    }
    const end = performance.now() + kFrameMs;
    let isDone = false;
    while (!isDone && performance.now() < end) isDone = this.steps.next().done ?? false;
    if (isDone || !this.finishedAt) this.finish(scene);
    this.show(scene);
    return isDone;
  }

  dispose(): void {
    this.steps = null;
  }

  private clearImage(): ImageData {
    const { width, height } = this.context.canvas;
    if (this.image?.width !== width || this.image.height !== height) return (this.image = new ImageData(width, height));
    this.image.data.fill(0);
    return this.image;
  }

  private finish(scene: Scene): void {
    resizeCanvas(this.finished, scene);
    this.finished.getContext('2d')?.putImageData(this.image!, 0, 0);
    this.finishedAt = scene.transform;
  }

  private show({ transform, ratio }: Scene): void {
    const { context, finished, finishedAt: from } = this;
    if (!from) return;
    const [acrossBy, downBy] = [transform.scaleX / from.scaleX, transform.scaleY / from.scaleY];
    const right = transform.offsetX - from.offsetX * acrossBy;
    const down = transform.offsetY - from.offsetY * downBy;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.setTransform(acrossBy, 0, 0, downBy, right * ratio, down * ratio);
    context.drawImage(finished, 0, 0);
  }
}

// Whether what was painted of one scene can go on with the other.
function isSame(a: Scene, b: Scene): boolean {
  return (
    a.view === b.view &&
    a.noInk === b.noInk &&
    a.order === b.order &&
    a.radius === b.radius &&
    a.ratio === b.ratio &&
    a.width === b.width &&
    a.height === b.height &&
    a.move?.share === b.move?.share &&
    (Object.keys(a.transform) as (keyof Transform)[]).every((key) => a.transform[key] === b.transform[key])
  );
}

function* paintSteps(image: ImageData, scene: Scene): Generator<void> {
  const { cells, faint, full } = scene.order;
  const stamps = new Map<Shape, Stamp>();
  if (faint > 0) {
    yield* stampCells(image, scene, stamps, 0, faint, 1);
    for (let k = 3; k < image.data.length; k += 4) image.data[k]! *= kFaint;
  }
  yield* stampCells(image, scene, stamps, full, cells.length, kOpacity);
}

function* stampCells(
  image: ImageData,
  scene: Scene,
  stamps: Map<Shape, Stamp>,
  first: number,
  end: number,
  opacity: number,
): Generator<void> {
  const { view, noInk, order, ratio, radius, transform: to, move } = scene;
  for (let k = first; k < end; k++) {
    if ((k - first) % kCellsPerLook === kCellsPerLook - 1) yield;
    const cell = order.cells[k]!;
    let x = to.scaleX * view.places[2 * cell]! + to.offsetX;
    let y = to.scaleY * view.places[2 * cell + 1]! + to.offsetY;
    if (move) {
      x += (1 - move.share) * (move.transform.scaleX * move.from[2 * cell]! + move.transform.offsetX - x);
      y += (1 - move.share) * (move.transform.scaleY * move.from[2 * cell + 1]! + move.transform.offsetY - y);
    }
    const { colour, shape } = view.inks[view.group[cell]!] ?? noInk;
    let stamp = stamps.get(shape);
    if (!stamp) stamps.set(shape, (stamp = newStamp(shape, radius * ratio)));
    press(image, stamp, Math.round(x * ratio), Math.round(y * ratio), colour, opacity);
  }
}

interface Stamp {
  reach: number;
  cover: Float32Array; // [side x side], share of each pixel that is covered
}

function newStamp(shape: Shape, radius: number): Stamp {
  const reach = Math.ceil(radius * kReach);
  const side = 2 * reach + 1;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fill(new Path2D(outline(shape, reach + 0.5, reach + 0.5, radius)), 'evenodd');
  const { data } = context.getImageData(0, 0, side, side);
  return { reach, cover: Float32Array.from({ length: side * side }, (_, k) => data[4 * k + 3]! / 255) };
}

// Source over destination, with straight (not premultiplied) alpha as ImageData has it.
function press(
  { data, width, height }: ImageData,
  { reach, cover }: Stamp,
  x: number,
  y: number,
  [red, green, blue]: readonly [number, number, number],
  opacity: number,
): void {
  const side = 2 * reach + 1;
  const [left, top] = [x - reach, y - reach];
  if (left + side <= 0 || top + side <= 0 || left >= width || top >= height) return;
  for (let row = Math.max(0, -top); row < side && top + row < height; row++) {
    for (let column = Math.max(0, -left); column < side && left + column < width; column++) {
      const over = cover[row * side + column]! * opacity;
      if (over === 0) continue;
      const at = 4 * ((top + row) * width + left + column);
      const below = (data[at + 3]! / 255) * (1 - over);
      const both = over + below;
      data[at] = (red * over + data[at]! * below) / both;
      data[at + 1] = (green * over + data[at + 1]! * below) / both;
      data[at + 2] = (blue * over + data[at + 2]! * below) / both;
      data[at + 3] = 255 * both;
    }
  }
}
