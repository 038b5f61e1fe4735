// From numbers to places and colours. Colours are mixed by the style sheet's variables, so they follow the theme by themselves.

// Round numbers from 0 to at least `most`: 0, 200, 400.
export function ticksTo(most: number, wanted: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks = [];
  for (let k = 0; k * step < most + step * (1 - 1e-9); k++) ticks.push(k * step);
  return ticks;
}

// Above this share a tone needs the other text colour; see --on-tone in charts.css.
const kStrongTone = 0.6;

// 0 is next to the ground, 1 the strongest.
export function tone(share: number): string {
  const low = share < 0.5;
  const percent = Math.round(200 * (low ? share : share - 0.5));
  return low ? mix('--tone-mid', '--tone-low', percent) : mix('--tone-high', '--tone-mid', percent);
}

export function isStrong(share: number): boolean {
  return share >= kStrongTone;
}

// -1 is the coldest, 0 in the middle, 1 the warmest. NaN: not known.
export function warmth(value: number): string {
  if (Number.isNaN(value)) return 'transparent';
  const percent = Math.round(100 * Math.min(1, Math.abs(value)));
  return mix(value < 0 ? '--cold' : '--warm', '--tepid', percent);
}

function mix(most: string, least: string, percent: number): string {
  return `color-mix(in oklab, var(${most}) ${percent}%, var(${least}))`;
}
