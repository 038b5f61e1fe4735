// A share against another share on a logarithmic scale: what is left of something as its cause dwindles.
import { percent, whole } from '../format';
import { texts } from '../texts';
import { ChartFrame } from './chart_frame';
import { kSmallTextSize, widest } from './measure';
import { Plot } from './plot';

const words = texts.charts.line;

export interface LinePoint {
  x: number; // share, above 0
  y: number; // share
}

export interface LineChartProps {
  title: string;
  explanation: string;
  fileName: string;
  axis: string; // what x is
  value: string; // what y is
  points: readonly LinePoint[];
  here?: number; // x that is looked at now
}

const kPlotHeight = 120;
const kTop = 12;
const kInset = 18; // half of the widest name below

export function LineChart(props: LineChartProps) {
  const { title, explanation, fileName, axis, value } = props;
  const points = props.points.filter(({ x }) => x > 0).sort((a, b) => b.x - a.x);
  return (
    <ChartFrame
      title={title}
      explanation={explanation}
      fileName={fileName}
      isEmpty={points.length === 0}
      table={() => ({ head: [axis, value], rows: points.map(({ x, y }) => [shareName(x), percent(y)]) })}
    >
      {(width) => <Line {...props} points={points} width={width} />}
    </ChartFrame>
  );
}

// The largest x is at the left: it gets worse to the right.
function Line({ title, axis, value, points, here, width }: LineChartProps & { width: number }) {
  const leftWidth = Math.ceil(widest([0, 0.5, 1].map(percent), kSmallTextSize)) + 10;
  const across = width - leftWidth - 2 * kInset;
  const [first, last] = [points[0]!, points.at(-1)!];
  const span = Math.log(first.x / last.x) || 1;
  const xOf = (x: number) => kInset + (Math.log(first.x / x) / span) * across;
  const yOf = (y: number) => kTop + (1 - y) * kPlotHeight;
  const bottom = yOf(0);
  const tipAt = (x: number) => {
    const near = points.reduce((best, point) => (Math.abs(xOf(point.x) - x) < Math.abs(xOf(best.x) - x) ? point : best));
    return [`${axis}: ${shareName(near.x)}`, `${value}: ${percent(near.y)}`];
  };
  return (
    <Plot
      summary={words.summary(title, percent(first.y), shareName(first.x), percent(last.y), shareName(last.x))}
      width={across + 2 * kInset}
      height={bottom + 40}
      leftWidth={leftWidth}
      tipAt={tipAt}
      left={[0, 0.5, 1].map((tick) => (
        <text key={tick} class="small" x={leftWidth - 6} y={yOf(tick) + 4} text-anchor="end">
          {percent(tick)}
        </text>
      ))}
    >
      {[0, 0.5, 1].map((tick) => (
        <line key={tick} class={tick === 0 ? 'axis' : 'guide'} x1={kInset / 2} x2={across + 1.5 * kInset} y1={yOf(tick)} y2={yOf(tick)} />
      ))}
      {here !== undefined && here <= first.x && here >= last.x && <line class="mark" x1={xOf(here)} x2={xOf(here)} y1={kTop} y2={bottom} />}
      <polyline class="curve" points={points.map(({ x, y }) => `${xOf(x)},${yOf(y)}`).join(' ')} />
      {points.map(({ x, y }) => (
        <circle key={x} class="curve-point" cx={xOf(x)} cy={yOf(y)} r="3.5" />
      ))}
      {apart(points.map(({ x }) => ({ x: xOf(x), name: shareName(x) }))).map(({ x, name }) => (
        <text key={name} class="small" x={x} y={bottom + 17} text-anchor="middle">
          {name}
        </text>
      ))}
      <text class="small" x={kInset + across / 2} y={bottom + 35} text-anchor="middle">
        {axis}
      </text>
    </Plot>
  );
}

function shareName(share: number): string {
  return share >= 0.01 ? `${whole(100 * share)} %` : percent(share);
}

// Leaves names out where they would touch.
function apart(names: readonly { x: number; name: string }[]): { x: number; name: string }[] {
  let end = -Infinity;
  return names.filter(({ x, name }) => {
    const half = widest([name], kSmallTextSize) / 2;
    if (x - half < end + 8) return false;
    end = x + half;
    return true;
  });
}
