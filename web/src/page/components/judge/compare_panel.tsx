import { type OwnLabels, compareWith, ownLabels } from '../../actions/judge';
import { selectCells } from '../../actions/look';
import { findGroups } from '../../actions/open_files';
import { Confusion } from '../../charts/confusion';
import { choices } from '../../choices';
import { fileStem, labelCounts, labelName, shown } from '../../state';
import { texts } from '../../texts';
import { GroupSelect } from '../group_select';
import { Spinner } from '../spinner';
import { chartLabels } from './chart_labels';

const words = texts.judge;

// A column of the person's own beside our labels.
export function ComparePanel() {
  const now = ownLabels.value;
  const look = (
    <button type="button" id="find-own-labels" class="button" onClick={() => void findGroups()}>
      {words.lookForColumns}
    </button>
  );
  return (
    <section class="card compare" aria-labelledby="compare-title">
      <div class="card-head">
        <h3 id="compare-title">{words.compareTitle}</h3>
        <GroupSelect
          id="own-labels"
          value={now === null || now === 'reading' ? '' : now.name}
          words={words.compareColumn}
          unasked={look}
          onChoose={(column) => void compareWith(column)}
        />
      </div>
      {now === null && <p class="quiet">{words.compareHelp}</p>}
      {now === 'reading' && <Spinner label={words.compareColumn.finding} />}
      {now !== null && now !== 'reading' && <Both own={now} />}
    </section>
  );
}

function Both({ own: { name, column } }: { own: OwnLabels }) {
  const ours = labelCounts.value.map(({ label }) => label);
  const placeOf = new Map(ours.map((label, place) => [label, place]));
  const hasMissing = column.code.includes(-1);
  const own = hasMissing ? [...column.categories, words.missingValue] : column.categories;
  const rowOf = (cell: number) => (column.code[cell]! < 0 ? column.categories.length : column.code[cell]!);
  const counts = new Uint32Array(own.length * ours.length);
  shown.value.forEach((label, cell) => counts[rowOf(cell) * ours.length + placeOf.get(label)!]!++);
  const select = (row: number, place: number) => {
    const cells = Uint32Array.from(shown.value.keys()).filter((cell) => rowOf(cell) === row && shown.value[cell] === ours[place]);
    selectCells(cells, texts.selection.confusion(own[row]!, labelName(ours[place]!)));
  };
  return (
    <Confusion
      own={own}
      ours={chartLabels(ours)}
      counts={counts}
      fileName={`${fileStem()}.${name}`}
      selected={selectedPlace(own, ours)}
      onCell={select}
    />
  );
}

// The square whose cells are selected.
function selectedPlace(own: readonly string[], ours: readonly number[]) {
  const { selection } = choices.value;
  if (selection?.kind !== 'cells') return null;
  for (const [row, name] of own.entries()) {
    for (const [column, label] of ours.entries()) {
      if (selection.what === texts.selection.confusion(name, labelName(label))) return { row, column };
    }
  }
  return null;
}
