import { findGroups, voteWithin } from '../actions';
import { percent, whole } from '../format';
import { groups, vote } from '../state';
import { texts } from '../texts';
import { Spinner } from './spinner';

const words = texts.vote;

// The labels of the user's own clusters, by the majority of their cells.
export function VotePanel({ hasColumns }: { hasColumns: boolean }) {
  if (!hasColumns) return null;
  return (
    <section class="card vote" aria-labelledby="vote-title">
      <div class="card-head">
        <h3 id="vote-title">{words.title}</h3>
        <Columns />
      </div>
      <p class="quiet">{words.explain}</p>
      <Clusters />
    </section>
  );
}

function Columns() {
  const now = groups.value;
  switch (now.status) {
    case 'none':
      return (
        <button type="button" id="find-clusters" class="button" onClick={() => void findGroups()}>
          {words.look}
        </button>
      );
    case 'reading':
      return <Spinner label={words.finding} />;
    case 'ready':
      break;
  }
  if (now.columns.length === 0) return <span class="quiet">{words.none}</span>;
  const onChange = (event: Event) => void voteWithin((event.currentTarget as HTMLSelectElement).value);
  return (
    <label class="field">
      <span>{words.column}</span>
      <select id="clusters" value={vote.value?.column ?? ''} onChange={onChange}>
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

function Clusters() {
  const now = vote.value;
  if (!now) return null;
  return (
    <>
      <div class="clusters" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.cluster}</th>
              <th scope="col">{words.label}</th>
              <th scope="col" class="number">{words.agree}</th>
              <th scope="col" class="number">{words.cells}</th>
            </tr>
          </thead>
          <tbody>
            {now.labels.map(({ cluster, label, cells, agree, ontologyId }) => (
              <tr key={cluster}>
                <th scope="row">{cluster}</th>
                <td>{label === 'unknown' && ontologyId === '' && 2 * agree <= cells ? words.noMajority : label}</td>
                <td class="number">{cells > 0 ? percent(agree / cells) : ''}</td>
                <td class="number">{whole(cells)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet" role="status">{words.written}</p>
    </>
  );
}
