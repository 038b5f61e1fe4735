import { annotateWithModality } from '../actions/decide';
import { percent, whole } from '../format';
import { errorRate, isRunning, modalityChoices, run, settingAt } from '../state';
import { texts } from '../texts';

const words = texts.modalities;

// What the labels on show were made by, how sure that is beside all that the model takes, and the same cells with more or less of it.
export function UsedModalities() {
  const now = run.value;
  if (now.status !== 'done' || now.modalities.length === 0) return null;
  const used = now.modalities.filter(({ isUsed }) => isUsed);
  const [all] = modalityChoices.value;
  const names = used.map(({ name }) => name);
  const choice = modalityChoices.value.find(({ present }) => present.join() === names.join());
  const offered = now.modalities.filter(({ isUsed, isSetAside }) => isSetAside || (isUsed && used.length > 1));
  const isOf = (one: typeof all) => (one ? words.sure(one.accuracy === null ? '' : percent(one.accuracy), coverageOf(one)) : '');
  return (
    <div id="used-modalities">
      <p>
        {words.by(used)} {choice ? words.calibrated(isOf(choice)) : words.notMeasured}
        {choice && all && choice !== all && ` ${words.ofAll(isOf(all))}`}
      </p>
      {now.before && <p id="changed-labels">{words.changed(whole(now.before.changed), whole(now.results.cells), now.before.without)}</p>}
      {!now.isStale && modalityChoices.value.length > 1 && (
        <p class="actions">
          {offered.map(({ name, isUsed }) => (
            <button
              key={name}
              type="button"
              class="button"
              disabled={isRunning.value}
              data-modality={name}
              onClick={() => void annotateWithModality(name, !isUsed)}
            >
              {isUsed ? words.annotateWithout(name) : words.annotateWith(name)}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

function coverageOf({ promise }: { promise: Parameters<typeof settingAt>[0] }): string {
  const setting = settingAt(promise, errorRate.value);
  return setting ? percent(setting.coverage) : '';
}
