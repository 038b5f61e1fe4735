// Shares of one whole, side by side.
import './charts.css';
import { percent } from '../format';
import type { ChartLabel } from './plot';

export interface StackedBarProps {
  parts: readonly (ChartLabel & { share: number })[]; // together at most 1
}

export function StackedBar({ parts }: StackedBarProps) {
  const shown = parts.filter(({ share }) => share > 0);
  return (
    <div class="stacked">
      <div class="stacked-bar" aria-hidden="true">
        {shown.map(({ name, colour, share }) => (
          <span key={name} style={{ width: `${100 * share}%`, backgroundColor: colour ?? 'var(--accent)' }} />
        ))}
      </div>
      <ul class="stacked-parts">
        {parts.map(({ name, colour, share }) => (
          <li key={name}>
            <i style={{ color: colour ?? 'var(--accent)' }} aria-hidden="true" />
            {name} <strong>{percent(share)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}
