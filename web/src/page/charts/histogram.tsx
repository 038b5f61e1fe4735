// How many cells have each value between 0 and 1.
import { counted, decimals, percent, whole } from '../format';
import { texts } from '../texts';
import { ChartFrame, type ChartTable } from './chart_frame';
import { SwatchLegend } from './legend';
import { kSmallTextSize, textWidth, widest } from './measure';
import { type ChartLabel, Plot } from './plot';
import { ticksTo } from './scale';

const words = texts.charts.histogram;

export interface HistogramSeries extends ChartLabel {
  counts: ArrayLike<number>; // [bins], of equal width from 0 to 1
}

export interface HistogramMark {
  at: number;
  name: string;
}

export interface HistogramProps {
  title: string;
  explanation: string;
  fileName: string;
  axis: string; // what the values are
  series: readonly HistogramSeries[]; // stacked, the first at the bottom; all with as many bins
  marks?: readonly HistogramMark[];
}

const kPlotHeight = 180;
const kMarkHeight = 18;
const kAxisHeight = 40;
const kInset = 9; // half of the first tick's name
const kRightMargin = 14;

export function Histogram({ title, explanation, fileName, axis, series, marks = [] }: HistogramProps) {
  const bins = series[0]?.counts.length ?? 0;
  const totals = Array.from({ length: bins }, (_, bin) => series.reduce((sum, { counts }) => sum + counts[bin]!, 0));
  const cells = totals.reduce((sum, count) => sum + count, 0);
  return (
    <ChartFrame
      title={title}
      explanation={explanation}
      fileName={fileName}
      isEmpty={cells === 0}
      table={() => tableOf(series, totals, axis)}
    >
      {(width) => <Bars {...{ title, axis, series, marks, totals, cells, width }} />}
    </ChartFrame>
  );
}

interface BarsProps {
  title: string;
  axis: string;
  series: readonly HistogramSeries[];
  marks: readonly HistogramMark[];
  totals: readonly number[];
  cells: number;
  width: number;
}

function Bars({ title, axis, series, marks, totals, cells, width }: BarsProps) {
  const bins = totals.length;
  const ticks = ticksTo(Math.max(...totals), 4);
  const most = ticks.at(-1)!;
  const leftWidth = Math.ceil(widest(ticks.map(whole), kSmallTextSize)) + 14;
  const across = width - leftWidth - kInset - kRightMargin;
  const placed = placeMarks(marks, across);
  const top = placed.lines * kMarkHeight + 10;
  const bottom = top + kPlotHeight;
  const yOf = (count: number) => bottom - (count / most) * kPlotHeight;
  const xOf = (value: number) => kInset + value * across;
  const peak = totals.indexOf(Math.max(...totals));
  const tipAt = (x: number) => {
    const bin = Math.floor(((x - kInset) / across) * bins);
    if (bin < 0 || bin >= bins) return null;
    const there = series.filter(({ counts }) => counts[bin]! > 0).sort((a, b) => b.counts[bin]! - a.counts[bin]!);
    const shown = series.length > 1 ? there.slice(0, 6).map(({ name, counts }) => `${name}: ${whole(counts[bin]!)}`) : [];
    return [`${binName(bin, bins)}: ${counted(totals[bin]!, words.cell, words.cells)}`, ...shown];
  };
  return (
    <>
      <Plot
        summary={words.summary(title, cells, binName(peak, bins), totals[peak]! / cells)}
        width={kInset + across + kRightMargin}
        height={bottom + kAxisHeight}
        leftWidth={leftWidth}
        tipAt={tipAt}
        left={ticks.map((tick) => (
          <text key={tick} class="small" x={leftWidth - 7} y={yOf(tick) + 4} text-anchor="end">
            {whole(tick)}
          </text>
        ))}
      >
        {ticks.map((tick) => (
          <line key={tick} class={tick === 0 ? 'axis' : 'guide'} x1={kInset} x2={kInset + across} y1={yOf(tick)} y2={yOf(tick)} />
        ))}
        <Stacks {...{ series, totals, across, yOf }} />
        {[0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => (
          <g key={value}>
            <line class="axis" x1={xOf(value)} x2={xOf(value)} y1={bottom} y2={bottom + 4} />
            <text class="small" x={xOf(value)} y={bottom + 17} text-anchor="middle">
              {decimals(value, 1)}
            </text>
          </g>
        ))}
        <text class="small" x={xOf(0.5)} y={bottom + 35} text-anchor="middle">
          {axis}
        </text>
        {placed.marks.map(({ at, name, x, anchor, line }) => (
          <g key={name}>
            <line class="mark" x1={xOf(at)} x2={xOf(at)} y1={line * kMarkHeight + 2} y2={bottom} />
            <text class="mark-name" x={kInset + x} y={line * kMarkHeight + 13} text-anchor={anchor}>
              {name}
            </text>
          </g>
        ))}
      </Plot>
      {series.length > 1 && <SwatchLegend labels={series} width={width} />}
    </>
  );
}

interface StacksProps {
  series: readonly HistogramSeries[];
  totals: readonly number[];
  across: number;
  yOf: (count: number) => number;
}

function Stacks({ series, totals, across, yOf }: StacksProps) {
  const bins = totals.length;
  const gap = across / bins > 5 ? 1 : 0;
  const below = new Float64Array(bins);
  return (
    <>
      {series.map(({ name, colour, counts }) => (
        <g key={name} style={{ fill: colour ?? 'var(--accent)' }}>
          {totals.map((_, bin) => {
            const count = counts[bin]!;
            if (count === 0) return null;
            const low = below[bin]!;
            below[bin] = low + count;
            const y = yOf(low + count);
            return <rect key={bin} x={kInset + (bin / bins) * across + gap / 2} y={y} width={across / bins - gap} height={yOf(low) - y} />;
          })}
        </g>
      ))}
    </>
  );
}

interface PlacedMark extends HistogramMark {
  x: number;
  anchor: 'start' | 'end';
  line: number;
}

// Names stand beside their lines, in as many lines of text as keeps them apart.
function placeMarks(marks: readonly HistogramMark[], across: number): { marks: PlacedMark[]; lines: number } {
  const ends: number[] = []; // of the last name in each line of text
  const placed = [...marks]
    .sort((a, b) => a.at - b.at)
    .map((mark): PlacedMark => {
      const length = textWidth(mark.name, kSmallTextSize) + 5;
      const isLeft = mark.at * across + length > across && mark.at * across >= length;
      const start = mark.at * across - (isLeft ? length : 0);
      let line = ends.findIndex((end) => end + 6 < start);
      if (line < 0) line = ends.length;
      ends[line] = start + length;
      return { ...mark, x: mark.at * across + (isLeft ? -5 : 5), anchor: isLeft ? 'end' : 'start', line };
    });
  return { marks: placed, lines: ends.length };
}

function binName(bin: number, bins: number): string {
  const digits = bins > 20 ? 3 : 2;
  return words.range(decimals(bin / bins, digits), decimals((bin + 1) / bins, digits));
}

function tableOf(series: readonly HistogramSeries[], totals: readonly number[], axis: string): ChartTable {
  const cells = totals.reduce((sum, count) => sum + count, 0);
  const parts = series.length > 1 ? series : [];
  return {
    head: [axis, words.cellsHead, words.share, ...parts.map(({ name }) => name)],
    rows: totals.map((total, bin) => [
      binName(bin, totals.length),
      whole(total),
      percent(total / cells),
      ...parts.map(({ counts }) => whole(counts[bin]!)),
    ]),
  };
}
