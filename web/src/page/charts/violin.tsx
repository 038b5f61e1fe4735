// One gene in every label: how many cells have none of it, and how much the others have.
import { useMemo } from 'preact/hooks';
import { decimals, percent, whole } from '../format';
import { texts } from '../texts';
import { ChartFrame, type ChartTable } from './chart_frame';
import { type Density, densitiesOf, kSteps } from './densities';
import { kSmallTextSize, textWidth, widest } from './measure';
import { type ChartLabel, namesWidth, Plot, RowNames } from './plot';
import { ticksTo } from './scale';

const words = texts.charts.violin;

export interface ViolinProps {
  gene: string; // or protein
  axis: string; // what the values are
  values: Float32Array; // [cells], zero where there are no counts
  group: Int32Array; // [cells], index into labels, -1: left out
  labels: readonly ChartLabel[];
  fileName: string;
}

const kRow = 34;
const kHalf = 14; // of a violin's height
const kTop = 40;

export function Violin({ gene, axis, values, group, labels, fileName }: ViolinProps) {
  const densities = useMemo(() => densitiesOf(values, group, labels.length), [values, group, labels.length]);
  return (
    <ChartFrame
      title={words.title(gene)}
      explanation={words.explanation}
      fileName={fileName}
      isEmpty={densities.every(({ cells }) => cells === 0)}
      table={() => tableOf(labels, densities)}
    >
      {(width) => <Violins {...{ gene, axis, labels, densities, width }} />}
    </ChartFrame>
  );
}

interface ViolinsProps {
  gene: string;
  axis: string;
  labels: readonly ChartLabel[];
  densities: readonly Density[];
  width: number;
}

function Violins({ gene, axis, labels, densities, width }: ViolinsProps) {
  const leftWidth = namesWidth(labels, width);
  const zeroWidth = Math.ceil(Math.max(54, widest([words.zeros, percent(0.0001)], kSmallTextSize) + 14));
  const across = Math.max(110, width - leftWidth - zeroWidth - 14);
  const ticks = ticksTo(Math.max(...densities.map(({ most }) => most)), across > 400 ? 6 : 3);
  const xOf = (value: number) => zeroWidth + (value / ticks.at(-1)!) * across;
  const down = kRow * labels.length;
  const highest = densities.reduce((best, density, row) => (meanOf(density) > meanOf(densities[best]!) ? row : best), 0);
  const digits = Number.isInteger(ticks[1]!) ? 0 : 1;
  const tipAt = (_: number, y: number) => {
    const [label, density] = [labels[Math.floor(y / kRow)], densities[Math.floor(y / kRow)]];
    return label && density ? [label.name, ...linesOf(density)] : null;
  };
  return (
    <Plot
      summary={words.summary(gene, labels.length, labels[highest]!.name)}
      width={zeroWidth + across + 14}
      height={down}
      leftWidth={leftWidth}
      topHeight={kTop}
      left={<RowNames labels={labels} width={leftWidth} rowHeight={kRow} />}
      tipAt={tipAt}
      top={
        <>
          <text class="small" x="0" y="14">
            {words.zeros}
          </text>
          <text class="small" x={zeroWidth + across} y="14" text-anchor="end">
            {textWidth(axis, kSmallTextSize) < across - 8 ? axis : words.shortAxis}
          </text>
          {ticks.map((tick) => (
            <text key={tick} class="small" x={xOf(tick)} y={kTop - 6} text-anchor="middle">
              {decimals(tick, digits)}
            </text>
          ))}
        </>
      }
    >
      {ticks.map((tick) => (
        <line key={tick} class="guide" x1={xOf(tick)} x2={xOf(tick)} y1="0" y2={down} />
      ))}
      {densities.map((density, row) => (
        <Row key={row} density={density} middle={(row + 0.5) * kRow} colour={labels[row]!.colour ?? 'var(--accent)'} xOf={xOf} />
      ))}
    </Plot>
  );
}

interface RowProps {
  density: Density;
  middle: number;
  colour: string;
  xOf: (value: number) => number;
}

function Row({ density, middle, colour, xOf }: RowProps) {
  const { cells, zeros, quartiles, curve, values, least, most } = density;
  if (cells === 0)
    return (
      <text class="small" x="0" y={middle + 4}>
        {words.noCells}
      </text>
    );
  const [lower = 0, median = 0, upper = 0] = quartiles;
  return (
    <g style={{ color: colour }}>
      <text class="small" x="0" y={middle + 1}>
        {zerosShare(zeros / cells)}
      </text>
      <rect class="zeros-ground" x="0" y={middle + 6} width="40" height="5" />
      <rect class="zeros" x="0" y={middle + 6} width={(40 * zeros) / cells} height="5" />
      {curve.length > 0 ? (
        <path class="violin" d={outline(curve, middle, (step) => xOf(least + (step / kSteps) * (most - least)))} />
      ) : (
        [...values].map((value, k) => <circle key={k} class="violin" cx={xOf(value)} cy={middle} r="3" />)
      )}
      {curve.length > 0 && (
        <>
          <line class="quartiles" x1={xOf(lower)} x2={xOf(upper)} y1={middle} y2={middle} />
          <circle class="median" cx={xOf(median)} cy={middle} r="4" />
        </>
      )}
    </g>
  );
}

function outline(curve: Float32Array, middle: number, xOf: (step: number) => number): string {
  const upper = Array.from(curve, (height, step) => `${xOf(step).toFixed(1)} ${(middle - height * kHalf).toFixed(1)}`);
  const lower = Array.from(curve, (height, step) => `${xOf(step).toFixed(1)} ${(middle + height * kHalf).toFixed(1)}`).reverse();
  return `M${upper.join('L')}L${lower.join('L')}Z`;
}

// By which labels are compared: cells without the gene count, too.
function meanOf({ cells, zeros, quartiles }: Density): number {
  return cells > 0 ? ((quartiles[1] ?? 0) * (cells - zeros)) / cells : 0;
}

function linesOf({ cells, zeros, quartiles }: Density): string[] {
  if (cells === 0) return [words.noCells];
  const [lower, median, upper] = quartiles;
  const spread = median === undefined ? [] : [words.median(median), words.quartiles(lower!, upper!)];
  return [words.without(zerosShare(zeros / cells), cells), ...spread];
}

// Two cells of a thousand are easily seen in the picture, so they are not rounded away.
function zerosShare(share: number): string {
  return share > 0.99 && share < 0.999 ? `${decimals(100 * share, 1)} %` : percent(share);
}

function tableOf(labels: readonly ChartLabel[], densities: readonly Density[]): ChartTable {
  return {
    head: [words.label, words.cells, words.zeros, words.lower, words.middle, words.upper],
    rows: densities.map(({ cells, zeros, quartiles }, row) => [
      labels[row]!.name,
      whole(cells),
      cells > 0 ? zerosShare(zeros / cells) : '–',
      ...[0, 1, 2].map((k) => (quartiles[k] === undefined ? '–' : decimals(quartiles[k], 2))),
    ]),
  };
}
