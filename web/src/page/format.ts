// Numbers for people.
const kWhole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

export function whole(value: number): string {
  return kWhole.format(value);
}

// "1 cell", "2,638 cells"
export function counted(count: number, one: string, many: string): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

// Never rounds up to 100 % or down to 0 %: "all" and "none" should mean it.
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  const value = 100 * share;
  return `${value.toFixed(value < 10 && value > 0 ? 1 : 0)} %`;
}

export function probability(value: number): string {
  return value > 0.995 && value < 1 ? '> 0.99' : value.toFixed(2);
}

export function seconds(value: number): string {
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 90) return `${Math.round(value)} s`;
  return `${Math.round(value / 60)} min`;
}

export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// A difference between engines: "6.0e-7", or 0.
export function tiny(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

// A score with its sign: "+1.84", "−0.32".
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
