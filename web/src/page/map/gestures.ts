// Turns pointers, the wheel and keys into what is done to the map.
import type { MapStage } from './map_stage';

export interface GestureHandlers {
  isLassoing: () => boolean;
  onPoint: (at: Point | null) => void; // hovered, or left
  onPick: (at: Point) => void;
  onPickMiddle: () => void;
  onLassoLine: (corners: readonly number[]) => void; // x and y in turn; empty: no line
  onLasso: (corners: readonly number[]) => void;
  onSelectSight: () => void;
  onToggleLasso: () => void;
  onEscape: () => void;
  onIdleWheel: () => void; // the wheel was turned, but scrolls the page
}

export interface Point {
  x: number; // css pixels from the map's corner
  y: number;
}

type Mode = 'none' | 'press' | 'pan' | 'lasso' | 'pinch';

const kSlop = { mouse: 4, pen: 6, touch: 10 }; // css pixels a press may wander and still pick
const kKeyStep = 60; // css pixels
const kZoomStep = 1.6;
const kLassoStep = 3; // css pixels between two corners

// Listens until the returned function is called.
export function listenToGestures(canvas: HTMLCanvasElement, stage: MapStage, on: GestureHandlers): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  const pointers = new Map<number, Point>();
  let mode: Mode = 'none';
  let pressedAt: Point = { x: 0, y: 0 };
  let line: number[] = [];

  const pointOf = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const endLasso = () => {
    line = [];
    on.onLassoLine(line);
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const at = pointOf(event);
    if (event.isPrimary) pointers.clear();
    pointers.set(event.pointerId, at);
    if (pointers.size > 1) {
      if (mode === 'lasso') endLasso();
      mode = 'pinch';
      return;
    }
    pressedAt = at;
    mode = on.isLassoing() || event.shiftKey ? 'lasso' : 'press';
    if (mode === 'lasso') line = [at.x, at.y];
    if (event.pointerType !== 'touch') canvas.setPointerCapture(event.pointerId);
  }, options);

  canvas.addEventListener('pointermove', (event) => {
    const at = pointOf(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') on.onPoint(at);
      return;
    }
    if (mode === 'press' && distance(at, pressedAt) > (kSlop[event.pointerType as keyof typeof kSlop] ?? kSlop.mouse)) {
      mode = stage.isZoomed ? 'pan' : 'none';
      on.onPoint(null);
    }
    if (mode === 'pan') stage.panBy(at.x - before.x, at.y - before.y, 'at once');
    if (mode === 'lasso' && distance(at, { x: line.at(-2)!, y: line.at(-1)! }) >= kLassoStep) {
      line.push(at.x, at.y);
      on.onPoint(null);
      on.onLassoLine(line);
    }
    if (mode === 'pinch') {
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) pinch(stage, other, before, at);
    }
    // A press keeps its first place, so that a pan begins where the pointer went down.
    if (mode !== 'press') pointers.set(event.pointerId, at);
  }, options);

  canvas.addEventListener('pointerup', (event) => {
    if (!pointers.delete(event.pointerId)) return;
    const at = pointOf(event);
    if (mode === 'press') on.onPick(at);
    if (mode === 'lasso') {
      const corners = line;
      endLasso();
      // A line of fewer than three corners is a click.
      if (corners.length >= 6) on.onLasso(corners);
      else on.onPick(at);
    }
    mode = mode === 'pinch' && pointers.size === 1 ? 'pan' : 'none';
  }, options);

  canvas.addEventListener('pointercancel', (event) => {
    pointers.delete(event.pointerId);
    if (mode === 'lasso') endLasso();
    mode = 'none';
  }, options);

  // A finger leaves with every tap, which is to show its cell.
  canvas.addEventListener('pointerleave', ({ pointerType }) => pointerType !== 'touch' && on.onPoint(null), options);

  canvas.addEventListener('dblclick', (event) => {
    const { x, y } = pointOf(event);
    stage.zoomBy(event.altKey ? 0.5 : 2, x, y, 'gliding');
  }, options);

  canvas.addEventListener('wheel', (event) => {
    const isAsked = event.ctrlKey || event.metaKey || document.activeElement === canvas;
    if (!isAsked) return on.onIdleWheel();
    // Where nothing is left to zoom out of, the page scrolls on.
    if (!stage.isZoomed && event.deltaY > 0 && !event.ctrlKey) return;
    event.preventDefault();
    const { x, y } = pointOf(event);
    stage.zoomBy(wheelFactor(event), x, y, 'at once');
  }, { ...options, passive: false });

  // The browser keeps what its touch-action allows, but a pinch is ours.
  canvas.addEventListener('touchmove', (event) => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  }, { ...options, passive: false });

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keyAction(event.key, stage, on);
    if (!act) return;
    event.preventDefault();
    act();
  }, options);

  return () => stop.abort();
}

function keyAction(key: string, stage: MapStage, on: GestureHandlers): (() => void) | null {
  const pan = (x: number, y: number) => (stage.isZoomed ? () => stage.panBy(x * kKeyStep, y * kKeyStep, 'gliding') : null);
  switch (key) {
    case 'ArrowLeft':
      return pan(1, 0);
    case 'ArrowRight':
      return pan(-1, 0);
    case 'ArrowUp':
      return pan(0, 1);
    case 'ArrowDown':
      return pan(0, -1);
    case '+':
    case '=':
      return () => stage.zoomAtMiddle(kZoomStep);
    case '-':
      return () => stage.zoomAtMiddle(1 / kZoomStep);
    case '0':
      return () => stage.showWhole();
    case 'Enter':
      return () => (on.isLassoing() ? on.onSelectSight() : on.onPickMiddle());
    case 'l':
    case 'L':
      return () => on.onToggleLasso();
    case 'Escape':
      return () => on.onEscape();
    default:
      return null;
  }
}

function pinch(stage: MapStage, other: Point, before: Point, at: Point): void {
  const middle = (a: Point, b: Point) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const [from, to] = [middle(other, before), middle(other, at)];
  const factor = distance(other, at) / Math.max(1, distance(other, before));
  stage.zoomBy(factor, from.x, from.y, 'at once');
  stage.panBy(to.x - from.x, to.y - from.y, 'at once');
}

// A pinch on a touchpad comes as small turns of the wheel with ctrl; lines and pages are those of a mouse.
function wheelFactor({ deltaY, deltaMode, ctrlKey }: WheelEvent): number {
  const pixels = deltaMode === 0 ? deltaY : 33 * deltaY;
  const perPixel = ctrlKey && Math.abs(pixels) < 50 ? 0.01 : 0.002;
  return Math.exp(-perPixel * Math.max(-240, Math.min(240, pixels)));
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
