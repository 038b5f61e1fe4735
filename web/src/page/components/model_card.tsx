import type { ModelSummary } from '../../protocol';
import { megabytes, percent, whole } from '../format';
import { model, teacher } from '../state';
import { texts } from '../texts';
import { type Figure, Facts, Figures } from './facts';
import { FileButton } from './file_button';
import { ModelGallery } from './model_gallery';
import { Spinner } from './spinner';

const words = texts.model;

export function ModelCard() {
  const isReady = model.value.status === 'ready';
  return (
    <section class={isReady ? 'card' : 'card empty'} aria-labelledby="model-title">
      <div class="card-head">
        <h2 id="model-title">{words.title}</h2>
        <FileButton
          id="model-input"
          label={isReady ? words.replace : words.choose}
          kind="model"
          isPrimary={model.value.status === 'empty'}
        />
      </div>
      <Found />
      <OwnTeacher />
      <ModelGallery />
    </section>
  );
}

function OwnTeacher() {
  const now = teacher.value;
  if (!now) return null;
  const said = now.isChecked ? texts.teacher.ready : texts.teacher.waiting;
  return (
    <p class="quiet" id="teacher-file">
      {said(now.file.name)}
    </p>
  );
}

function Found() {
  const now = model.value;
  switch (now.status) {
    case 'empty':
      return <p class="quiet">{words.what}</p>;
    case 'reading':
      return <Spinner label={words.reading(now.name)} />;
    case 'ready':
      return <Summary name={now.name} bytes={now.bytes} summary={now.summary} />;
  }
}

interface SummaryProps {
  name: string;
  bytes: number;
  summary: ModelSummary;
}

function Summary({ name, bytes, summary }: SummaryProps) {
  return (
    <>
      <p class="file-name">
        {summary.name || name} <span class="quiet">{[name, megabytes(bytes)].join(', ')}</span>
      </p>
      <Figures
        figures={[
          { value: whole(summary.classes.length), name: words.types },
          ...summary.inputs.map(({ name, features }) => ({ value: whole(features), name: words.inputs(name) })),
          ...scoresOf(summary.scores),
        ]}
      />
      <Facts
        facts={[
          { name: words.madeFor, value: [summary.organism, summary.tissue].filter(Boolean).join(', ') },
          { name: words.sources, value: summary.sources.join('; ') },
          { name: words.licence, value: summary.licence },
        ]}
      />
      <details>
        <summary>{words.allTypes(summary.classes.length)}</summary>
        <ul class="types">
          {summary.classes.map((type) => (
            <li key={type.name}>
              {type.name}
              <span class="quiet">
                {[type.ontologyId, words.trainedOn(type.referenceCells)].filter(Boolean).join(', ')}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

// Scores are what `plkd evaluate --json` wrote; a model may have none.
function scoresOf(scores: unknown): Figure[] {
  if (typeof scores !== 'object' || scores === null) return [];
  const { accuracy, macro_f1: macroF1 } = scores as Record<string, unknown>;
  const figure = (value: unknown, name: string) => (typeof value === 'number' ? [{ value: percent(value), name }] : []);
  return [...figure(accuracy, words.accuracy), ...figure(macroF1, words.macroF1)];
}
