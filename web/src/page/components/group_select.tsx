import type { ComponentChildren } from 'preact';
import { groups } from '../state';
import { Spinner } from './spinner';

interface GroupSelectProps {
  id: string;
  value: string;
  words: { label: string; finding: string; none: string; noColumn: string; option: (name: string, groups: number) => string };
  unasked?: ComponentChildren; // what is shown until somebody wants to know the columns
  onChoose: (column: string) => void;
}

// One of the columns that tell groups of cells apart.
export function GroupSelect({ id, value, words, unasked, onChoose }: GroupSelectProps) {
  const now = groups.value;
  switch (now.status) {
    case 'none':
      return <>{unasked}</>;
    case 'reading':
      return <Spinner label={words.finding} />;
    case 'ready':
      break;
  }
  if (now.columns.length === 0) return <p class="quiet">{words.none}</p>;
  return (
    <label class="field">
      <span>{words.label}</span>
      <select id={id} value={value} onChange={(event: Event) => onChoose((event.currentTarget as HTMLSelectElement).value)}>
        <option value="">{words.noColumn}</option>
        {now.columns.map(({ name, groups: count }) => (
          <option key={name} value={name}>
            {words.option(name, count)}
          </option>
        ))}
      </select>
    </label>
  );
}
