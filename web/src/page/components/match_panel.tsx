import type { QuerySummary } from '../../protocol';
import { annotateAnyway, mapOrthologues } from '../actions/open_files';
import { isForced, isRunning, match, model } from '../state';
import { texts } from '../texts';
import { ModalityMatches } from './modality_matches';
import { Spinner } from './spinner';

const kMostNamed = 300;
const words = texts.match;

// How many of the model's genes the cells have: the first thing to look at before believing a label.
export function MatchPanel() {
  const now = match.value;
  switch (now.status) {
    case 'none':
    case 'failed':
      return null;
    case 'matching':
      return (
        <section class="card">
          <Spinner label={words.matching} />
        </section>
      );
    case 'ready':
      break;
  }
  const { matched, modelGenes, missing } = now.summary;
  const isOfSeveral = now.summary.modalities.length > 0;
  return (
    <section class="card match" aria-labelledby="match-title">
      <h2 id="match-title">{isOfSeveral ? texts.modalities.title : words.title}</h2>
      {isOfSeveral ? (
        <ModalityMatches modalities={now.summary.modalities} />
      ) : (
        <div class="match-line">
          <span>{words.summary(matched, modelGenes)}</span>
          <div class="bar" aria-hidden="true">
            <span style={{ width: `${(100 * matched) / modelGenes}%` }} />
          </div>
        </div>
      )}
      {modelGenes > 0 && <p class="quiet">{words.how(now.summary)}</p>}
      {now.summary.matchedByOrthologue > 0 && <p>{words.mapped}</p>}
      {!now.summary.passes && <Verdict summary={now.summary} />}
      {missing.length > 0 && (
        <details>
          <summary>{words.missing(missing.length)}</summary>
          <p class="genes">
            {missing.slice(0, kMostNamed).join(', ')}
            {missing.length > kMostNamed && ` ${words.more(missing.length - kMostNamed)}`}
          </p>
        </details>
      )}
    </section>
  );
}

// What is wrong, and the ways out of it.
function Verdict({ summary }: { summary: QuerySummary }) {
  const made = model.value.status === 'ready' ? model.value.summary.organism : '';
  return (
    <div class="verdict" role="alert">
      <h3>{words.refused}</h3>
      {summary.problems.map(({ what, remedy }) => (
        <p key={what}>
          <span lang="en">{what}</span>
          {!summary.orthologuesHelp && (
            <>
              {'. '}
              <strong>{texts.problem.remedy}</strong> <span lang="en">{remedy}</span>
            </>
          )}
        </p>
      ))}
      {isForced.value ? (
        <p>{words.forced}</p>
      ) : (
        <p class="actions">
          {summary.orthologuesHelp && (
            <button type="button" class="button primary" disabled={isRunning.value} onClick={() => void mapOrthologues()}>
              {words.mapOrthologues(summary.organism, made)}
            </button>
          )}
          <button type="button" class="button" onClick={annotateAnyway}>
            {words.anyway}
          </button>
        </p>
      )}
    </div>
  );
}
