import { signal } from '@preact/signals';
import { LabelKind } from '../../protocol';
import { hideLabels, pickLabel } from '../actions/look';
import { choices } from '../choices';
import { percent, whole } from '../format';
import { labelColour } from '../palette';
import { isSelected, labelCounts, labelKind, labelName, type ShownKind } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';
import { Dot, KindTag } from './label_mark';
import { SearchField } from './search_field';

const words = texts.counts;
// A handful of labels is looked through at a glance.
const kManyLabels = 8;

const wanted = signal('');

// A bar for each label: legend of the map, and the way to select or hide what has it.
export function LabelCounts() {
  const counts = labelCounts.value;
  const most = Math.max(1, ...counts.map(({ cells }) => cells));
  const total = counts.reduce((sum, { cells }) => sum + cells, 0);
  const search = wanted.value.trim().toLowerCase();
  const listed = counts.filter(({ label }) => labelName(label).toLowerCase().includes(search));
  const { hidden, selection } = choices.value;
  return (
    <section class="card counts" aria-labelledby="counts-title">
      <div class="card-head">
        <h3 id="counts-title">{words.title}</h3>
        {selection !== null && (
          <button type="button" class="link" onClick={() => pickLabel(null)}>
            {words.showAll}
          </button>
        )}
      </div>
      <p class="quiet kinds">{words.kinds(cellsOf(LabelKind.type) + cellsOf('own'), cellsOf(LabelKind.broader), cellsOf(LabelKind.unknown))}</p>
      {counts.length > kManyLabels && (
        <div class="legend-tools">
          <SearchField label={words.search} text={wanted} />
          {hidden.length > 0 && (
            <button type="button" class="link" onClick={() => hideLabels(hidden, false)}>
              {words.unhideAll}
            </button>
          )}
        </div>
      )}
      {listed.length === 0 && <p class="quiet">{words.nothing}</p>}
      <ul>
        {listed.map(({ label, cells, selected }) => (
          <li key={label} class={hidden.includes(label) ? 'is-hidden' : ''}>
            <button
              type="button"
              class="count"
              data-label={label}
              aria-pressed={selection?.kind === 'label' && selection.label === label}
              title={words.pick(labelName(label))}
              onClick={() => pickLabel(label)}
            >
              <Dot label={label} />
              <span class="count-label">
                <span class="count-name">{labelName(label)}</span>
                <KindTag label={label} />
              </span>
              <span class="count-cells">{isSelected.value && selection?.kind === 'cells' ? words.selected(selected, cells) : whole(cells)}</span>
              <span class="count-share">{percent(cells / total)}</span>
              <span class="bar" aria-hidden="true">
                <span
                  class={labelKind(label) === LabelKind.broader ? 'striped' : ''}
                  style={{ width: `${(100 * cells) / most}%`, color: labelColour(label, theme.value) }}
                />
              </span>
            </button>
            <HideButton label={label} isHidden={hidden.includes(label)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function HideButton({ label, isHidden }: { label: number; isHidden: boolean }) {
  const name = isHidden ? words.unhide(labelName(label)) : words.hide(labelName(label));
  return (
    <button
      type="button"
      class="icon-button small"
      aria-pressed={isHidden}
      aria-label={name}
      title={name}
      onClick={() => hideLabels([label], !isHidden)}
    >
      <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8">
        <path d="M2.5 12s3.5-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.5 6.5-9.5 6.5S2.5 12 2.5 12Z" />
        <circle cx="12" cy="12" r="2.8" />
        {isHidden && <path d="M4 4l16 16" />}
      </svg>
    </button>
  );
}

// Cells shown with a label of this kind.
function cellsOf(kind: ShownKind): number {
  return labelCounts.value.reduce((sum, { label, cells }) => sum + (labelKind(label) === kind ? cells : 0), 0);
}
