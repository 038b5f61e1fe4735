// What colours and sizes mean, under a chart.
import { percent } from '../format';
import { clip, kSmallTextSize, textWidth } from './measure';
import type { ChartLabel } from './plot';
import { tone, warmth } from './scale';

const kHeight = 22;
const kSteps = 24;

// Names with a square of their colour, in as many lines as they need.
export function SwatchLegend({ labels, width }: { labels: readonly ChartLabel[]; width: number }) {
  let [x, line] = [0, 0];
  const placed = labels.map(({ name, colour }) => {
    const text = clip(name, width - 20);
    const needed = 16 + textWidth(text) + 16;
    if (x > 0 && x + needed - 16 > width) [x, line] = [0, line + 1];
    const at = { text, name, colour, x, y: line * kHeight };
    x += needed;
    return at;
  });
  return (
    <svg class="chart-legend" width={width} height={(line + 1) * kHeight} aria-hidden="true">
      {placed.map(({ text, name, colour, x: left, y }) => (
        <g key={name}>
          <title>{name}</title>
          <rect x={left} y={y + 6} width="10" height="10" rx="2" style={{ fill: colour ?? 'var(--quiet)' }} />
          <text x={left + 16} y={y + 15}>
            {text}
          </text>
        </g>
      ))}
    </svg>
  );
}

interface RampProps {
  title: string;
  low: string;
  high: string;
  middle?: string;
  kind: 'tone' | 'warmth';
  width: number;
}

export function RampLegend({ title, low, high, middle, kind, width }: RampProps) {
  const ramp = Math.min(200, width);
  const step = ramp / kSteps;
  return (
    <svg class="chart-legend" width={Math.min(width, Math.max(ramp, textWidth(title, kSmallTextSize) + 2))} height="48" aria-hidden="true">
      <text class="small" x="0" y="12">
        {title}
      </text>
      {Array.from({ length: kSteps }, (_, k) => {
        const share = (k + 0.5) / kSteps;
        const fill = kind === 'tone' ? tone(share) : warmth(2 * share - 1);
        return <rect key={k} x={k * step} y="18" width={step + 0.5} height="10" style={{ fill }} />;
      })}
      <text class="small" x="0" y="42">
        {low}
      </text>
      {middle !== undefined && (
        <text class="small" x={ramp / 2} y="42" text-anchor="middle">
          {middle}
        </text>
      )}
      <text class="small" x={ramp} y="42" text-anchor="end">
        {high}
      </text>
    </svg>
  );
}

const kShares = [0.1, 0.25, 0.5, 0.75, 1];

export function SizeLegend({ title, radiusOf, width }: { title: string; radiusOf: (share: number) => number; width: number }) {
  const step = 42;
  const needed = Math.max(step * kShares.length, textWidth(title, kSmallTextSize) + 2);
  return (
    <svg class="chart-legend" width={Math.min(width, needed)} height="48" aria-hidden="true">
      <text class="small" x="0" y="12">
        {title}
      </text>
      {kShares.map((share, k) => (
        <g key={share}>
          <circle class="size" cx={k * step + 16} cy="24" r={Math.min(8, radiusOf(share))} />
          <text class="small" x={k * step + 16} y="46" text-anchor="middle">
            {percent(share)}
          </text>
        </g>
      ))}
    </svg>
  );
}
