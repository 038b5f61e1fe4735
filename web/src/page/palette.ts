// Colours of labels, by class, so that a type looks the same in every query. The first ten are told apart with the common
// colour vision deficiencies (after Paul Tol's muted scheme); later rounds repeat them lighter or darker.
import { kUnknown } from './results';

type Rgb = readonly [number, number, number];

const kLight = ['#cc6677', '#3d4fa3', '#c9a227', '#117733', '#5bb0d9', '#882255', '#44aa99', '#8a8a1f', '#aa4499', '#e0813a'];
const kDark = ['#e08a98', '#8b9cf0', '#e3cd6b', '#4dbb73', '#8ed3f0', '#d1679f', '#5cc7b5', '#c2c25a', '#d07ac2', '#f0a468'];
const kUnknownColour = { light: '#9aa1ab', dark: '#6d7580' };
const kRounds = [0, 0.35, -0.3, 0.6];

export function labelColour(label: number, theme: 'light' | 'dark'): string {
  return `rgb(${labelRgb(label, theme).join(' ')})`;
}

export function labelRgb(label: number, theme: 'light' | 'dark'): Rgb {
  if (label === kUnknown) return parse(kUnknownColour[theme]);
  const base = theme === 'dark' ? kDark : kLight;
  const round = kRounds[Math.floor(label / base.length) % kRounds.length]!;
  const towards = round > 0 ? 255 : 0;
  return parse(base[label % base.length]!).map((x) => Math.round(x + (towards - x) * Math.abs(round))) as unknown as Rgb;
}

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
