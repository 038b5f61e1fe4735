// The workers. The lead answers what is needed before a run and takes part in it; helpers are started for large queries only.
import { Station } from './station';

const kMostWorkers = 4;
const kCellsWorthAHelper = 4096;

export const lead = new Station();
export const graphics = new Station();
// Lays out the map beside everything else.
export const layouter = new Station();
// Runs the Teacher, which has an engine to itself.
export const lectern = new Station();
const helpers: Station[] = [];

// What calls end with that a person, or a later choice, put an end to.
export class Stopped extends DOMException {
  constructor() {
    super('stopped', 'AbortError');
  }
}

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
