// Figures of scale.mjs as an SVG: measured points, and the lines fitted to them, each panel with axes of its own from 0.
import { readFileSync } from 'node:fs';

const kWidth = 200;
const kHeight = 170;
const kTop = 76;
const kLeft = 62;
const kNames = 96;
const kStepX = kLeft + kWidth + kNames;
const kStepY = kHeight + 96;
const kColumns = 3;
const kLetters = 12; // the height of a line
const kIntervals = 6; // at most, on an axis

// Colours and lettering are those of the curves that `plkd bench noise` draws.
const style = () => /<style>[^]*<\/style>/.exec(readFileSync(new URL('noise/curves.svg', import.meta.url), 'utf8'))[0];

// Least squares: y = start + slope * x.
export function line(points) {
  const mean = (k) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return { start: y - slope * x, slope };
}

const text = (x, y, anchor, kind, words) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${kind}">${String(words).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>\n`;

// From 0 to the largest value or a little above, in steps of 1, 2 or 5 times a power of ten; whole ones where the values are.
function axis(values) {
  const largest = Math.max(...values);
  const power = 10 ** Math.floor(Math.log10(largest / kIntervals));
  const least = values.every(Number.isInteger) ? 1 : 0;
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least && largest / size <= kIntervals);
  const ticks = Array.from({ length: Math.ceil(largest / step) + 1 }, (_, k) => k * step);
  return { ticks, share: (value) => value / ticks.at(-1) };
}

// Heights moved down until a line of text fits between any two.
function apart(heights) {
  const moved = [...heights];
  const order = heights.map((_, k) => k).sort((a, b) => heights[a] - heights[b]);
  for (let k = 1; k < order.length; k++) moved[order[k]] = Math.max(heights[order[k]], moved[order[k - 1]] + kLetters);
  return moved;
}

// A panel: { title, x, y, series: [{ name, points: [[x, y], ...], isFitted }] }, x and y what the axes say.
function panelAt({ title, x, y, series }, left, top) {
  const points = series.flatMap((one) => one.points);
  const [across, up] = [axis(points.map((point) => point[0])), axis(points.map((point) => point[1]))];
  const xOf = (value) => left + across.share(value) * kWidth;
  const yOf = (value) => top + (1 - up.share(value)) * kHeight;
  let svg = text(left, top - 26, 'start', 'panel', title) + text(left, top - 12, 'start', 'axis', y);
  for (const tick of up.ticks) {
    svg += `<line class="grid" x1="${left}" x2="${left + kWidth}" y1="${yOf(tick).toFixed(1)}" y2="${yOf(tick).toFixed(1)}"/>\n`;
    svg += text(left - 8, yOf(tick) + 4, 'end', 'tick', tick.toLocaleString('en'));
  }
  for (const tick of across.ticks) svg += text(xOf(tick), top + kHeight + 16, 'middle', 'tick', tick.toLocaleString('en', { notation: 'compact' }));
  svg += text(left + kWidth / 2, top + kHeight + 34, 'middle', 'axis', x);
  const names = apart(series.map((one) => yOf(one.points.at(-1)[1]) + 4));
  series.forEach((one, k) => {
    for (const [px, py] of one.points) svg += `<circle class="c${k}" cx="${xOf(px).toFixed(1)}" cy="${yOf(py).toFixed(1)}" r="3.5"/>\n`;
    const last = one.points.at(-1);
    if (one.isFitted) {
      const { start, slope } = line(one.points);
      const ends = [0, last[0]].map((px) => `${xOf(px).toFixed(1)},${yOf(Math.max(0, start + slope * px)).toFixed(1)}`);
      svg += `<polyline class="line c${k}" points="${ends.join(' ')}"/>\n`;
    }
    if (one.name) svg += text(xOf(last[0]) + 8, names[k], 'start', `c${k}`, one.name);
  });
  return svg;
}

export function plot(title, panels) {
  const rows = Math.ceil(panels.length / kColumns);
  const [width, height] = [kStepX * Math.min(kColumns, panels.length), kTop + rows * kStepY - 24];
  const drawn = panels.map((panel, k) => panelAt(panel, kLeft + (k % kColumns) * kStepX, kTop + Math.floor(k / kColumns) * kStepY));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">\n${style()}\n${text(kLeft, 20, 'start', 'title', title)}${drawn.join('')}</svg>\n`;
}
