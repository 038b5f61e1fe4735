// Owns what is seen of the map: the part on show, what moves, and when to paint. It knows no DOM but its canvas.
import { buildGrid, type CellGrid, nearestCell } from './cell_grid';
import { type DrawOrder, orderCells } from './draw_order';
import type { Ink } from './ink';
import { cellsInside } from './lasso';
import type { Painter, Scene } from './painter';
import {
  type Bounds,
  boundsOf,
  type Camera,
  contains,
  kWholeMap,
  type MapView,
  mixedBounds,
  mixedCamera,
  padded,
  panned,
  type Size,
  transformOf,
  union,
  zoomed,
} from './view';

export type Glide = 'at once' | 'gliding';

interface Motion<Value> {
  from: Value;
  to: Value;
  begin: number; // ms, of performance.now()
  duration: number; // ms
}

const kMoveMs = 400;
const kGlideMs = 220;
const kSlowMs = 4; // without a graphics card: what a glide would take, 25 paintings, is the workers'
const kReach = 12; // css pixels from the pointer to a cell
const kIdleMs = 6;
const kSettleMs = 150; // after the last move of the view it is painted in full
// The fit follows the cells when they leave it or fill little of it, and then leaves room for more.
const kTolerance = 0.02;
const kRoom = 0.06;
const kRoomLeft = 0.3;

export class MapStage {
  private view: MapView | null = null;
  private noInk: Ink | null = null;
  private size: Size = { width: 0, height: 0 };
  private camera: Camera = kWholeMap;
  private cameraMotion: Motion<Camera> | null = null;
  private bounds: Bounds | null = null;
  private fit: Bounds | null = null;
  private fitMotion: Motion<Bounds> | null = null;
  private move: { places: Float32Array; fit: Bounds; begin: number; share: number } | null = null;
  private newFrom = Infinity; // cells from here on came or moved since the bounds were taken
  private order: DrawOrder | null = null; // null: to be made anew
  private orderSpace = new Uint32Array(0);
  private grid: { of: MapView; squares: CellGrid } | null = null;
  private building: { of: MapView; steps: Generator<void, CellGrid> } | null = null;
  private movedAt = -Infinity; // ms, by hand
  private settling = 0;
  private frame = 0;
  private paintMs = 0; // of the last painting
  private idle = 0;

  // `onFrame` after each painting, for what lies over the canvas; `onGrid` when cells can be found under the pointer.
  constructor(
    private painter: Painter,
    private readonly on: { frame: () => void; grid: () => void },
  ) {}

  get isZoomed(): boolean {
    return (this.cameraMotion?.to ?? this.camera).zoom > 1;
  }

  show(view: MapView, noInk: Ink): void {
    const before = this.view;
    [this.view, this.noInk] = [view, noInk];
    const isSameData = before?.places === view.places && before.revision === view.revision;
    if (!before || before.cells > view.cells || before.cells === 0) this.startAnew(view);
    else if (before.places !== view.places && before.cells === view.cells) this.exchange(before, view);
    else if (!isSameData || before.cells !== view.cells) this.newFrom = Math.min(this.newFrom, isSameData ? before.cells : 0);
    const isSameOrder =
      isSameData && before.cells === view.cells && before.isHidden === view.isHidden && before.isSelected === view.isSelected;
    if (!isSameOrder) this.order = null;
    this.invalidate();
  }

  // Another painter for the same canvas, whose graphics were lost.
  paintWith(painter: Painter): void {
    this.painter = painter;
    this.invalidate();
  }

  resize({ width, height }: Size): void {
    this.size = { width, height };
    // At once: the canvas is cleared when its size changes.
    this.paint(performance.now());
  }

  zoomBy(factor: number, atX: number, atY: number, glide: Glide): void {
    const from = this.cameraMotion?.to ?? this.camera;
    this.look(zoomed(from, factor, atX, atY, this.size), glide);
  }

  zoomAtMiddle(factor: number): void {
    this.zoomBy(factor, this.size.width / 2, this.size.height / 2, 'gliding');
  }

  panBy(byX: number, byY: number, glide: Glide): void {
    this.look(panned(this.cameraMotion?.to ?? this.camera, byX, byY, this.size), glide);
  }

  showWhole(): void {
    this.look(kWholeMap, 'gliding');
  }

