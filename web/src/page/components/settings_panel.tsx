import { chooseAdapting, chooseErrorRate } from '../actions';
import { batchColumn, batches, canAdapt, isAdapting, model, promiseSetting, promiseSettings } from '../state';
import { texts } from '../texts';
import { Spinner } from './spinner';

const words = texts.settings;

// What a run is asked for; which of it a model can do is known once the model is open.
export function SettingsPanel() {
  if (model.value.status !== 'ready') return null;
  return (
    <div class="settings" role="group" aria-label={words.title}>
      <ErrorRate />
      <Adapt />
    </div>
  );
}

function ErrorRate() {
  const setting = promiseSetting.value;
  if (!setting) return <p class="quiet" id="error-rate-help">{words.noPromise}</p>;
  const onChange = (event: Event) => chooseErrorRate(Number((event.currentTarget as HTMLSelectElement).value));
  return (
    <div>
      <label class="field">
        <span>{words.errorRate}</span>
        <select id="error-rate" aria-describedby="error-rate-help" value={String(setting.target)} onChange={onChange}>
          {promiseSettings.value.map(({ target }) => (
            <option key={target} value={String(target)}>
              {words.errorRateOption(target)}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet" id="error-rate-help">{words.errorRateHelp(setting)}</p>
    </div>
  );
}

function Adapt() {
  const onChange = (event: Event) => void chooseAdapting((event.currentTarget as HTMLInputElement).checked);
  const isOn = isAdapting.value && canAdapt.value;
  return (
    <div>
      <label class="check">
        <input
          type="checkbox"
          id="adapt"
          aria-describedby="adapt-help"
          disabled={!canAdapt.value}
          checked={isOn}
          onChange={onChange}
        />
        {words.adapt}
      </label>
      <p class="quiet" id="adapt-help">{canAdapt.value ? words.adaptHelp : words.cannotAdapt}</p>
      {isOn && <Batches />}
    </div>
  );
}

function Batches() {
  const now = batches.value;
  switch (now.status) {
    case 'none':
      return null;
    case 'reading':
      return <Spinner label={words.findingBatches} />;
    case 'ready':
      break;
  }
  if (now.columns.length === 0) return <p class="quiet">{words.noBatches}</p>;
  const onChange = (event: Event) => (batchColumn.value = (event.currentTarget as HTMLSelectElement).value);
  return (
    <label class="field">
      <span>{words.batch}</span>
      <select id="batch" value={batchColumn.value} onChange={onChange}>
        <option value="">{words.oneBatch}</option>
        {now.columns.map(({ name, batches: count }) => (
          <option key={name} value={name}>
            {words.batchOption(name, count)}
          </option>
        ))}
      </select>
    </label>
  );
}
