import { signal } from '@preact/signals';
import { nameSelected } from '../actions/decide';
import { pickLabel } from '../actions/look';
import { choices } from '../choices';
import { labels, run, selectedCells } from '../state';
import { texts } from '../texts';

const words = texts.selection;

const name = signal('');

// What is selected, wherever it was selected, and what can be done with it.
export function SelectionBar() {
  const { selection } = choices.value;
  if (!selection || run.value.status !== 'done') return null;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    nameSelected(name.value);
    name.value = '';
  };
  return (
    <section class="card selection-bar" id="selection" aria-label={words.title}>
      <p class="grow">{words.count(selectedCells.value, selection.kind === 'cells' ? selection.what : '')}</p>
      <form onSubmit={onSubmit}>
        <label class="field">
          <span>{words.name}</span>
          <input
            id="own-name"
            class="search"
            list="known-labels"
            value={name.value}
            onInput={(event: Event) => (name.value = (event.currentTarget as HTMLInputElement).value)}
          />
        </label>
        <datalist id="known-labels">
          {labels.value.map((label) => (
            <option key={label.name} value={label.name} />
          ))}
        </datalist>
        <button type="submit" class="button" disabled={name.value.trim() === ''}>
          {words.apply}
        </button>
      </form>
      <button type="button" class="link" onClick={() => pickLabel(null)}>
        {words.clear}
      </button>
    </section>
  );
}
