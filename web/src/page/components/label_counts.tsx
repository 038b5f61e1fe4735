import { percent, whole } from '../format';
import { labelColour } from '../palette';
import { filter, labelCounts, labelName, shown } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';

const words = texts.counts;

// A bar for each label: legend of the map and filter of the table in one.
export function LabelCounts() {
  const most = Math.max(1, ...labelCounts.value.map(({ cells }) => cells));
  return (
    <section class="card counts" aria-labelledby="counts-title">
      <div class="card-head">
        <h3 id="counts-title">{words.title}</h3>
        {filter.value.label !== null && (
          <button type="button" class="link" onClick={() => pick(null)}>
            {words.showAll}
          </button>
        )}
      </div>
      <ul>
        {labelCounts.value.map(({ label, cells }) => (
          <li key={label}>
            <button
              type="button"
              class="count"
              aria-pressed={filter.value.label === label}
              title={words.pick(labelName(label))}
              onClick={() => pick(filter.value.label === label ? null : label)}
            >
              <span class="count-name">{labelName(label)}</span>
              <span class="count-cells">{whole(cells)}</span>
              <span class="count-share">{percent(cells / shown.value.length)}</span>
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${(100 * cells) / most}%`, background: labelColour(label, theme.value) }} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function pick(label: number | null): void {
  filter.value = { ...filter.value, label };
}
