// A chart as one file: its pieces put together in an SVG that needs no style sheet, or drawn from that as a PNG.
import { clip, textWidth } from './measure';

export interface Picture {
  svg: string;
  width: number;
  height: number;
}

const kSpace = 'http://www.w3.org/2000/svg';
const kMargin = 16;
const kTitleSize = 15;
const kPngScale = 2;
const kLargestSide = 16000; // that canvases of all browsers have

// `figure` has .chart-plot with pieces that say where they are, and legends.
export function pictureOf(figure: Element, title: string): Picture {
  const pieces = [...figure.querySelectorAll<SVGSVGElement>('.chart-plot > svg')].map((svg) => ({
    svg,
    x: Number(svg.dataset['x']),
    y: kTitleSize + 16 + Number(svg.dataset['y']),
  }));
  const bottomOf = (piece: { svg: SVGSVGElement; y: number }) => piece.y + sizeOf(piece.svg).height;
  let below = Math.max(...pieces.map(bottomOf)) + 12;
  for (const svg of figure.querySelectorAll<SVGSVGElement>('.chart-legend')) {
    pieces.push({ svg, x: 0, y: below });
    below += sizeOf(svg).height + 8;
  }
  const width = Math.ceil(Math.max(320, ...pieces.map(({ svg, x }) => x + sizeOf(svg).width))) + 2 * kMargin;
  const height = Math.ceil(Math.max(...pieces.map(bottomOf))) + 2 * kMargin;
  const style = getComputedStyle(figure);
  const root = element('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': style.fontFamily });
  root.append(
    element('rect', { width, height, ...paint('fill', groundOf(figure)) }),
    titled(title, width - 2 * kMargin, style.color),
  );
  for (const { svg, x, y } of pieces) {
    const piece = element('svg', { x: x + kMargin, y: y + kMargin, ...sizeOf(svg) });
    piece.append(...[...svg.children].flatMap(copied));
    root.append(piece);
  }
  return { svg: new XMLSerializer().serializeToString(root), width, height };
}

export function svgFile({ svg }: Picture): Blob {
  return new Blob([svg], { type: 'image/svg+xml' });
}

export async function pngFile(picture: Picture): Promise<Blob> {
  const address = URL.createObjectURL(svgFile(picture));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(kPngScale, kLargestSide / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(scale * picture.width);
    canvas.height = Math.round(scale * picture.height);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the canvas gave no PNG'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

function titled(title: string, width: number, colour: string): Element {
  const place = { x: kMargin, y: kMargin + kTitleSize };
  const text = element('text', { ...place, 'font-size': kTitleSize, 'font-weight': 600, ...paint('fill', colour) });
  // The title is bolder than what measures it.
  text.textContent = textWidth(title, kTitleSize) > 0.92 * width ? clip(title, 0.92 * width, kTitleSize) : title;
  return text;
}

const kKept = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'rx', 'd', 'points', 'width', 'height', 'transform', 'text-anchor'];

const kStrokes = ['stroke-width', 'stroke-dasharray', 'stroke-linejoin'];

// The element with what the style sheet says written into it; nothing for what is there only for pointers.
function copied(original: Element): Node[] {
  if (original.classList.contains('chart-target')) return [];
  if (original.tagName === 'title') return [original.cloneNode(true)];
  const copy = element(original.tagName, {});
  for (const name of kKept) {
    const value = original.getAttribute(name);
    if (value !== null) copy.setAttribute(name, value);
  }
  const style = getComputedStyle(original);
  if (original.tagName === 'text') {
    for (const name of ['font-size', 'font-weight', 'text-anchor']) copy.setAttribute(name, style.getPropertyValue(name));
    set(copy, paint('fill', style.fill));
    copy.append(...[...original.childNodes].flatMap((node) => (node instanceof Element ? copied(node) : [node.cloneNode()])));
    return [copy];
  }
  if (original.tagName !== 'g') {
    set(copy, { ...paint('fill', style.fill), ...paint('stroke', style.stroke) });
    if (style.fillOpacity !== '1') copy.setAttribute('fill-opacity', style.fillOpacity);
    if (style.stroke !== 'none') for (const name of kStrokes) copy.setAttribute(name, style.getPropertyValue(name));
  }
  if (style.opacity !== '1') copy.setAttribute('opacity', style.opacity);
  copy.append(...[...original.children].flatMap(copied));
  return [copy];
}

function groundOf(start: Element): string {
  for (let at: Element | null = start; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (plain(colour).alpha > 0) return colour;
  }
  return 'white';
}

const kPen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const known = new Map<string, { hex: string; alpha: number }>();

// Other programs know no oklab() and no color(): a pixel tells what it looks like.
function plain(colour: string): { hex: string; alpha: number } {
  const before = known.get(colour);
  if (before) return before;
  kPen!.clearRect(0, 0, 1, 1);
  kPen!.fillStyle = colour;
  kPen!.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = kPen!.getImageData(0, 0, 1, 1).data;
  const hex = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  known.set(colour, { hex, alpha: alpha / 255 });
  return { hex, alpha: alpha / 255 };
}

function paint(what: 'fill' | 'stroke', colour: string): Record<string, string | number> {
  if (colour === 'none') return { [what]: 'none' };
  const { hex, alpha } = plain(colour);
  if (alpha === 0) return { [what]: 'none' };
  return alpha < 1 ? { [what]: hex, [`${what}-opacity`]: alpha.toFixed(2) } : { [what]: hex };
}

function sizeOf(svg: SVGSVGElement): { width: number; height: number } {
  return { width: Number(svg.getAttribute('width')), height: Number(svg.getAttribute('height')) };
}

function element(name: string, attributes: Record<string, string | number>): Element {
  return set(document.createElementNS(kSpace, name), attributes);
}

function set(target: Element, attributes: Record<string, string | number>): Element {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, String(value));
  return target;
}
