// Numbers for people, in the page's language.
import { language, type Language } from './language';

const kLocales: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

const formats = new Map<string, Intl.NumberFormat>();

export function decimals(value: number, digits: number): string {
  const key = `${language.value} ${digits}`;
  const format =
    formats.get(key) ?? new Intl.NumberFormat(kLocales[language.value], { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(key, format);
  return format.format(value);
}

export function whole(value: number): string {
  return decimals(value, 0);
}

// "1 cell", "2,638 cells"
export function counted(count: number, one: string, many: string): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

// Never rounds up to 100 % or down to 0 %: "all" and "none" should mean it.
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return `< ${decimals(0.1, 1)} %`;
  if (share < 1 && share > 0.999) return `> ${decimals(99.9, 1)} %`;
  const value = 100 * share;
  return `${decimals(value, value < 10 && value > 0 ? 1 : 0)} %`;
}

export function probability(value: number): string {
  return value > 0.995 && value < 1 ? `> ${decimals(0.99, 2)}` : decimals(value, 2);
}

export function seconds(value: number): string {
  if (value < 10) return `${decimals(value, 1)} s`;
  if (value < 90) return `${Math.round(value)} s`;
  return `${Math.round(value / 60)} min`;
}

export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${decimals(bytes / 1e6, 1)} MB`;
}

// A difference between engines: "6.0e-7", or 0.
export function tiny(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

// A score with its sign: "+1.84", "−0.32".
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${decimals(Math.abs(value), 2)}`;
}

// What files about these cells are called, without an ending. Of several files the first names them all.
export function stemOf(source: string): string {
  return source.replace(/,.*/s, '').replace(/(\.(h5ad|h5|mtx|tsv|csv|txt|loom|zip|tar|tgz|gz))+$/i, '');
}
