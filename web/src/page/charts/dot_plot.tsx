// Marker genes of labels: the size of a dot is the share of cells that express the gene, its colour how much.
import { useState } from 'preact/hooks';
import type { GeneMeans } from '../../protocol';
import { decimals, percent } from '../format';
import { texts } from '../texts';
import { ChartFrame, type ChartTable } from './chart_frame';
import { isPress, moveFocus, placeAfter } from './grid_keys';
import { RampLegend, SizeLegend } from './legend';
import { widest } from './measure';
import { type ChartLabel, columnWidthFor, namesWidth, Plot, RowNames, SlantedName, slantedRoom } from './plot';
import { tone } from './scale';

const words = texts.charts.dotPlot;

export interface DotGene {
  name: string;
  label: number; // row it marks; neighbours of the same row share a bracket. -1: none
}

export interface DotPlotProps {
  labels: readonly ChartLabel[];
  genes: readonly DotGene[];
  means: GeneMeans; // [labels x genes]
  fileName: string;
  onGene?: (column: number) => void;
}

const kRow = 22;
const kBracket = 12;
const kLeastShare = 0.005; // smaller dots cannot be seen

export function DotPlot(props: DotPlotProps) {
  const { labels, genes, fileName } = props;
  return (
    <ChartFrame
      title={words.title}
      explanation={props.onGene ? `${words.explanation} ${words.choose}` : words.explanation}
      fileName={fileName}
      isEmpty={labels.length === 0 || genes.length === 0}
      table={() => tableOf(props)}
    >
      {(width) => <Dots {...props} width={width} />}
    </ChartFrame>
  );
}

function Dots({ labels, genes, means, onGene, width }: DotPlotProps & { width: number }) {
  const leftWidth = namesWidth(labels, width);
  const brackets = bracketsOf(genes);
  const bracketNames = brackets.map(({ label, first, end }) => ({ name: labels[label]!.name, at: (first + end) / 2 }));
  const columnWidth = columnWidthFor(genes.length, bracketNames, width - leftWidth, 30);
  const across = columnWidth * genes.length;
  const down = kRow * labels.length;
  const named = bracketNames.map(({ name, at }) => ({ name, x: at * columnWidth }));
  const slanted = slantedRoom(named, across);
  const geneHeight = Math.ceil(widest(genes.map(({ name }) => name))) + 12;
  const topHeight = geneHeight + (brackets.length > 0 ? kBracket + slanted.height : 6);
  const radiusOf = (share: number) => (Math.min(columnWidth, kRow) / 2 - 1) * Math.sqrt(share);
  const scaled = scaledByGene(means.mean, labels.length, genes.length);
  const tipAt = (x: number, y: number) => {
    const [column, row] = [Math.floor(x / columnWidth), Math.floor(y / kRow)];
    const [gene, label] = [genes[column], labels[row]];
    if (!gene || !label) return null;
    const at = row * genes.length + column;
    return [words.tip(gene.name, label.name), words.mean(means.mean[at]!), words.share(means.share[at]!)];
  };
  return (
    <>
      <Plot
        summary={words.summary(labels.length, genes.length)}
        {...(onGene ? { operable: 'top' as const } : {})}
        width={across + (brackets.length > 0 ? slanted.right : 6)}
        height={down + 4}
        leftWidth={leftWidth}
        topHeight={topHeight}
        left={<RowNames labels={labels} width={leftWidth} rowHeight={kRow} />}
        tipAt={tipAt}
        top={
          <>
            {brackets.map(({ label, first, end }, k) => (
              <g key={first}>
                <SlantedName name={named[k]!.name} x={named[k]!.x} y={slanted.height} />
                <Bracket x={first * columnWidth} width={(end - first) * columnWidth} y={slanted.height} colour={labels[label]!.colour} />
              </g>
            ))}
            <GeneNames {...{ genes, columnWidth, geneHeight, topHeight }} {...(onGene ? { onGene } : {})} />
          </>
        }
      >
        {labels.map((_, row) => (
          <line key={row} class="guide" x1="0" x2={across} y1={(row + 0.5) * kRow} y2={(row + 0.5) * kRow} />
        ))}
        {labels.map((_, row) => (
          <g key={row}>
            {genes.map((_gene, column) => {
              const at = row * genes.length + column;
              const share = means.share[at]!;
              if (!(share >= kLeastShare)) return null;
              const [x, y] = [(column + 0.5) * columnWidth, (row + 0.5) * kRow];
              return <circle key={column} class="tone-dot" cx={x} cy={y} r={radiusOf(share)} style={{ fill: tone(scaled[at]!) }} />;
            })}
          </g>
        ))}
        {onGene && <Columns columns={genes.length} width={columnWidth} height={down} onColumn={onGene} />}
      </Plot>
      <div class="chart-legends">
        <SizeLegend title={words.sizes} radiusOf={radiusOf} width={width} />
        <RampLegend kind="tone" title={words.colours} low={words.least} high={words.most} width={width} />
      </div>
    </>
  );
}

