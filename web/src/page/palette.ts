// How labels look, by class, so that a type looks the same in every query. Ten colours told apart with the common colour
// vision deficiencies, then the next shape with ten more in between; every one stands out from the page by 3 to 1 or more.
import { cssColour, type Ink, type Shape } from './map/ink';
import { kUnknown } from './results';

type Theme = 'light' | 'dark';
type Rgb = Ink['colour'];

// Found by a search: as far apart as seen with normal, red-weak, green-weak and blue-weak eyes, near to colours with a name.
const kColours: Record<Theme, readonly (readonly Rgb[])[]> = {
  light: [
    '#d85d9e #3b47a1 #a78400 #3b7800 #218be6 #7b2158 #0a8c7a #535402 #a150b3 #c1504e',
    '#a63889 #6d7dd0 #806a37 #084f00 #1b61c4 #b86089 #006260 #8a8b49 #6c2680 #9a0f34',
  ].map(parseAll),
  dark: [
    '#de7493 #7582e8 #fee370 #388540 #abf2ff #b84e99 #69d6c0 #a0990f #c5a1ff #f4af6a',
    '#ffb0c2 #a799ff #c7ac28 #63ba80 #8fd1fb #e37cc3 #3f9c86 #d2d46b #8f6cbf #b87c3b',
  ].map(parseAll),
};
const kTypeShapes: readonly Shape[] = ['disc', 'triangle', 'square', 'diamond', 'wedge', 'plus'];
const kBroaderShapes: readonly Shape[] = ['ring', 'frame'];
export const kMostInks = 60; // labels told apart at a glance: one with each colour and shape
const kUnknownColour: Record<Theme, Rgb> = { light: parse('#7d8590'), dark: parse('#868e9a') };

// From low to high: even steps of lightness, away from the page's background.
const kGradient: Record<Theme, readonly Rgb[]> = {
  light: parseAll('#8a8f01 #318c36 #027663 #04606b #004970 #212480 #38005d'),
  dark: parseAll('#8b5dce #6083f2 #00aaed #07c6d5 #00e2b6 #95f081 #f3f056'),
};
const kGradientSteps = 256;

export interface InkOptions {
  isBroader?: boolean; // a term that several types share: drawn hollow
}

export function labelInk(label: number, theme: Theme, { isBroader = false }: InkOptions = {}): Ink {
  if (label === kUnknown) return { colour: kUnknownColour[theme], shape: 'cross' };
  const rounds = kColours[theme];
  const round = Math.floor(label / rounds[0]!.length);
  // When all shapes had a turn, each gets the other ten.
  const colours = rounds[(round + Math.floor(round / kTypeShapes.length)) % rounds.length]!;
  return {
    colour: colours[label % colours.length]!,
    shape: (isBroader ? kBroaderShapes[round % 2] : kTypeShapes[round % kTypeShapes.length])!,
  };
}

export function labelColour(label: number, theme: Theme): string {
  return cssColour(labelInk(label, theme).colour);
}

// For numbers of cells: the lowest first.
export function gradientInks(theme: Theme): Ink[] {
  const anchors = kGradient[theme];
  return Array.from({ length: kGradientSteps }, (_, step) => {
    const at = (step / (kGradientSteps - 1)) * (anchors.length - 1);
    const below = Math.min(anchors.length - 2, Math.floor(at));
    return { colour: mixed(anchors[below]!, anchors[below + 1]!, at - below), shape: 'disc' };
  });
}

function mixed(a: Rgb, b: Rgb, share: number): Rgb {
  const mix = (k: 0 | 1 | 2) => Math.round(a[k] + (b[k] - a[k]) * share);
  return [mix(0), mix(1), mix(2)];
}

function parseAll(colours: string): readonly Rgb[] {
  return colours.split(' ').map(parse);
}

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
