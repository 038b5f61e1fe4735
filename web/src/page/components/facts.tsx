// Figures with their names, and longer facts as a list.
export interface Figure {
  value: string;
  name: string;
}

export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ value, name }) => (
        <div key={name}>
          <dd>{value}</dd>
          <dt>{name}</dt>
        </div>
      ))}
    </dl>
  );
}

export interface Fact {
  name: string;
  value: string;
  lang?: 'en'; // the core's own words, whatever the page's language
}

// Facts without a value are left out.
export function Facts({ facts }: { facts: Fact[] }) {
  const known = facts.filter(({ value }) => value !== '');
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(({ name, value, lang }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd lang={lang}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
