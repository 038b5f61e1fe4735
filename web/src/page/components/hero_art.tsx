import { labelColour } from '../palette';
import { theme } from '../theme';

interface Group {
  x: number;
  y: number;
  cells: number;
  spread: number;
}

const kGroups: Group[] = [
  { x: 92, y: 62, cells: 30, spread: 24 },
  { x: 176, y: 128, cells: 42, spread: 30 },
  { x: 268, y: 66, cells: 26, spread: 20 },
  { x: 318, y: 142, cells: 22, spread: 18 },
  { x: 84, y: 158, cells: 18, spread: 16 },
];
const kGoldenAngle = 2.39996;

// What the page makes, drawn small: groups of cells on a map.
export function HeroArt() {
  return (
    <svg class="hero-art" viewBox="0 0 380 210" aria-hidden="true">
      {kGroups.flatMap(({ x, y, cells, spread }, group) =>
        Array.from({ length: cells }, (_, k) => {
          const radius = spread * Math.sqrt((k + 0.5) / cells) * (1 + 0.25 * Math.sin(5 * k));
          return (
            <circle
              key={`${group}-${k}`}
              cx={x + radius * Math.cos(k * kGoldenAngle)}
              cy={y + 0.8 * radius * Math.sin(k * kGoldenAngle)}
              r={2.6}
              fill={labelColour(group, theme.value)}
              opacity={0.75}
            />
          );
        }),
      )}
    </svg>
  );
}
