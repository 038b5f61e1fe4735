import { chooseErrorRate } from '../actions/decide';
import { percent } from '../format';
import { promiseSetting, promiseSettings } from '../state';
import { texts } from '../texts';

const words = texts.settings;

// From cautious to bold: how many wrong labels are accepted. The labels on show follow at once.
export function ErrorRateSlider() {
  const setting = promiseSetting.value;
  const offered = promiseSettings.value;
  if (!setting) return <p class="quiet" id="error-rate-help">{words.noPromise}</p>;
  const onInput = (event: Event) => {
    const rate = offered[Number((event.currentTarget as HTMLInputElement).value)]!.target;
    if (rate !== setting.target) chooseErrorRate(rate);
  };
  return (
    <div class="error-rate">
      <label for="error-rate">
        {words.errorRate} <strong>{words.errorRateOption(setting.target)}</strong>
      </label>
      <div class="slider">
        <span class="quiet" aria-hidden="true">{words.cautious}</span>
        <input
          type="range"
          id="error-rate"
          min={0}
          max={offered.length - 1}
          step={1}
          value={offered.indexOf(setting)}
          aria-valuetext={words.errorRateOption(setting.target)}
          aria-describedby="error-rate-help"
          onInput={onInput}
        />
        <span class="quiet" aria-hidden="true">{words.bold}</span>
      </div>
      <p class="quiet" id="error-rate-help">
        {words.errorRateHelp(percent(setting.coverage), setting.broader > 0 ? percent(setting.broader) : '', percent(setting.error))}
      </p>
    </div>
  );
}
