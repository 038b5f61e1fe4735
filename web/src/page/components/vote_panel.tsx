import { findGroups } from '../actions/open_files';
import { chooseClusters } from '../actions/vote';
import { choices } from '../choices';
import { percent, whole } from '../format';
import { vote } from '../state';
import { texts } from '../texts';
import { GroupSelect } from './group_select';

const words = texts.vote;

// The labels of the user's own clusters, by the majority of their cells.
export function VotePanel() {
  return (
    <section class="card vote" aria-labelledby="vote-title">
      <div class="card-head">
        <h3 id="vote-title">{words.title}</h3>
        <GroupSelect id="clusters" value={choices.value.clusters} words={words.columns} unasked={<Look />} onChoose={chooseClusters} />
      </div>
      <p class="quiet">{words.explain}</p>
      <Clusters />
    </section>
  );
}

function Look() {
  return (
    <button type="button" id="find-clusters" class="button" onClick={() => void findGroups()}>
      {words.look}
    </button>
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
