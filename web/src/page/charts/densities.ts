// How a gene's values are spread in each group of cells.
export interface Density {
  cells: number;
  zeros: number; // cells without a count of the gene
  // Of the cells that do express it, at most kMostLooked of them; both empty when there are none.
  quartiles: number[]; // lower, median, upper
  curve: Float32Array; // [kSteps + 1], from `least` to `most`, 1 at its highest; empty with fewer cells than a curve needs
  values: Float32Array; // ascending
  least: number;
  most: number;
}

export const kSteps = 80;
const kMostLooked = 2000;
const kBins = 400;
const kLeastForCurve = 8;

// `group` [cells], -1: left out.
export function densitiesOf(values: Float32Array, group: Int32Array, groups: number): Density[] {
  const [cells, expressing] = [new Uint32Array(groups), new Uint32Array(groups)];
  for (let cell = 0; cell < values.length; cell++) {
    const at = group[cell]!;
    if (at < 0 || at >= groups) continue;
    cells[at]!++;
    if (values[cell]! > 0) expressing[at]!++;
  }
  // Every k-th, evenly over the file, which is often sorted by donor.
  const looked = Array.from(expressing, (count) => new Float32Array(Math.min(count, kMostLooked)));
  const seen = new Uint32Array(groups);
  for (let cell = 0; cell < values.length; cell++) {
    const at = group[cell]!;
    if (at < 0 || at >= groups || !(values[cell]! > 0)) continue;
    const kept = looked[at]!;
    kept[Math.floor((seen[at]! * kept.length) / expressing[at]!)] = values[cell]!;
    seen[at]!++;
  }
  return looked.map((sorted, at) => densityOf(sorted.sort(), cells[at]!, cells[at]! - expressing[at]!));
}

function densityOf(values: Float32Array, cells: number, zeros: number): Density {
  const [least, most] = [values[0] ?? 0, values.at(-1) ?? 0];
  const quartiles = values.length > 0 ? [0.25, 0.5, 0.75].map((share) => quantile(values, share)) : [];
  const curve = values.length >= kLeastForCurve && most > least ? curveOf(values, quartiles[2]! - quartiles[0]!) : new Float32Array(0);
  return { cells, zeros, quartiles, curve, values, least, most };
}

// Gaussian kernels, binned first; the bandwidth by Silverman's rule of thumb.
function curveOf(sorted: Float32Array, betweenQuartiles: number): Float32Array {
  const [count, least, most] = [sorted.length, sorted[0]!, sorted.at(-1)!];
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1));
  const spread = betweenQuartiles > 0 ? Math.min(deviation, betweenQuartiles / 1.34) : deviation;
  const bandwidth = Math.max(0.9 * spread * count ** -0.2, (most - least) / kSteps);
  const binWidth = (most - least) / kBins;
  const bins = new Uint32Array(kBins);
  for (const value of sorted) bins[Math.min(kBins - 1, Math.floor((value - least) / binWidth))]!++;
  const curve = Float32Array.from({ length: kSteps + 1 }, (_, step) => {
    const at = least + (step / kSteps) * (most - least);
    let sum = 0;
    bins.forEach((inBin, bin) => {
      if (inBin > 0) sum += inBin * Math.exp(-0.5 * ((least + (bin + 0.5) * binWidth - at) / bandwidth) ** 2);
    });
    return sum;
  });
  const highest = Math.max(...curve);
  return curve.map((value) => value / highest);
}

// Of ascending values, as numpy's default.
function quantile(sorted: Float32Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low]!;
  return below + (at - low) * ((sorted[low + 1] ?? below) - below);
}
