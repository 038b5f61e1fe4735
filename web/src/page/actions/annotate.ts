// Runs the model over all cells; labels are on show while they come.
import { kErrorRate, type Promised, type Scaling } from '../../protocol';
import { annotateCells, type Progress } from '../annotate_cells';
import { choices, labelAll } from '../choices';
import { report } from '../report';
import { modelLabels, Results, shiftOf } from '../results';
import * as state from '../state';
import { type Inputs, Stopped } from '../station';
import { graphics, lead, stopAll } from '../stations';
import { texts } from '../texts';
import { forgetValues } from './colour';
import { forgetJudgement } from './judge';
import { forgetLayout } from './layout';
import { showAnew } from './look';
import { helpersToRead, inputsOrNull } from './open_files';
import { voteWithin } from './vote';
import { forgetWalk } from './walk';

// Often enough to be watched; what is shown of a million cells takes a while to put together, so it gets a share of the time.
const kShowEveryMs = 300;
const kMostOfTime = 0.1;

export async function annotate(): Promise<void> {
  const inputs = inputsOrNull();
  const { cells, model } = state;
  const settings = state.settings.value;
  if (!inputs || !state.canAnnotate.value || cells.value.status !== 'ready' || model.value.status !== 'ready') return;
  const { summary, name } = cells.value;
  const { classes, broader } = model.value.summary;
  const promise = state.promiseSettings.value;
  const errorRates = promise.length > 0 ? promise.map(({ target }) => target) : [kErrorRate];
  const [last, modalities] = [state.run.value, state.modalities.value];
  const results = new Results(summary.cells, classes, broader, name, errorRates);
  showAnew();
  for (const forget of [forgetValues, forgetJudgement, forgetLayout, forgetWalk]) forget();
  state.run.value = { status: 'running', results, progress: null };
  state.announcement.value = texts.run.starting;
  const isForced = state.isForced.value;
  inputs.isPossible = possibleTypes(classes.length, settings.excluded);
  const start = performance.now();
  try {
    if (settings.isAdapted) inputs.scaling = await adapt(inputs, settings.batchColumn);
    state.run.value = { status: 'running', results, progress: null };
    inputs.places = await lead.findPlaces(inputs);
    const engine = await annotateCells(results, {
      inputs,
      choice: state.engineChoice.value,
      stations: [lead, ...helpersToRead()],
      graphics,
      onProgress: showProgress(results),
    });
    const promised = await promisedOf(results, inputs);
    const elapsedSeconds = (performance.now() - start) / 1000;
    const { keepsResults } = summary;
    const before = comparedWith(last, results, settings);
    state.run.value = { status: 'done', results, elapsedSeconds, engine, inputs, keepsResults, isForced, settings, promised, isStale: false, modalities, before };
    state.revision.value++;
    state.announcement.value = texts.run.finished(results.cells);
    if (choices.value.clusters) void voteWithin(choices.value.clusters);
  } catch (error) {
    // After Cancel everything has stopped already, and may be reading new files by now; after an error the other workers
    // still have ranges to do.
    if (!(error instanceof Stopped)) stopAll();
    state.run.value = { status: 'idle' };
    report(error);
  }
}

// With a run before, when nothing but the modalities is another.
function comparedWith(last: state.RunState, results: Results, { without, ...others }: state.Settings): state.Before | null {
  if (last.status !== 'done' || last.isStale) return null;
  const { without: before, ...othersBefore } = last.settings;
  if (before.join() === without.join() || JSON.stringify(others) !== JSON.stringify(othersBefore)) return null;
  const labelsOf = (one: Results) => modelLabels(one, one.columnsAt(state.errorRate.value), labelAll.value);
  const [now, then] = [labelsOf(results), labelsOf(last.results)];
  return { without: before, changed: now.reduce((sum, label, cell) => sum + Number(label !== then[cell]), 0) };
}

function showProgress(results: Results): (progress: Progress) => void {
  let next = 0;
  return (progress) => {
    const now = performance.now();
    if (now < next) return;
    state.run.value = { status: 'running', results, progress };
    state.revision.value++;
    const cost = performance.now() - now;
    next = now + Math.max(kShowEveryMs, cost / kMostOfTime);
  };
}

function possibleTypes(types: number, excluded: readonly number[]): Uint8Array | null {
  if (excluded.length === 0) return null;
  return Uint8Array.from({ length: types }, (_, type) => Number(!excluded.includes(type)));
}

// A step at a time, so that progress moves; Cancel stops the worker between steps or within one.
async function adapt(inputs: Inputs, column: string): Promise<Scaling> {
  state.run.value = { status: 'adapting', share: 0 };
  await lead.bringUp(inputs);
  await lead.call('startAdapting', { column });
  for (let share = 0; share < 1; ) {
    share = await lead.call('adaptFurther', {});
    state.run.value = { status: 'adapting', share };
  }
  return lead.call('scaling', {});
}

async function promisedOf(results: Results, inputs: Inputs): Promise<Promised[]> {
  await lead.bringUp(inputs);
  const shift = shiftOf(results.columns);
  return Promise.all(results.errorRates.map((errorRate) => lead.call('promised', { errorRate, ...shift })));
}
