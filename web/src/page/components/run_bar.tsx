import { annotate, cancel } from '../actions';
import type { EngineChoice, Progress } from '../annotate_cells';
import { canAnnotate, cells, engineChoice, match, model, run } from '../state';
import { texts } from '../texts';

const words = texts.run;

export function RunBar() {
  const now = run.value;
  return (
    <section class="card run" aria-label={words.annotate}>
      {now.status === 'running' ? <Running total={now.total} progress={now.progress} /> : <Ready />}
    </section>
  );
}

function Ready() {
  const cellCount = cells.value.status === 'ready' ? cells.value.summary.cells : null;
  const isAgain = run.value.status === 'done' && !run.value.isStale;
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
  if (hasCells && hasModel) return '';
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
  const share = progress ? progress.done / total : 0;
  return (
    <div class="running">
      <div class="running-words">
        <span class="grow">{progress ? words.done(progress.done, total) : words.starting}</span>
        {progress && <span class="quiet">{words.rate(progress.cellsPerSecond)}</span>}
        {progress && <span class="quiet">{words.left(progress.secondsLeft)}</span>}
      </div>
      <div
        class="bar tall"
        role="progressbar"
        aria-label={words.progress}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={progress?.done ?? 0}
      >
        <span style={{ width: `${100 * share}%` }} />
      </div>
      <button type="button" id="cancel" class="button" onClick={cancel}>
        {words.cancel}
      </button>
    </div>
  );
}
