import { signal } from '@preact/signals';
import type { CellType } from '../../protocol';
import { chooseAdapting, chooseBatches, choosePossible } from '../actions/decide';
import { choices } from '../choices';
import { canAdapt, model, run } from '../state';
import { texts } from '../texts';
import { ErrorRateSlider } from './error_rate_slider';
import { GroupSelect } from './group_select';

const words = texts.settings;

// What a run is asked for; which of it a model can do is known once the model is open. The error rate moves to the results when
// there are some: it changes them at once.
export function SettingsPanel() {
  const now = model.value;
  if (now.status !== 'ready') return null;
  return (
    <div class="settings" role="group" aria-label={words.title}>
      {run.value.status !== 'done' && <ErrorRateSlider />}
      <Adapt />
      <PossibleTypes types={now.summary.classes} />
    </div>
  );
}

function Adapt() {
  const onChange = (event: Event) => void chooseAdapting((event.currentTarget as HTMLInputElement).checked);
  const isOn = choices.value.isAdapting && canAdapt.value;
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
      {isOn && <GroupSelect id="batch" value={choices.value.batchColumn} words={words.batches} onChoose={chooseBatches} />}
    </div>
  );
}

// The panel is away during a run, and comes back as it was left.
const isChoosingTypes = signal(false);

function PossibleTypes({ types }: { types: readonly CellType[] }) {
  const without = new Set(choices.value.excluded);
  const all = types.map((_, type) => type);
  return (
    <details
      class="possible"
      id="possible-types"
      open={isChoosingTypes.value}
      onToggle={(event: Event) => (isChoosingTypes.value = (event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary>{words.types(types.length - without.size, types.length)}</summary>
      <p class="quiet">{words.typesHelp}</p>
      <p class="possible-all">
        <button type="button" class="link" onClick={() => choosePossible(all, true)}>{words.allTypes}</button>
        <button type="button" class="link" onClick={() => choosePossible(all, false)}>{words.noTypes}</button>
      </p>
      <ul>
        {types.map(({ name }, type) => (
          <li key={type}>
            <label class="check">
              <input
                type="checkbox"
                checked={!without.has(type)}
                onChange={(event: Event) => choosePossible([type], (event.currentTarget as HTMLInputElement).checked)}
              />
              {name}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
