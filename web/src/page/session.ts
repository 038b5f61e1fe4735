// A session as text: what a person chose and decided about one file with one model, to go on later or elsewhere. It holds no
// counts and no names of cells.
import type { CellType } from '../protocol';
import type { Assignment, Choices, LogEntry } from './choices';

const kFormat = 1;

export interface SessionFiles {
  cells: { name: string; bytes: number };
  model: { name: string; bytes: number };
}

export interface Session extends SessionFiles {
  saved: string; // ISO 8601
  kept: KeptChoices;
  log: readonly LogEntry[];
}

interface KeptChoices {
  errorRate: number | null;
  labelAll: boolean;
  excluded: string[]; // names of types
  without?: string[]; // modalities; sessions of older versions have none
  isAdapting: boolean;
  batchColumn: string;
  clusters: string;
  names: Record<string, string>;
  accepted: string[];
  assigned: { name: string; cells: string }[];
}

export function writeSession(files: SessionFiles, choices: Choices, log: readonly LogEntry[], classes: readonly CellType[]): string {
  const { errorRate, labelAll, without, isAdapting, batchColumn, clusters, names, accepted } = choices;
  const kept: KeptChoices = {
    errorRate,
    labelAll,
    excluded: choices.excluded.map((type) => classes[type]!.name),
    without: [...without],
    isAdapting,
    batchColumn,
    clusters,
    names: { ...names },
    accepted: [...accepted],
    assigned: choices.assigned.map(({ name, cells }) => ({ name, cells: writeRanges(cells) })),
  };
  return JSON.stringify({ plkd_session: kFormat, saved: new Date().toISOString(), ...files, choices: kept, log }, null, 1);
}

// null: it is none, or of a later version.
export function readSession(text: string): Session | null {
  try {
    const found = JSON.parse(text) as Record<string, unknown>;
    const isNamed = (file: unknown) => typeof (file as { name?: unknown })?.name === 'string';
    if (found['plkd_session'] !== kFormat || !isNamed(found['cells']) || !isNamed(found['model'])) return null;
    if (!Array.isArray(found['log']) || !isKept(found['choices'])) return null;
    return {
      cells: found['cells'] as Session['cells'],
      model: found['model'] as Session['model'],
      saved: String(found['saved']),
      kept: found['choices'] as KeptChoices,
      log: found['log'] as LogEntry[],
    };
  } catch {
    return null;
  }
}

// As far as it matters to what reads it.
function isKept(value: unknown): value is KeptChoices {
  const found = value as Partial<KeptChoices> | null;
  const areTexts = (list: unknown) => Array.isArray(list) && list.every((text) => typeof text === 'string');
  return (
    typeof found === 'object' &&
    found !== null &&
    areTexts(found.excluded) &&
    areTexts(found.without ?? []) &&
    areTexts(found.accepted) &&
    Array.isArray(found.assigned) &&
    found.assigned.every(({ name, cells }) => areTexts([name, cells])) &&
    typeof found.names === 'object' &&
    areTexts(Object.values(found.names))
  );
}

// What was chosen, for the open model; what does not fit it, such as types it lacks and cells beyond the last, is left out.
export function choicesOf({ kept }: Session, classes: readonly CellType[], cells: number): Partial<Choices> {
  const excluded = classes.flatMap(({ name }, type) => (kept.excluded.includes(name) ? [type] : []));
  const assigned = kept.assigned.map(({ name, cells: ranges }): Assignment => ({ name, cells: readRanges(ranges, cells) }));
  const { errorRate, labelAll, without = [], isAdapting, batchColumn, clusters, names, accepted } = kept;
  return { errorRate, labelAll, without, isAdapting, batchColumn, clusters, names, accepted, excluded, assigned };
}

// "0-5,9" for ascending cells.
export function writeRanges(cells: Uint32Array): string {
  const parts: string[] = [];
  for (let k = 0; k < cells.length; ) {
    let last = k;
    while (last + 1 < cells.length && cells[last + 1] === cells[last]! + 1) last++;
    parts.push(last === k ? `${cells[k]}` : `${cells[k]}-${cells[last]}`);
    k = last + 1;
  }
  return parts.join(',');
}

// But for cells from `end` on.
export function readRanges(text: string, end: number): Uint32Array {
  const cells: number[] = [];
  for (const part of text.split(',').filter(Boolean)) {
    const [first, last = first] = part.split('-').map(Number) as [number, number?];
    for (let cell = first; cell <= Math.min(last, end - 1); cell++) cells.push(cell);
  }
  return Uint32Array.from(cells);
}
