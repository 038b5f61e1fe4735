// The map as a picture to keep: the part on show, its legend beside it, on the page's own background.
import { save } from '../save_file';
import { cssColour, type Ink, outline } from './ink';
import { makePainter } from './make_painter';
import { kFaint, kOpacity, type Scene } from './painter';
import type { Size } from './view';

export interface LegendEntry {
  name: string;
  ink: Ink;
}

// What colours mean when they stand for numbers.
export interface Scale {
  name: string;
  low: string;
  high: string;
  inks: readonly Ink[]; // from low to high
}

export interface Legend {
  names: readonly LegendEntry[];
  scale: Scale | null;
}

// Of the page, as css.
export interface Look {
  background: string;
  text: string;
  font: string; // family
}

const kMaxVectorCells = 20_000;
const kMaxPixels = 4096; // along one side, which every browser's canvas bears
const kFontSize = 13;
const kRow = 22;
const kGap = 24;
const kMark = 5; // radius
const kBar = { width: 140, height: 12, steps: 70 };

interface Picture extends Size {
  marks: (LegendEntry & { x: number; y: number })[];
  texts: { text: string; x: number; y: number }[]; // the left end of its middle line
  bar: { x: number; y: number; inks: readonly Ink[] } | null;
}

// Rejects where the browser cannot make a picture of this size.
export async function exportPng(scene: Scene, legend: Legend, look: Look, name: string): Promise<void> {
  const picture = layOut(scene, legend, look);
  const ratio = Math.min(3, kMaxPixels / Math.max(picture.width, picture.height));
  const { canvas, context } = newCanvas(picture.width * ratio, picture.height * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = look.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(paintCells(scene, ratio), 0, 0, scene.width, scene.height);
  context.font = fontOf(look);
  context.textBaseline = 'middle';
  for (const { ink, x, y } of picture.marks) {
    context.fillStyle = cssColour(ink.colour);
    context.fill(new Path2D(outline(ink.shape, x + kMark, y, kMark)), 'evenodd');
  }
  for (const { ink, x, y, width } of stepsOf(picture.bar)) {
    context.fillStyle = cssColour(ink.colour);
    context.fillRect(x, y, width, kBar.height);
  }
  context.fillStyle = look.text;
  for (const { text, x, y } of picture.texts) context.fillText(text, x, y);
  save(await blobOf(canvas), `${name}.png`);
}

// Every cell its own shape as long as other programs can still open that; of more cells a picture, with the legend as shapes.
export async function exportSvg(scene: Scene, legend: Legend, look: Look, name: string): Promise<void> {
  const { width, height, marks, texts, bar } = layOut(scene, legend, look);
  const { cells, faint, full } = scene.order;
  const isVector = faint + cells.length - full <= kMaxVectorCells;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n`,
    `<rect width="${width}" height="${height}" fill="${look.background}"/>\n`,
    // An inner svg cuts off what lies outside the map.
    `<svg width="${scene.width}" height="${scene.height}" fill-rule="evenodd">\n`,
    ...(isVector ? vectorCells(scene) : [await embeddedCells(scene)]),
    `</svg>\n<g font-family="${escaped(look.font)}" font-size="${kFontSize}" fill-rule="evenodd">\n`,
    ...marks.map(({ ink, x, y }) => `<path d="${outline(ink.shape, x + kMark, y, kMark)}" fill="${hex(ink)}"/>\n`),
    ...stepsOf(bar).map(
      ({ ink, x, y, width: wide }) => `<rect x="${x}" y="${y}" width="${wide}" height="${kBar.height}" fill="${hex(ink)}"/>\n`,
    ),
    ...texts.map(({ text, x, y }) => `<text x="${x}" y="${y + 0.35 * kFontSize}" fill="${look.text}">${escaped(text)}</text>\n`),
    '</g>\n</svg>\n',
  ];
  save(new Blob(parts, { type: 'image/svg+xml' }), `${name}.svg`);
}

// Beside the map: the scale or the names, these in as many columns as the map's height asks for.
function layOut(scene: Scene, { names, scale }: Legend, look: Look): Picture {
  const { context } = newCanvas(1, 1);
  context.font = fontOf(look);
  const widthOf = (text: string) => Math.ceil(context.measureText(text).width);
  const picture: Picture = { width: 0, height: Math.ceil(scene.height), marks: [], texts: [], bar: null };
  const { marks, texts } = picture;
  let x = scene.width + kGap;
  if (scale) {
    const { name, low, high, inks } = scale;
    picture.bar = { x, y: kGap + kRow / 2, inks };
    const below = kGap + kRow / 2 + kBar.height + kRow / 2;
    texts.push({ text: name, x, y: kGap }, { text: low, x, y: below }, { text: high, x: x + kBar.width - widthOf(high), y: below });
    x += Math.max(kBar.width, widthOf(name)) + kGap;
  }
  const perColumn = Math.max(1, Math.floor((scene.height - kGap) / kRow));
  for (let first = 0; first < names.length; first += perColumn) {
    const column = names.slice(first, first + perColumn);
    column.forEach((entry, k) => {
      const y = kGap + k * kRow;
      marks.push({ ...entry, x, y });
      texts.push({ text: entry.name, x: x + 3.4 * kMark, y });
    });
    x += Math.max(...column.map(({ name }) => widthOf(name))) + 3.4 * kMark + kGap;
  }
  return { ...picture, width: Math.ceil(x) };
}

// The bar of a scale in rectangles, which every program draws alike; they overlap, so that no gap shows between them.
function stepsOf(bar: Picture['bar']) {
  if (!bar) return [];
  const width = kBar.width / kBar.steps;
  return Array.from({ length: kBar.steps }, (_, k) => ({
    ink: bar.inks[Math.round((k / (kBar.steps - 1)) * (bar.inks.length - 1))]!,
    x: bar.x + k * width,
    y: bar.y,
    width: k < kBar.steps - 1 ? width + 0.5 : width,
  }));
}

function vectorCells(scene: Scene): string[] {
  const { order } = scene;
  return [
    `<g opacity="${kFaint}">\n`,
    ...marks(scene, 0, order.faint),
    `</g>\n<g fill-opacity="${kOpacity}">\n`,
    ...marks(scene, order.full, order.cells.length),
    '</g>\n',
  ];
}

function* marks({ view, noInk, order, transform, radius, width, height }: Scene, first: number, end: number): Generator<string> {
  const reach = 2 * radius;
  for (let k = first; k < end; k++) {
    const cell = order.cells[k]!;
    const x = transform.scaleX * view.places[2 * cell]! + transform.offsetX;
    const y = transform.scaleY * view.places[2 * cell + 1]! + transform.offsetY;
    if (x < -reach || y < -reach || x > width + reach || y > height + reach) continue;
    const ink = view.inks[view.group[cell]!] ?? noInk;
    yield ink.shape === 'disc'
      ? `<circle cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="${radius.toFixed(2)}" fill="${hex(ink)}"/>\n`
      : `<path d="${outline(ink.shape, x, y, radius)}" fill="${hex(ink)}"/>\n`;
  }
}

async function embeddedCells(scene: Scene): Promise<string> {
  const ratio = Math.min(3, kMaxPixels / Math.max(scene.width, scene.height));
  const address = await dataAddress(await blobOf(paintCells(scene, ratio)));
  return `<image width="${scene.width}" height="${scene.height}" href="${address}"/>\n`;
}

// On a canvas of its own, whose background is left clear.
function paintCells(scene: Scene, ratio: number): HTMLCanvasElement {
  for (const kind of ['gpu', '2d'] as const) {
    const canvas = document.createElement('canvas');
    const painter = makePainter(canvas, kind);
    if (!painter) continue;
    while (!painter.paint({ ...scene, move: null, isMoving: false, ratio }));
    // A graphics canvas is cleared once this task ends, and its painter frees it.
    const { canvas: copy, context } = newCanvas(canvas.width, canvas.height);
    context.drawImage(canvas, 0, 0);
    painter.dispose();
    return copy;
  }
  throw new Error('this browser has no canvas');
}

function newCanvas(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(width), Math.round(height)];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no canvas');
  return { canvas, context };
}

function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser'))));
  });
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('the picture could not be read'));
    reader.readAsDataURL(blob);
  });
}

function fontOf({ font }: Look): string {
  return `${kFontSize}px ${font}`;
}

// Drawing programs know it, and not all of them rgb() without commas.
function hex({ colour }: Ink): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function escaped(text: string): string {
  const kEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => kEntities[character]!);
}
