import { annotate } from '../actions/annotate';
import { cancel } from '../actions/open_files';
import type { EngineChoice, Progress } from '../annotate_cells';
import { percent } from '../format';
import { canAnnotate, cells, engineChoice, fits, isAnyTypePossible, isOutdated, match, model, run } from '../state';
import { texts } from '../texts';
import { SettingsPanel } from './settings_panel';

const words = texts.run;

export function RunBar() {
  const now = run.value;
  return (
    <section class="card run" aria-label={words.annotate}>
      {now.status === 'running' && <Running total={now.results.cells} progress={now.progress} />}
      {now.status === 'adapting' && <Adapting share={now.share} />}
      {(now.status === 'idle' || now.status === 'done') && (
        <>
          <Ready />
          <SettingsPanel />
        </>
      )}
    </section>
  );
}

function Ready() {
  const cellCount = cells.value.status === 'ready' ? cells.value.summary.cells : null;
  const isAgain = run.value.status === 'done' && !run.value.isStale && !isOutdated.value;
  const first = canAnnotate.value && cellCount !== null ? words.annotateCells(cellCount) : words.annotate;
  return (
    <div class="run-ready">
      <button
        type="button"
        id="annotate"
        class={isAgain ? 'button large' : 'button primary large'}
        disabled={!canAnnotate.value}
        onClick={() => void annotate()}
      >
        {isAgain ? words.again : first}
      </button>
      <p class="quiet grow">{whatIsMissing()}</p>
      <EngineSelect />
    </div>
  );
}

function whatIsMissing(): string {
  const [hasCells, hasModel] = [cells.value.status === 'ready', model.value.status === 'ready'];
  if (match.value.status === 'failed') return words.needMatch;
  if (match.value.status === 'ready' && !fits.value) return words.needRemedy;
  if (hasCells && hasModel) return isAnyTypePossible.value ? '' : words.needType;
  if (hasCells) return words.needModel;
  return hasModel ? words.needCells : words.needBoth;
}

function EngineSelect() {
  const onChange = (event: Event) => {
    engineChoice.value = (event.currentTarget as HTMLSelectElement).value as EngineChoice;
  };
  return (
    <label class="field">
      <span>{words.engine}</span>
      <select id="engine" value={engineChoice.value} onChange={onChange}>
        {(['auto', 'wasm', 'webgpu'] as const).map((choice) => (
          <option key={choice} value={choice}>
            {words.engines[choice]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Running({ total, progress }: { total: number; progress: Progress | null }) {
  return (
    <div class="running">
      <div class="running-words">
        <span class="grow">{progress ? words.done(progress.done, total) : words.starting}</span>
        {progress && <span class="quiet">{words.rate(progress.cellsPerSecond)}</span>}
        {progress && <span class="quiet">{words.left(progress.secondsLeft)}</span>}
        {progress && <span class="quiet">{progress.engine}</span>}
      </div>
      <Progressbar name={words.progress} value={progress?.done ?? 0} most={total} />
      <CancelButton />
    </div>
  );
}

function Adapting({ share }: { share: number }) {
  return (
    <div class="running">
      <div class="running-words">
        <span class="grow">{words.adapting}</span>
        <span class="quiet">{percent(share)}</span>
      </div>
      <Progressbar name={words.adapting} value={Math.round(100 * share)} most={100} />
      <CancelButton />
    </div>
  );
}

function Progressbar({ name, value, most }: { name: string; value: number; most: number }) {
  return (
    <div
      class="bar tall"
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={value}
    >
      <span style={{ width: `${(100 * value) / most}%` }} />
    </div>
  );
}

function CancelButton() {
  return (
    <button type="button" id="cancel" class="button" onClick={cancel}>
      {words.cancel}
    </button>
  );
}
