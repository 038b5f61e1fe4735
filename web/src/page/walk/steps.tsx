// The five pictures of the walk, each with two or three sentences.
import type { ComponentChildren } from 'preact';
import { type BroaderTerm, type CellType, LabelKind, type Pattern, type Walk } from '../../protocol';
import { useWidth } from '../charts/measure';
import { warmth } from '../charts/scale';
import { type Figure, Figures } from '../components/facts';
import { decimals, probability, signed, whole } from '../format';
import { texts } from '../texts';
import { labelOf, largest, type WalkLabel } from './label_of';
import { WalkLabelMark } from './walk_label';

const words = texts.walk;

const kGenes = 10;
const kPatterns = 4; // of each sign
const kTypes = 6;

export function Counts({ walk, allGenes }: { walk: Walk; allGenes: number }) {
  const shown = walk.genes.slice(0, kGenes);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  const figures: Figure[] = [
    { value: amount(walk.library), name: words.counts.library },
    { value: whole(walk.detected), name: words.counts.detected(allGenes, walk.detected / Math.max(1, allGenes)) },
  ];
  return (
    <Step sentences={[words.counts.first, words.counts.second]}>
      <Figures figures={figures} />
      {shown.length === 0 ? (
        <p class="quiet">{words.counts.none}</p>
      ) : (
        <ul class="walk-bars">
          {shown.map(({ name, count }) => (
            <li key={name}>
              <span class="clip" title={name}>
                {name}
              </span>
              <Bar share={count / most} />
              <span class="walk-number">{amount(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </Step>
  );
}

export function Normalised({ walk }: { walk: Walk }) {
  const shown = walk.genes.slice(0, kGenes);
  const most = Math.max(1e-9, ...shown.map(({ value }) => value));
  const target = targetOf(walk);
  const scaled = (value: number) => Math.expm1(value);
  const first = shown[0];
  const example =
    first && target ? [words.normalised.example(first.name, first.count, walk.library, scaled(first.value), target, first.value)] : [];
  return (
    <Step sentences={[words.normalised.first(target), words.normalised.second, ...example]}>
      {shown.length === 0 ? (
        <p class="quiet">{words.counts.none}</p>
      ) : (
        <table class="walk-table">
          <thead>
            <tr>
              <th scope="col">{words.normalised.gene}</th>
              <th scope="col">{words.normalised.count}</th>
              {target && <th scope="col">{words.normalised.of(target)}</th>}
              <th scope="col" colSpan={2}>
                {words.normalised.log}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, count, value }) => (
              <tr key={name}>
                <th scope="row" title={name}>
                  {name}
                </th>
                <td>{amount(count)}</td>
                {target && <td>{amount(scaled(value))}</td>}
                <td class="walk-table-bar" aria-hidden="true">
                  <Bar share={value / most} />
                </td>
                <td>{decimals(value, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Step>
  );
}

// Library size that cells are scaled to; null where other things were done to the values, too.
function targetOf({ genes, library }: Walk): number | null {
  const targets = genes.filter(({ count }) => count > 0).map(({ count, value }) => (Math.expm1(value) * library) / count);
  const [least, most] = [Math.min(...targets), Math.max(...targets)];
  return targets.length > 0 && most < 1.02 * least ? Number(((least + most) / 2).toPrecision(2)) : null;
}

export function Patterns({ walk, patterns }: { walk: Walk; patterns: readonly Pattern[] }) {
  const scores = walk.patterns;
  if (scores.length === 0) return <Step sentences={[words.patterns.none]} />;
  const order = largest(scores, scores.length);
  const [high, low] = [order.filter((k) => scores[k]! > 0).slice(0, kPatterns), order.filter((k) => scores[k]! < 0).slice(-kPatterns)];
  const most = Math.max(1e-9, ...[...high, ...low].map((k) => Math.abs(scores[k]!)));
  return (
    <Step sentences={[words.patterns.first(scores.length), words.patterns.second]}>
      <ul class="walk-scores">
        {[...high, ...low].map((k) => {
          const score = scores[k]!;
          const { name = words.patterns.unnamed(k + 1), topGenes = [] } = patterns[k] ?? {};
          const side = score < 0 ? { right: '50%' } : { left: '50%' };
          return (
            <li key={k}>
              <span class="walk-pattern">{name}</span>
              <span class="walk-number">{signed(score)}</span>
              <span class="walk-score" aria-hidden="true">
                <span class={score < 0 ? 'cold' : 'warm'} style={{ ...side, width: `${(50 * Math.abs(score)) / most}%` }} />
              </span>
              <span class="quiet walk-genes">{topGenes.slice(0, 6).join(' ')}</span>
            </li>
          );
        })}
      </ul>
    </Step>
  );
}

export function Hidden({ walk, clean }: { walk: Walk; clean: Walk | null }) {
  const isNoisy = clean !== null && clean.hidden.some((value, k) => value !== walk.hidden[k]);
  const strips = isNoisy ? [clean.hidden, walk.hidden] : [walk.hidden];
  const most = Math.max(1e-9, ...strips.flatMap((strip) => [...strip].map(Math.abs)));
  const width = walk.hidden.length;
  return (
    <Step sentences={[words.hidden.first(width), words.hidden.second]}>
      {isNoisy && <p class="walk-caption">{words.hidden.clean}</p>}
      {isNoisy && <Barcode values={clean.hidden} most={most} summary={words.hidden.summary(width)} />}
      {isNoisy && <p class="walk-caption">{words.hidden.noisy}</p>}
      <Barcode values={walk.hidden} most={most} summary={words.hidden.summary(width)} />
      {isNoisy && <p class="walk-caption">{words.hidden.likeness(correlation(clean.hidden, walk.hidden))}</p>}
      <p class="walk-ramp" aria-hidden="true">
        <span class="quiet">{signed(-most)}</span>
        <span />
        <span class="quiet">{signed(most)}</span>
      </p>
    </Step>
  );
}

const kStripHeight = 84;

function Barcode({ values, most, summary }: { values: Float32Array; most: number; summary: string }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const step = width / values.length;
  return (
    <div ref={box} class="walk-barcode" role="img" aria-label={summary}>
      {width > 0 && (
        <svg width={width} height={kStripHeight} aria-hidden="true">
          {[...values].map((value, k) => (
            <rect key={k} x={k * step} y="0" width={step + 0.3} height={kStripHeight} style={{ fill: warmth(value / most) }}>
              <title>{words.hidden.number(k + 1, value)}</title>
            </rect>
          ))}
        </svg>
      )}
    </div>
  );
}

// Pearson's.
function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k]! - meanA, b[k]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

interface ProbabilitiesProps {
  walk: Walk;
  classes: readonly CellType[];
  broader: readonly BroaderTerm[];
  colourOf: (label: number) => string;
}

export function Probabilities({ walk, classes, broader, colourOf }: ProbabilitiesProps) {
  const label = labelOf(walk, classes, broader);
  const shown = largest(walk.probabilities, kTypes);
  const rest = 1 - shown.reduce((sum, type) => sum + walk.probabilities[type]!, 0);
  const covered = new Set(label.kind === LabelKind.broader ? (broader[walk.label.term[0]!]?.classes ?? []) : []);
  return (
    <Step sentences={[words.probabilities.first, reasonOf(label, walk, classes)]}>
      <p class="walk-answer">
        <WalkLabelMark label={label} colourOf={colourOf} /> <span class="quiet">{probability(label.probability)}</span>
      </p>
      <ul class="walk-bars types">
        {shown.map((type) => (
          <li key={type} class={covered.has(type) ? 'covered' : ''}>
            <span class="clip" title={classes[type]?.name ?? ''}>
              {classes[type]?.name}
              {covered.has(type) && <span class="for-screen-readers"> {words.probabilities.covered(label.name)}</span>}
            </span>
            <Bar share={walk.probabilities[type]!} colour={colourOf(type)} />
            <span class="walk-number">{probability(walk.probabilities[type]!)}</span>
          </li>
        ))}
        {classes.length > shown.length && (
          <li>
            <span class="clip quiet">{words.probabilities.rest(classes.length - shown.length)}</span>
            <Bar share={Math.max(0, rest)} colour="var(--quiet)" />
            <span class="walk-number">{probability(Math.max(0, rest))}</span>
          </li>
        )}
      </ul>
    </Step>
  );
}

function reasonOf({ kind, name, probability: sure }: WalkLabel, walk: Walk, classes: readonly CellType[]): string {
  const { best, second, probability: p, secondProbability } = walk.label;
  const other = second[0]! >= 0 ? classes[second[0]!]?.name : undefined;
  switch (kind) {
    case LabelKind.type:
      return words.probabilities.type(name, probability(sure));
    case LabelKind.broader:
      return words.probabilities.broader(name, probability(sure), classes[best[0]!]?.name ?? '', probability(p[0]!));
    case LabelKind.unknown:
      return words.probabilities.unknown(name, probability(p[0]!), other ?? '', probability(secondProbability[0]!));
  }
}

function Step({ sentences, children }: { sentences: readonly string[]; children?: ComponentChildren }) {
  return (
    <div class="walk-step">
      <div class="walk-words">
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {children !== undefined && <div class="walk-picture">{children}</div>}
    </div>
  );
}

function Bar({ share, colour }: { share: number; colour?: string }) {
  const style = { width: `${100 * Math.min(1, Math.max(0, share))}%`, ...(colour === undefined ? {} : { backgroundColor: colour }) };
  return (
    <span class="walk-bar" aria-hidden="true">
      <span style={style} />
    </span>
  );
}

// Counts are whole, but some files hold parts of them.
function amount(value: number): string {
  return Number.isInteger(value) || value >= 10 ? whole(value) : decimals(value, 1);
}
