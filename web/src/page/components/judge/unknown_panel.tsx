import { useEffect } from 'preact/hooks';
import { lookAtUnknown, type Novelty, novelty } from '../../actions/judge';
import { selectCells } from '../../actions/look';
import { percent, whole } from '../../format';
import { match, shown } from '../../state';
import { texts } from '../../texts';
import { Spinner } from '../spinner';

const words = texts.judge;
// Against the median of the file: cells with so many fewer or more counts are suspect.
const kPoor = 0.5;
const kRich = 2;

// Cells that were called unknown, grouped by likeness, with what speaks for a type that the model lacks and what for debris.
export function UnknownPanel() {
  const now = novelty.value;
  useEffect(() => void lookAtUnknown(), [shown.value]);
  return (
    <section class="card unknown-panel" aria-labelledby="unknown-title">
      <h3 id="unknown-title">{words.unknownTitle}</h3>
      <p class="quiet">{words.unknownHelp}</p>
      {now === null || now === 'reading' ? <Spinner label={words.unknownReading} /> : <Groups now={now} />}
    </section>
  );
}

function Groups({ now: { found, markers } }: { now: Novelty }) {
  const { group, groups } = found;
  if (groups.length === 0) return <p id="no-unknown">{words.noUnknown}</p>;
  const median = match.value.status === 'ready' ? match.value.summary.medianLibrary : 0;
  const select = (k: number) => {
    const cells = Uint32Array.from(group.keys()).filter((cell) => group[cell] === k);
    selectCells(cells, texts.selection.group(k + 1));
  };
  return (
    <ol class="unknown-groups">
      {groups.map(({ cells, nearest, ontologyId, medianLibrary, medianGenes }, k) => (
        <li key={k}>
          <p>
            <strong>{words.group(k + 1)}</strong>, {words.groupCells(cells)}
            {nearest && (
              <>
                , {words.groupNearest} <strong>{nearest}</strong> <span class="quiet">{ontologyId}</span>
              </>
            )}
          </p>
          <p class="quiet">
            {words.groupCounts(whole(medianLibrary), whole(medianGenes))}
            {median > 0 && medianLibrary < kPoor * median && <span class="tag">{words.groupPoor}</span>}
            {median > 0 && medianLibrary > kRich * median && <span class="tag">{words.groupRich}</span>}
          </p>
          <p>
            {words.groupGenes}:{' '}
            {markers
              .filter((marker) => marker.group === k)
              .map(({ name, shareIn, shareOut }) => (
                <span key={name} class="gene" title={words.gene(name, percent(shareIn), percent(shareOut))}>
                  {name}
                </span>
              ))}
          </p>
          <button type="button" class="button" onClick={() => select(k)}>
            {words.selectGroup}
          </button>
        </li>
      ))}
    </ol>
  );
}
