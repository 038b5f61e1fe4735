// What every painter paints.
import type { DrawOrder } from './draw_order';
import type { Ink } from './ink';
import type { MapView, Size, Transform } from './view';

export interface Scene extends Size {
  view: MapView;
  noInk: Ink; // of cells without a group
  order: DrawOrder; // another object when it changed
  ratio: number; // device pixels per css pixel
  radius: number; // css pixels
  transform: Transform;
  isMoving: boolean; // the next scene follows soon, so this one may be rough
  // Cells are on their way from these places to those of the view, of which they have gone `share`.
  move: { from: Float32Array; transform: Transform; share: number } | null;
}

export interface Painter {
  // False while the last picture is still being painted elsewhere.
  isReady(): boolean;
  // True when done; else it goes on where it was with the next call.
  paint(scene: Scene): boolean;
  dispose(): void;
}

// Opacity of cells that are not selected: laid on all of them together, so that crowds of them stay faint.
export const kFaint = 0.16;
export const kOpacity = 0.9;

// Device pixels, as many as the scene needs; setting them clears the canvas, so only when they change.
export function resizeCanvas(canvas: HTMLCanvasElement, { width, height, ratio }: Scene): void {
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
}
