import { LabelKind } from '../../protocol';
import { pickLabel } from '../actions';
import { percent, whole } from '../format';
import { labelColour } from '../palette';
import { filter, labelCounts, labelKind, labelName, shown } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';
import { Dot, KindTag } from './label_mark';

const words = texts.counts;

// A bar for each label: legend of the map and filter of the table in one.
export function LabelCounts() {
  const most = Math.max(1, ...labelCounts.value.map(({ cells }) => cells));
  return (
    <section class="card counts" aria-labelledby="counts-title">
      <div class="card-head">
        <h3 id="counts-title">{words.title}</h3>
        {filter.value.label !== null && (
          <button type="button" class="link" onClick={() => pickLabel(null)}>
            {words.showAll}
          </button>
        )}
      </div>
      <p class="quiet kinds">{words.kinds(cellsOf(LabelKind.type), cellsOf(LabelKind.broader), cellsOf(LabelKind.unknown))}</p>
      <ul>
        {labelCounts.value.map(({ label, cells }) => (
          <li key={label}>
            <button
              type="button"
              class="count"
              data-label={label}
              aria-pressed={filter.value.label === label}
              title={words.pick(labelName(label))}
              onClick={() => pickLabel(filter.value.label === label ? null : label)}
            >
              <Dot label={label} />
              <span class="count-label">
                <span class="count-name">{labelName(label)}</span>
                <KindTag label={label} />
              </span>
              <span class="count-cells">{whole(cells)}</span>
              <span class="count-share">{percent(cells / shown.value.length)}</span>
              <span class="bar" aria-hidden="true">
                <span
                  class={labelKind(label) === LabelKind.broader ? 'striped' : ''}
                  style={{ width: `${(100 * cells) / most}%`, color: labelColour(label, theme.value) }}
                />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// Cells shown with a label of this kind.
function cellsOf(kind: number): number {
  return labelCounts.value.reduce((sum, { label, cells }) => sum + (labelKind(label) === kind ? cells : 0), 0);
}
