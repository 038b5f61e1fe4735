// The workers. The lead answers what is needed before a run and takes part in it; helpers are started for large queries only.
import { type Inputs, Station, Stopped } from './station';

const kMostWorkers = 4;
const kCellsWorthAHelper = 4096;

export const lead = new Station();
export const graphics = new Station();
// Lays out the map beside everything else.
export const layouter = new Station();
// Runs the Teacher, which has an engine to itself.
export const lectern = new Station();
const helpers: Station[] = [];

export function stopAll(): void {
  for (const station of [lead, graphics, layouter, lectern, ...helpers]) station.stop(new Stopped());
}

// As many as are worth starting for so many cells.
export function helpersFor(cells: number): Station[] {
  const cores = Math.min(kMostWorkers, Math.max(1, navigator.hardwareConcurrency - 1));
  const wanted = Math.min(cores, Math.max(1, Math.floor(cells / kCellsWorthAHelper))) - 1;
  while (helpers.length < wanted) helpers.push(new Station());
  return helpers.slice(0, wanted);
}

// Labels come sooner when the helpers have opened the files already and the types' places are known. What goes wrong here does so again,
// and is said, when it is needed.
export function prepare(inputs: Inputs, helpers: readonly Station[]): void {
  lead.findPlaces(inputs).catch(() => {});
  for (const helper of helpers) helper.bringUp(inputs).catch(() => {});
}
