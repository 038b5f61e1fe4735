import { useState } from 'preact/hooks';
import { texts } from '../texts';

const words = texts.look;
const kMostOffered = 12;

interface GenePickerProps {
  id: string;
  button: string;
  names: readonly string[]; // empty while they are read
  onChoose: (gene: number, name: string) => void;
}

// A gene of the file by its name, in any case; the first that begins so are offered.
export function GenePicker({ id, button, names, onChoose }: GenePickerProps) {
  const [text, setText] = useState('');
  const [missing, setMissing] = useState('');
  const wanted = text.trim().toLowerCase();
  const offered = wanted === '' ? [] : firstWith(names, wanted);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const gene = names.findIndex((name) => name.toLowerCase() === wanted);
    setMissing(gene < 0 ? text.trim() : '');
    if (gene < 0) return;
    setText('');
    onChoose(gene, names[gene]!);
  };
  return (
    <form class="gene-picker" onSubmit={onSubmit}>
      <label class="field">
        <span>{words.geneName}</span>
        <input
          id={id}
          class="search"
          list={`${id}-names`}
          autocomplete="off"
          spellcheck={false}
          placeholder={words.geneHint}
          value={text}
          onInput={(event: Event) => setText((event.currentTarget as HTMLInputElement).value)}
        />
      </label>
      <datalist id={`${id}-names`}>
        {offered.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit" class="button" disabled={wanted === '' || names.length === 0}>
        {button}
      </button>
      {missing && <p class="notice" role="alert">{words.noGene(missing)}</p>}
    </form>
  );
}

function firstWith(names: readonly string[], beginning: string): string[] {
  const found: string[] = [];
  for (const name of names) {
    if (name.toLowerCase().startsWith(beginning)) found.push(name);
    if (found.length === kMostOffered) break;
  }
  return found;
}
