// What the map shows of the cells: their places, and colours by whatever a person wants to see.
import { computed, signal } from '@preact/signals';
import { cellValues } from './actions/colour';
import { layout, layoutRevision } from './actions/layout';
import { colouring } from './choices';
import type { Ink } from './map/ink';
import type { MapView } from './map/view';
import { gradientInks, kMostInks, labelInk } from './palette';
import * as state from './state';
import { kUnknown } from './results';
import { LabelKind } from '../protocol';
import { texts } from './texts';
import { theme } from './theme';

// What the colours mean: a scale, or names.
export type MapLegend =
  | { kind: 'scale'; name: string; low: number; high: number; inks: readonly Ink[] }
  | { kind: 'names'; name: string; names: readonly { name: string; ink: Ink }[]; more: number };

interface Coloured {
  group: Int32Array | Uint8Array;
  inks: readonly Ink[];
  legend: MapLegend;
}

const kSteps = 256;

export const wantsUmap = signal(false);
const placesOfUmap = computed(() => (layout.value.status === 'none' ? null : layout.value.places));
export const showsUmap = computed(() => wantsUmap.value && placesOfUmap.value !== null);

export const coloured = computed<Coloured>(() => {
  const columns = state.columns.value;
  switch (colouring.value.by) {
    case 'label':
      return byLabel();
    case 'confidence':
      return scaled(texts.look.confidence, state.shown.value.length, state.confidenceOf, 0, 1);
    case 'unknown':
      return scaled(texts.look.unknown, state.shown.value.length, (cell) => columns?.unknownScore[cell] ?? 0, 0, 1);
    case 'column':
    case 'gene':
    case 'protein':
      return byValues() ?? byLabel();
  }
});

function byLabel(): Coloured {
  const { labels, shown } = state;
  const unknown = labels.value.length;
  const inks = [...labels.value.keys(), kUnknown].map((label) => inkOf(label));
  const group = shown.value.map((label) => (label === kUnknown ? unknown : label));
  const names = state.labelCounts.value.map(({ label }) => ({ name: state.labelName(label), ink: inkOf(label) }));
  return { group, inks, legend: { kind: 'names', name: texts.look.label, names, more: 0 } };
}

export function inkOf(label: number): Ink {
  return labelInk(label, theme.value, { isBroader: state.labelKind(label) === LabelKind.broader });
}

function byValues(): Coloured | null {
  const now = cellValues.value;
  if (now.status !== 'ready' || now.colouring !== colouring.value) return null;
  const { values } = now;
  if (values.kind === 'numbers') {
    return scaled(values.name, values.values.length, (cell) => values.values[cell]!, values.low, values.high);
  }
  const missing = labelInk(kUnknown, theme.value);
  const named = values.names.slice(0, kMostInks).map((name, k) => ({ name, ink: labelInk(k, theme.value) }));
  const inks = [...named.map(({ ink }) => ink), missing];
  const group = values.code.map((code) => (code < 0 || code >= named.length ? named.length : code));
  const hasMissing = values.code.includes(-1);
  const names = hasMissing ? [...named, { name: texts.look.missing, ink: missing }] : named;
  return { group, inks, legend: { kind: 'names', name: values.name, names, more: values.names.length - named.length } };
}

function scaled(name: string, cells: number, valueOf: (cell: number) => number, low: number, high: number): Coloured {
  const inks = [...gradientInks(theme.value), labelInk(kUnknown, theme.value)];
  const group = new Int32Array(cells);
  const perUnit = (kSteps - 1) / (high - low || 1);
  for (let cell = 0; cell < cells; cell++) {
    const step = Math.round((valueOf(cell) - low) * perUnit);
    group[cell] = Number.isNaN(step) ? kSteps : Math.min(kSteps - 1, Math.max(0, step));
  }
  return { group, inks, legend: { kind: 'scale', name, low, high, inks: inks.slice(0, kSteps) } };
}

export const mapView = computed<MapView>(() => {
  const { group, inks } = coloured.value;
  const own = state.results.value?.columns.map ?? new Float32Array(0);
  return {
    cells: group.length,
    places: showsUmap.value ? placesOfUmap.value! : own,
    revision: showsUmap.value ? layoutRevision.value : state.revision.value,
    group,
    inks,
    isHidden: state.isHidden.value,
    isSelected: state.isSelected.value,
  };
});
