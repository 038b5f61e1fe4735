// How far two engines are apart.
export function largestDifference(a: Float32Array, b: Float32Array): number {
  // Starting from the lengths makes a missing value an infinite difference, never an overlooked one.
  let largest = a.length === b.length ? 0 : Infinity;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k]! - b[k]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
