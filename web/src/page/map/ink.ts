// How a cell is drawn: its colour and its shape.
export type Shape = 'disc' | 'triangle' | 'square' | 'diamond' | 'wedge' | 'plus' | 'ring' | 'frame' | 'cross';

export interface Ink {
  colour: readonly [number, number, number]; // 0 to 255
  shape: Shape;
}

// To add one: list it here, outline it below, measure it in the shader of gpu_painter.ts.
export const kShapes: readonly Shape[] = ['disc', 'triangle', 'square', 'diamond', 'wedge', 'plus', 'ring', 'frame', 'cross'];

// All cover about as much as a disc of radius 1; y points down.
export const kOutline = {
  square: 0.886, // half a side
  diamond: 1.253, // half a diagonal
  triangle: 0.74, // from the middle to a side, so twice that to a corner
  plus: { length: 1.15, width: 0.42 }, // half of an arm's
  cross: { length: 1.3, width: 0.34 }, // half of an arm's, and turned by 45 degrees
  ring: { outer: 1.2, inner: 0.62 },
  frame: { outer: 1.08, inner: 0.56 }, // half a side
};
export const kReach = 1.56; // of the widest shape

// An SVG path, also for Path2D; hollow ones need the even-odd rule.
export function outline(shape: Shape, x: number, y: number, radius: number): string {
  switch (shape) {
    case 'disc':
      return circle(x, y, radius);
    case 'ring':
      return circle(x, y, kOutline.ring.outer * radius) + circle(x, y, kOutline.ring.inner * radius);
    case 'frame':
      return polygon(kUnitSquare, x, y, kOutline.frame.outer * radius) + polygon(kUnitSquare, x, y, kOutline.frame.inner * radius);
    default:
      return polygon(kCorners[shape], x, y, radius);
  }
}

export function cssColour([red, green, blue]: Ink['colour']): string {
  return `rgb(${red} ${green} ${blue})`;
}

type Point = readonly [number, number];

const kUnitSquare: readonly Point[] = [[-1, -1], [1, -1], [1, 1], [-1, 1]];

const kCorners: Record<Exclude<Shape, 'disc' | 'ring' | 'frame'>, readonly Point[]> = {
  triangle: triangle(1),
  wedge: triangle(-1),
  square: kUnitSquare.map(([x, y]) => [x * kOutline.square, y * kOutline.square]),
  diamond: kUnitSquare.map(([x, y]) => [((x - y) / 2) * kOutline.diamond, ((x + y) / 2) * kOutline.diamond]),
  plus: arms(kOutline.plus),
  cross: arms(kOutline.cross).map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]),
};

function triangle(up: 1 | -1): Point[] {
  const side = kOutline.triangle;
  return [[0, -2 * side * up], [Math.sqrt(3) * side, side * up], [-Math.sqrt(3) * side, side * up]];
}

function arms({ length, width }: { length: number; width: number }): Point[] {
  const quarter: Point[] = [[-width, -length], [width, -length], [width, -width]];
  return [0, 1, 2, 3].flatMap((turns) => quarter.map((corner) => turned(corner, turns)));
}

function turned([x, y]: Point, quarters: number): Point {
  return quarters === 0 ? [x, y] : turned([-y, x], quarters - 1);
}

function circle(x: number, y: number, radius: number): string {
  const arc = `a${short(radius)} ${short(radius)} 0 1 0 `;
  return `M${short(x - radius)} ${short(y)}${arc}${short(2 * radius)} 0${arc}${short(-2 * radius)} 0z`;
}

function polygon(corners: readonly Point[], x: number, y: number, radius: number): string {
  return `M${corners.map(([dx, dy]) => `${short(x + dx * radius)} ${short(y + dy * radius)}`).join('L')}z`;
}

function short(value: number): number {
  return Math.round(100 * value) / 100;
}
