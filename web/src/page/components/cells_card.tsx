import { chooseSlot } from '../actions/open_files';
import { megabytes, whole } from '../format';
import { cells, isRunning, match } from '../state';
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

// A file may hold several matrices of the same cells: counts, and what somebody made of them.
function SlotSelect({ now: { summary, chosenSlot } }: { now: Extract<typeof cells.value, { status: 'ready' }> }) {
  const onChange = (event: Event) => void chooseSlot((event.currentTarget as HTMLSelectElement).value);
  return (
    <label class="field slot">
      <span>{words.slot}</span>
      <select id="slot" value={chosenSlot} disabled={isRunning.value} onChange={onChange}>
        <option value="">{chosenSlot === '' ? words.foundSlot(summary.slot) : words.findSlot}</option>
        {summary.slots.map((slot) => (
          <option key={slot} value={slot}>
            {slot}
          </option>
        ))}
      </select>
    </label>
  );
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
      {now.summary.slots.length > 1 && <SlotSelect now={now} />}
      <Facts
        facts={[
          { name: words.format, value: now.summary.format, lang: 'en' },
          {
            name: words.alsoMeasured,
            value: now.summary.modalities.map((each) => words.modality(each)).join('; '),
          },
          { name: words.organism, value: query ? `${query.organism}: ${query.organismEvidence}` : '', lang: 'en' },
          { name: words.values, value: query ? `${query.kind}: ${query.evidence}` : '', lang: 'en' },
        ]}
      />
    </>
  );
}
