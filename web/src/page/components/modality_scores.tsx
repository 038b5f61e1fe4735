import { percent } from '../format';
import { errorRate, modalities, modalityChoices, settingAt } from '../state';
import { texts } from '../texts';

const words = texts.modalities;

// How sure labels are with these modalities, beside all that the model takes and other choices that these cells allow.
export function ModalityScores({ present }: { present: readonly string[] }) {
  const inFile = modalities.value.filter(({ isUsed, isSetAside }) => isUsed || isSetAside).map(({ name }) => name);
  const rows = modalityChoices.value.filter((choice, k) => k === 0 || choice.present.every((name) => inFile.includes(name)));
  if (rows.length < 2) return null;
  return (
    <table class="modality-scores">
      <caption>{words.scores(texts.settings.errorRateOption(errorRate.value))}</caption>
      <thead>
        <tr>
          {[words.measured, words.right, words.labelled, words.wrong].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((choice) => {
          const isUsed = choice.present.join() === present.join();
          const setting = settingAt(choice.promise, errorRate.value);
          return (
            <tr key={choice.present.join()} class={isUsed ? 'used' : ''} aria-current={isUsed ? 'true' : undefined}>
              <th scope="row">
                {words.list(choice.present)}
                {isUsed && <span class="quiet"> {words.usedHere}</span>}
              </th>
              <td>{choice.accuracy === null ? '–' : percent(choice.accuracy)}</td>
              <td>{setting ? percent(setting.coverage) : '–'}</td>
              <td>{setting ? percent(setting.error) : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