  // Where a cell is on the map, in css pixels; null: nowhere.
  placeOf(cell: number): { x: number; y: number } | null {
    const { view } = this;
    if (!view || !this.fit || cell >= view.cells) return null;
    const to = this.transform(this.fit);
    let x = to.scaleX * view.places[2 * cell]! + to.offsetX;
    let y = to.scaleY * view.places[2 * cell + 1]! + to.offsetY;
    if (this.move) {
      const { places, fit, share } = this.move;
      const from = this.transform(fit);
      x += (1 - share) * (from.scaleX * places[2 * cell]! + from.offsetX - x);
      y += (1 - share) * (from.scaleY * places[2 * cell + 1]! + from.offsetY - y);
    }
    return Number.isNaN(x + y) ? null : { x, y };
  }

  // -1 also while the grid is not ready, which `on.grid` tells.
  cellAt(x: number, y: number): number {
    this.prepareGrid();
    return this.nearest(x, y, kReach);
  }

  // Does not wait for the grid.
  cellAtNow(x: number, y: number): number {
    this.finishGrid();
    return this.nearest(x, y, kReach);
  }

  cellAtMiddle(): number {
    const { width, height } = this.size;
    this.finishGrid();
    let cell = -1;
    for (let reach = kReach; cell < 0 && reach < width + height; reach *= 2) cell = this.nearest(width / 2, height / 2, reach);
    return cell;
  }

  // Corners are x and y in turn, in css pixels.
  cellsInside(corners: readonly number[]): Uint32Array {
    if (!this.view || !this.fit) return new Uint32Array(0);
    return cellsInside(this.view, this.transform(this.fit), corners);
  }

  cellsInSight(): Uint32Array {
    const { width, height } = this.size;
    return this.cellsInside([0, 0, width, 0, width, height, 0, height]);
  }

  // What is on show, for an export.
  scene(): Scene | null {
    const { view, noInk, fit, move, size } = this;
    if (!view || !noInk || !fit || size.width === 0 || size.height === 0) return null;
    const order = (this.order ??= this.newOrder(view));
    return {
      ...size,
      view,
      noInk,
      order,
      ratio: window.devicePixelRatio || 1,
      radius: this.radius(order),
      transform: this.transform(fit),
      isMoving: this.isMoving(performance.now()),
      move: move && { from: move.places, transform: this.transform(move.fit), share: move.share },
    };
  }

