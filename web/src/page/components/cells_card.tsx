import { megabytes, whole } from '../format';
import { cells, match } from '../state';
import { texts } from '../texts';
import { Facts, Figures } from './facts';
import { FileButton } from './file_button';
import { Spinner } from './spinner';

const words = texts.cells;

export function CellsCard() {
  const isReady = cells.value.status === 'ready';
  return (
    <section class={isReady ? 'card' : 'card empty'} aria-labelledby="cells-title">
      <div class="card-head">
        <h2 id="cells-title">{words.title}</h2>
        <FileButton
          id="cells-input"
          label={isReady ? words.replace : words.choose}
          kind="cells"
          isPrimary={cells.value.status === 'empty'}
        />
      </div>
      <Found />
    </section>
  );
}

function Found() {
  const now = cells.value;
  switch (now.status) {
    case 'empty':
      return <p class="quiet">{words.what}</p>;
    case 'incomplete':
      return <p>{words.incomplete(now.found, now.missing)}</p>;
    case 'reading':
      return <Spinner label={words.reading(now.name)} />;
    case 'ready':
      return <Summary now={now} />;
  }
}

function Summary({ now }: { now: Extract<typeof cells.value, { status: 'ready' }> }) {
  const query = match.value.status === 'ready' ? match.value.summary : null;
  const figures = [
    { value: whole(now.summary.cells), name: words.cells },
    { value: whole(now.summary.genes), name: words.genes },
    ...(query
      ? [
          { value: whole(query.medianLibrary), name: words.medianLibrary },
          { value: whole(query.medianGenes), name: words.medianGenes },
        ]
      : []),
  ];
  return (
    <>
      <p class="file-name">
        {now.name} <span class="quiet">{megabytes(now.bytes)}</span>
      </p>
      <Figures figures={figures} />
      <Facts
        facts={[
          { name: words.format, value: now.summary.format },
          { name: words.organism, value: query ? `${query.organism}: ${query.organismEvidence}` : '' },
          { name: words.values, value: query ? `${query.kind}: ${query.evidence}` : '' },
        ]}
      />
    </>
  );
}
