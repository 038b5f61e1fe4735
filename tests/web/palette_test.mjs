// Sixty labels are told apart, by colour or by shape, and stand out from the page (WCAG 2.2, 1.4.11: 3 to 1).
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageModule } from './support/page_module.mjs';

const kSurface = { light: [255, 255, 255], dark: [26, 30, 37] }; // --surface in styles.css
const kLeastContrast = 3;
// In OKLab; 0.02 is about the least that an eye tells apart.
const kLeastDistance = 0.06;

const linear = (value) => (value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const times = (matrix, v) => matrix.map((row) => row.reduce((sum, x, k) => sum + x * v[k], 0));
const luminance = (colour) => times([[0.2126, 0.7152, 0.0722]], colour.map(linear))[0];
function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

// Ottosson 2020: linear sRGB to OKLab.
function oklab(rgb) {
  const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb);
  return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], cones.map(Math.cbrt));
}
// Machado, Oliveira and Fernandes 2009, severity 1.
const kEyes = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const seen = (colour, eye) => oklab(times(kEyes[eye], colour.map(linear)).map((x) => Math.min(1, Math.max(0, x))));

for (const theme of ['light', 'dark']) {
  test(`60 labels and unknown in ${theme} colours`, async (t) => {
    const { labelInk, gradientInks, kMostInks } = await pageModule('palette.ts');
    const inks = [-1, ...Array.from({ length: kMostInks }, (_, label) => label)].map((label) => labelInk(label, theme));
    const least = Math.min(...[...inks, ...gradientInks(theme)].map(({ colour }) => contrast(colour, kSurface[theme])));
    assert.ok(least >= kLeastContrast, `contrast ${least}`);
    let nearest = Infinity;
    for (const eye of Object.keys(kEyes)) {
      for (const [k, a] of inks.entries()) {
        for (const b of inks.slice(k + 1)) {
          if (a.shape !== b.shape) continue;
          const [x, y] = [seen(a.colour, eye), seen(b.colour, eye)];
          nearest = Math.min(nearest, Math.hypot(...x.map((value, c) => value - y[c])));
        }
      }
    }
    t.diagnostic(`least contrast ${least.toFixed(2)}, nearest pair of one shape ${nearest.toFixed(3)}`);
    assert.ok(nearest >= kLeastDistance, `two labels of one shape at ${nearest}`);
  });
}

test('the gradient grows lighter or darker all the way', async () => {
  const { gradientInks } = await pageModule('palette.ts');
  for (const [theme, sign] of [['light', -1], ['dark', 1]]) {
    const lightness = gradientInks(theme).map(({ colour }) => seen(colour, 'normal')[0]);
    lightness.slice(1).forEach((value, k) => assert.ok(sign * (value - lightness[k]) > -0.004, `${theme}, step ${k}`));
  }
});
