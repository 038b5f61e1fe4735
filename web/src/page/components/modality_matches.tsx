import type { ModalityMatch } from '../../protocol';
import { chooseModality } from '../actions/decide';
import { isRunning, modalityChoice, modalityChoices } from '../state';
import { texts } from '../texts';
import { ModalityScores } from './modality_scores';

const words = texts.modalities;
const kMostNamed = 100;

// What the cells have of each modality that the model takes; each can be set aside.
export function ModalityMatches({ modalities }: { modalities: readonly ModalityMatch[] }) {
  const used = modalities.filter(({ isUsed }) => isUsed);
  const setAside = modalities.filter(({ isSetAside }) => isSetAside);
  const missing = modalities.filter(({ isUsed, isSetAside }) => !isUsed && !isSetAside);
  const isMeasured = modalityChoice.value !== null;
  return (
    <>
      <p id="modalities-used">{words.used(used)}</p>
      {setAside.length > 0 && <p id="modalities-set-aside">{words.setAside(setAside)}</p>}
      {missing.length > 0 && <p id="modalities-missing">{words.missing(missing)}</p>}
      <ul class="modalities">
        {modalities.map((each) => (
          <Modality key={each.name} modality={each} isLast={used.length === 1 && each.isUsed} />
        ))}
      </ul>
      {isMeasured ? <ModalityScores present={used.map(({ name }) => name)} /> : <p class="notice">{words.notMeasured}</p>}
    </>
  );
}

// `isLast`: nothing would be left without it.
function Modality({ modality, isLast }: { modality: ModalityMatch; isLast: boolean }) {
  const { name, where, controls, passedOver, unfit, missing, isCompleted, isUsed, isSetAside } = modality;
  const notes = [
    where && words.where(where),
    passedOver.length > 0 && words.passedOver(passedOver),
    controls.length > 0 && words.controls(controls),
  ].filter(Boolean);
  const onChange = (event: Event) => void chooseModality(name, (event.currentTarget as HTMLInputElement).checked);
  const canChoose = (isUsed || isSetAside) && modalityChoices.value.length > 1;
  return (
    <li data-modality={name}>
      {canChoose && (
        <label class="check">
          <input type="checkbox" id={`use-${name}`} checked={isUsed} disabled={isLast || isRunning.value} onChange={onChange} />
          {words.use(name)}
        </label>
      )}
      {notes.length > 0 && <p class="quiet">{notes.join(' ')}</p>}
      {unfit && <p class="notice" lang="en">{unfit}</p>}
      {name !== 'rna' && isUsed && missing.length > 0 && (
        <details>
          <summary>{words.featuresMissing(name, missing.length)}</summary>
          {isCompleted && <p class="quiet">{words.completed}</p>}
          <p class="genes">
            {missing.slice(0, kMostNamed).join(', ')}
            {missing.length > kMostNamed && ` ${texts.match.more(missing.length - kMostNamed)}`}
          </p>
        </details>
      )}
    </li>
  );
}