interface ColumnsProps {
  columns: number;
  width: number; // of each
  height: number;
  onColumn: (column: number) => void;
}

// By itself, so that pointing does not draw thousands of dots again.
function Columns({ columns, width, height, onColumn }: ColumnsProps) {
  const [pointed, setPointed] = useState(-1);
  const columnAt = ({ offsetX }: MouseEvent) => Math.min(columns - 1, Math.floor(offsetX / width));
  return (
    <>
      {pointed >= 0 && (
        <rect class="chart-target pointed-column" x={pointed * width + 0.5} y="0.5" width={width - 1} height={height - 1} rx="4" />
      )}
      <rect
        class="chart-target clickable"
        x="0"
        y="0"
        width={columns * width}
        height={height}
        onPointerMove={(event) => setPointed(columnAt(event))}
        onPointerLeave={() => setPointed(-1)}
        onClick={(event) => onColumn(columnAt(event))}
      />
    </>
  );
}

interface GeneNamesProps {
  genes: readonly DotGene[];
  columnWidth: number;
  geneHeight: number;
  topHeight: number;
  onGene?: (column: number) => void;
}

function GeneNames({ genes, columnWidth, geneHeight, topHeight, onGene }: GeneNamesProps) {
  const [reached, setReached] = useState(0); // by the tab key
  const stop = Math.min(reached, genes.length - 1);
  const press = (event: KeyboardEvent, column: number) => {
    const next = placeAfter(event.key, { row: 0, column }, 1, genes.length);
    if (isPress(event)) onGene?.(column);
    else if (next) {
      setReached(next.column);
      moveFocus((event.currentTarget as Element).parentElement, `[data-column="${next.column}"]`);
    } else return;
    event.preventDefault();
  };
  return (
    <g>
      {genes.map(({ name }, column) => {
        const x = (column + 0.5) * columnWidth;
        const operable = onGene && {
          class: 'chart-button',
          role: 'button' as const,
          tabindex: column === stop ? 0 : -1,
          'aria-label': name,
          'data-column': column,
          onClick: () => onGene(column),
          onKeyDown: (event: KeyboardEvent) => press(event, column),
        };
        return (
          <g key={column} {...operable}>
            {onGene && (
              <rect class="chart-target" x={x - columnWidth / 2} y={topHeight - geneHeight} width={columnWidth} height={geneHeight} />
            )}
            <text class="chart-name" transform={`translate(${x + 4} ${topHeight - 6}) rotate(-90)`}>
              {name}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function Bracket({ x, width, y, colour }: { x: number; width: number; y: number; colour: string | undefined }) {
  const [left, right] = [x + 3, x + width - 3];
  const style = colour === undefined ? {} : { stroke: colour };
  return <path class="bracket" d={`M${left} ${y + 8}V${y + 3}H${right}V${y + 8}`} style={style} />;
}

function bracketsOf(genes: readonly DotGene[]): { label: number; first: number; end: number }[] {
  const brackets: { label: number; first: number; end: number }[] = [];
  genes.forEach(({ label }, column) => {
    const last = brackets.at(-1);
    if (label < 0) return;
    if (last && last.label === label && last.end === column) last.end++;
    else brackets.push({ label, first: column, end: column + 1 });
  });
  return brackets;
}

// Each gene from 0, where it is least expressed, to 1, as scanpy's standard_scale='var' does.
function scaledByGene(mean: Float32Array, labels: number, genes: number): Float32Array {
  const scaled = new Float32Array(mean.length);
  for (let gene = 0; gene < genes; gene++) {
    let [least, most] = [Infinity, -Infinity];
    for (let row = 0; row < labels; row++) {
      least = Math.min(least, mean[row * genes + gene]!);
      most = Math.max(most, mean[row * genes + gene]!);
    }
    for (let at = gene; at < mean.length; at += genes) scaled[at] = most > least ? (mean[at]! - least) / (most - least) : 0;
  }
  return scaled;
}

function tableOf({ labels, genes, means }: DotPlotProps): ChartTable {
  return {
    head: [words.label, ...genes.map(({ name }) => name)],
    rows: labels.map(({ name }, row) => [
      name,
      ...genes.map((_, column) => {
        const at = row * genes.length + column;
        return `${decimals(means.mean[at]!, 2)} (${percent(means.share[at]!)})`;
      }),
    ]),
  };
}