  invalidate(): void {
    this.frame ||= requestAnimationFrame((now) => this.paint(now));
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settling);
    cancelIdle(this.idle);
    this.painter.dispose();
  }

  private paint(now: number): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    // Whatever comes until it is ready is worked through at once then.
    if (!this.painter.isReady()) return this.invalidate();
    this.follow();
    this.advance(now);
    const scene = this.scene();
    const begin = performance.now();
    const isDone = scene ? this.painter.paint(scene) : true;
    this.paintMs = performance.now() - begin;
    this.on.frame();
    if (this.cameraMotion || this.fitMotion || this.move || !isDone) this.invalidate();
  }

  private isMoving(now: number): boolean {
    return this.cameraMotion !== null || this.fitMotion !== null || this.move !== null || now < this.movedAt + kSettleMs;
  }

  private advance(now: number): void {
    if (this.cameraMotion) {
      this.camera = mixedCamera(this.cameraMotion.from, this.cameraMotion.to, eased(this.cameraMotion, now));
      if (isOver(this.cameraMotion, now)) [this.camera, this.cameraMotion] = [this.cameraMotion.to, null];
    }
    if (this.fitMotion) {
      this.fit = mixedBounds(this.fitMotion.from, this.fitMotion.to, eased(this.fitMotion, now));
      if (isOver(this.fitMotion, now)) this.fitMotion = null;
    }
    if (this.move) {
      const motion = { begin: this.move.begin, duration: kMoveMs };
      this.move = isOver(motion, now) ? null : { ...this.move, share: eased(motion, now) };
    }
  }

  private startAnew(view: MapView): void {
    this.bounds = this.fit = boundsOf(view.places, 0, view.cells);
    [this.camera, this.cameraMotion, this.fitMotion, this.move] = [kWholeMap, null, null, null];
    this.newFrom = Infinity;
    this.grid = null;
  }

  // Another layout of the same cells: they move to their new places.
  private exchange(before: MapView, view: MapView): void {
    const fit = this.fit;
    this.grid = null;
    this.fitMotion = null;
    this.newFrom = Infinity;
    this.bounds = this.fit = boundsOf(view.places, 0, view.cells);
    if (fit && this.fit && !prefersStillness()) {
      this.move = { places: before.places, fit, begin: performance.now(), share: 0 };
      this.look(kWholeMap, 'gliding');
    } else {
      [this.move, this.camera, this.cameraMotion] = [null, kWholeMap, null];
    }
  }

  // Cells that came, or moved a little.
  private follow(): void {
    const { view, newFrom: first } = this;
    if (!view || first >= view.cells) return;
    const found = boundsOf(view.places, first, view.cells);
    this.bounds = first > 0 ? union(this.bounds, found) : found;
    this.newFrom = Infinity;
    this.refit();
  }

  // Never while a part of the map is looked at closely; when the whole is looked at again, it is done.
  private refit(): void {
    const { bounds } = this;
    if (!bounds || this.isZoomed) return;
    if (!this.fit) {
      this.fit = bounds;
      return;
    }
    const goal = this.fitMotion?.to ?? this.fit;
    const fills = (extent: number, room: number) => room === 0 || extent > (1 - kRoomLeft) * room;
    const isFilled =
      fills(bounds.right - bounds.left, goal.right - goal.left) && fills(bounds.high - bounds.low, goal.high - goal.low);
    if (isFilled && contains(padded(goal, kTolerance), bounds)) return;
    const to = padded(bounds, kRoom);
    if (prefersStillness() || this.paintMs > kSlowMs) [this.fit, this.fitMotion] = [to, null];
    else this.fitMotion = { from: this.fit, to, begin: performance.now(), duration: kMoveMs };
    this.invalidate();
  }

  private newOrder(view: MapView): DrawOrder {
    const room = Math.max(view.cells, Math.floor(view.places.length / 2));
    if (this.orderSpace.length !== room) this.orderSpace = new Uint32Array(room);
    return orderCells(view, this.orderSpace);
  }

  private look(camera: Camera, glide: Glide): void {
    if (glide === 'gliding' && !prefersStillness()) {
      this.cameraMotion = { from: this.camera, to: camera, begin: performance.now(), duration: kGlideMs };
    } else {
      [this.camera, this.cameraMotion] = [camera, null];
      this.movedAt = performance.now();
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.invalidate(), kSettleMs + 20);
    }
    this.refit();
    this.invalidate();
  }

  private transform(fit: Bounds) {
    return transformOf(fit, this.size, this.camera);
  }

  // Fewer cells are drawn larger, and all somewhat larger the closer one looks.
  private radius({ cells, faint, full }: DrawOrder): number {
    const drawn = Math.max(1, faint + cells.length - full);
    const { width, height } = this.size;
    const frame = Math.min(1.25, Math.max(0.75, Math.sqrt(width * height) / 560));
    const whole = Math.min(4, Math.max(0.9, 4 * (drawn / 1000) ** -0.19)) * frame;
    return Math.min(7, Math.max(whole, whole * this.camera.zoom ** 0.35));
  }

  private nearest(x: number, y: number, reach: number): number {
    if (!this.grid || !this.view || !this.fit || this.move) return -1;
    return nearestCell(this.grid.squares, this.view, this.transform(this.fit), x, y, reach);
  }

  private needsGrid(): boolean {
    return this.view !== null && !(this.grid && isPlacedAlike(this.grid.of, this.view));
  }

  private prepareGrid(): void {
    if (!this.needsGrid() || this.idle !== 0) return;
    this.idle = whenIdle(() => {
      this.idle = 0;
      const end = performance.now() + kIdleMs;
      while (this.needsGrid() && performance.now() < end) this.buildSome();
      if (this.needsGrid()) this.prepareGrid();
      else this.on.grid();
    });
  }

  private finishGrid(): void {
    while (this.needsGrid()) this.buildSome();
  }

  // Until it is done, the former grid serves: cells that were appended since are not found, the others are.
  private buildSome(): void {
    const { view } = this;
    if (!view) return;
    if (!this.building || !isPlacedAlike(this.building.of, view)) this.building = { of: view, steps: buildGrid(view) };
    const step = this.building.steps.next();
    if (step.done) [this.grid, this.building] = [{ of: this.building.of, squares: step.value }, null];
  }
}

function isPlacedAlike(a: MapView, b: MapView): boolean {
  return a.places === b.places && a.revision === b.revision && a.cells === b.cells;
}

function eased({ begin, duration }: { begin: number; duration: number }, now: number): number {
  const t = Math.min(1, Math.max(0, (now - begin) / duration));
  return t * t * (3 - 2 * t);
}

function isOver({ begin, duration }: { begin: number; duration: number }, now: number): boolean {
  return now >= begin + duration;
}

function prefersStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

// Safari has no idle callbacks.
function whenIdle(work: () => void): number {
  return 'requestIdleCallback' in window ? requestIdleCallback(work, { timeout: 200 }) : setTimeout(work, 16);
}

function cancelIdle(id: number): void {
  if ('cancelIdleCallback' in window) cancelIdleCallback(id);
  else clearTimeout(id);
}
