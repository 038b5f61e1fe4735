// What would have become of the cell in a poorer experiment: fewer counts, genes that are lost.
import { useId } from 'preact/hooks';
import type { BroaderTerm, CellType, Noise, Walk } from '../../protocol';
import { LineChart } from '../charts/line_chart';
import { StackedBar } from '../charts/stacked_bar';
import { probability } from '../format';
import { texts } from '../texts';
import { labelOf } from './label_of';
import { WalkLabelMark } from './walk_label';

const words = texts.walk.noise;

// What became of some cells of the file under the same noise: each is counted once, what is left has another label.
export interface NoiseSample {
  cells: number;
  same: number; // keep their label
  broader: number; // get a broader term that they had not
  unknown: number; // become unknown
  byDepth?: readonly { depth: number; same: number }[]; // share that keeps its label, dropout being the same
}

export interface NoiseLabProps {
  walk: Walk | null;
  clean: Walk | null;
  classes: readonly CellType[];
  broader: readonly BroaderTerm[];
  colourOf: (label: number) => string;
  noise: Noise;
  onNoise: (noise: Noise) => void;
  sample: NoiseSample | null;
}

const kDepths = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const kMostDropout = 0.9;

export function NoiseLab({ walk, clean, classes, broader, colourOf, noise, onNoise, sample }: NoiseLabProps) {
  const isNoisy = noise.depth < 1 || noise.dropout > 0;
  const depthAt = kDepths.reduce((best, depth, k) => (Math.abs(depth - noise.depth) < Math.abs(kDepths[best]! - noise.depth) ? k : best), 0);
  return (
    <section class="noise" aria-labelledby="noise-title">
      <h3 id="noise-title">{words.title}</h3>
      <p class="quiet">{words.explanation}</p>
      <Slider
        name={words.depth}
        value={words.depthValue(noise.depth)}
        at={depthAt}
        most={kDepths.length - 1}
        onMove={(at) => onNoise({ ...noise, depth: kDepths[at]! })}
      />
      <Slider
        name={words.dropout}
        value={words.dropoutValue(noise.dropout)}
        at={Math.round(20 * noise.dropout)}
        most={20 * kMostDropout}
        onMove={(at) => onNoise({ ...noise, dropout: at / 20 })}
      />
      <div class="noise-buttons">
        <button type="button" class="button" disabled={!isNoisy} onClick={() => onNoise({ ...noise, seed: noise.seed + 1 })}>
          {words.again}
        </button>
        <button type="button" class="button" disabled={!isNoisy} onClick={() => onNoise({ ...noise, depth: 1, dropout: 0 })}>
          {words.reset}
        </button>
      </div>
      <Comparison {...{ walk, clean, classes, broader, colourOf, isNoisy }} />
      {sample && sample.cells > 0 && <Sample sample={sample} depth={noise.depth} />}
    </section>
  );
}

interface SliderProps {
  name: string;
  value: string;
  at: number;
  most: number;
  onMove: (at: number) => void;
}

function Slider({ name, value, at, most, onMove }: SliderProps) {
  const id = useId();
  return (
    <div class="noise-slider">
      <label for={id}>{name}</label>
      <output for={id}>{value}</output>
      <input
        id={id}
        type="range"
        min="0"
        max={most}
        step="1"
        value={at}
        aria-valuetext={value}
        onInput={(event) => onMove(Number(event.currentTarget.value))}
      />
    </div>
  );
}

interface ComparisonProps {
  walk: Walk | null;
  clean: Walk | null;
  classes: readonly CellType[];
  broader: readonly BroaderTerm[];
  colourOf: (label: number) => string;
  isNoisy: boolean;
}

function Comparison({ walk, clean, classes, broader, colourOf, isNoisy }: ComparisonProps) {
  const before = clean && labelOf(clean, classes, broader);
  const after = walk && labelOf(walk, classes, broader);
  const verdict = !isNoisy || !before || !after ? words.still : before.index === after.index ? words.same : words.changed;
  const rows = [
    { name: words.clean, label: before },
    ...(isNoisy ? [{ name: words.noisy, label: after }] : []),
  ];
  return (
    <div class="noise-comparison">
      <dl>
        {rows.map(({ name, label }) => (
          <div key={name}>
            <dt class="quiet">{name}</dt>
            <dd>
              {label ? <WalkLabelMark label={label} colourOf={colourOf} /> : <span class="quiet">{words.waiting}</span>}
              {label && <span class="walk-number">{probability(label.probability)}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <p role="status">{verdict}</p>
    </div>
  );
}

function Sample({ sample, depth }: { sample: NoiseSample; depth: number }) {
  const { cells, same, broader, unknown, byDepth } = sample;
  const parts = [
    { name: words.kept, share: same / cells, colour: 'var(--accent)' },
    { name: words.broader, share: broader / cells, colour: 'var(--notice)' },
    { name: words.unknown, share: unknown / cells, colour: 'var(--quiet)' },
    { name: words.another, share: Math.max(0, cells - same - broader - unknown) / cells, colour: 'var(--problem)' },
  ];
  return (
    <>
      <h4>{words.sample(cells)}</h4>
      <StackedBar parts={parts} />
      {byDepth && byDepth.length > 1 && (
        <LineChart
          title={words.robustness}
          explanation={words.robustnessExplanation}
          fileName="robustness"
          axis={words.countsLeft}
          value={words.keep}
          points={byDepth.map((point) => ({ x: point.depth, y: point.same }))}
          here={depth}
        />
      )}
    </>
  );
}
