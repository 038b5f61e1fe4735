import { computed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { acceptLabel, renameLabel } from '../../actions/decide';
import { labelProfile, profileLabels } from '../../actions/judge';
import { pickLabel } from '../../actions/look';
import { Histogram } from '../../charts/histogram';
import { choices } from '../../choices';
import { percent, probability, signed, whole } from '../../format';
import { labelColour } from '../../palette';
import { kUnknown, type Results } from '../../results';
import { confidenceOf, errorRate, fileStem, labelCounts, labelName, modelName, promiseSetting, shown } from '../../state';
import { texts } from '../../texts';
import { theme } from '../../theme';
import { Dot, KindTag } from '../label_mark';
import { Spinner } from '../spinner';

const words = texts.judge;
const kBins = 20;
const kShownPatterns = 5;

interface Doubt {
  label: number;
  cells: number;
  mean: number; // confidence
  bins: Uint32Array; // cells by confidence
}

// Every label with how sure its cells are, the most doubtful first. Unknown cells have a panel of their own.
const doubts = computed<Doubt[]>(() => {
  const named = labelCounts.value.filter(({ label }) => label !== kUnknown);
  const found = new Map(named.map(({ label, cells }) => [label, { label, cells, mean: 0, bins: new Uint32Array(kBins) }]));
  shown.value.forEach((label, cell) => {
    const doubt = found.get(label);
    if (!doubt) return;
    const confidence = confidenceOf(cell);
    doubt.mean += confidence / doubt.cells;
    doubt.bins[Math.min(kBins - 1, Math.floor(confidence * kBins))]!++;
  });
  return [...found.values()].sort((a, b) => a.mean - b.mean || a.label - b.label);
});

// The labels one by one: how sure they are, what marks them, and whether a person agrees.
export function LabelPanel({ results }: { results: Results }) {
  useEffect(() => void profileLabels(), [shown.value]);
  const { selection } = choices.value;
  const wanted = selection?.kind === 'label' ? selection.label : undefined;
  const chosen = doubts.value.find(({ label }) => label === wanted) ?? doubts.value[0];
  return (
    <div class="results-body">
      <section class="card review" aria-labelledby="review-title">
        <h3 id="review-title">{words.reviewTitle}</h3>
        <p class="quiet">{words.reviewHint}</p>
        <ul>
          {doubts.value.map((doubt) => (
            <Line key={doubt.label} doubt={doubt} isChosen={doubt.label === chosen?.label} />
          ))}
        </ul>
      </section>
      {chosen && <Detail key={chosen.label} results={results} doubt={chosen} />}
    </div>
  );
}

function Line({ doubt: { label, cells, mean }, isChosen }: { doubt: Doubt; isChosen: boolean }) {
  const isAccepted = choices.value.accepted.includes(modelName(label));
  return (
    <li>
      <button type="button" class="count review-line" aria-pressed={isChosen} data-review={modelName(label)} onClick={() => !isChosen && pickLabel(label)}>
        <Dot label={label} />
        <span class="count-label">
          <span class="count-name">{labelName(label)}</span>
          <KindTag label={label} />
        </span>
        <span class="count-cells">{whole(cells)}</span>
        <span class="count-share">{probability(mean)}</span>
      </button>
      <label class="check" title={words.acceptNamed(labelName(label))}>
        <input
          type="checkbox"
          aria-label={words.acceptNamed(labelName(label))}
          checked={isAccepted}
          onChange={(event: Event) => acceptLabel(modelName(label), (event.currentTarget as HTMLInputElement).checked)}
        />
      </label>
    </li>
  );
}

function Detail({ results, doubt: { label, cells, mean, bins } }: { results: Results; doubt: Doubt }) {
  const name = labelName(label);
  const isAccepted = choices.value.accepted.includes(modelName(label));
  const least = promiseSetting.value?.leastProbability;
  const marks = !least || choices.value.labelAll ? [] : [{ at: least, name: texts.settings.errorRateOption(errorRate.value) }];
  return (
    <section class="card label-detail" aria-labelledby="label-title">
      <div class="card-head">
        <h3 id="label-title" class="why-subject">
          <Dot label={label} /> {name} <KindTag label={label} />
        </h3>
        <button
          type="button"
          id="accept"
          class={isAccepted ? 'button' : 'button primary'}
          aria-pressed={isAccepted}
          onClick={() => acceptLabel(modelName(label), !isAccepted)}
        >
          {isAccepted ? words.accepted : words.accept}
        </button>
      </div>
      <div class="label-facts">
        <p>
          {whole(cells)} {words.cells}, {words.mean} {probability(mean)}
        </p>
        <Rename label={label} />
        <p>
          {words.nearest}: {nearestLabel(results, label) ?? words.noNearest}
        </p>
      </div>
      <Histogram
        title={words.confidence(name)}
        explanation={words.confidenceHelp}
        fileName={`${fileStem()}.${name}.confidence`}
        axis={texts.table.confidence}
        series={[{ name, counts: bins, colour: labelColour(label, theme.value) }]}
        marks={marks}
      />
      <Marks label={label} />
    </section>
  );
}

function Rename({ label }: { label: number }) {
  const own = choices.value.names[modelName(label)] ?? '';
  return (
    <label class="field">
      <span>{words.rename}</span>
      <input
        id="rename"
        class="search"
        value={own}
        placeholder={modelName(label)}
        title={words.renameHint}
        onChange={(event: Event) => renameLabel(modelName(label), (event.currentTarget as HTMLInputElement).value)}
      />
    </label>
  );
}

// The type that is second choice for most of the label's cells; of a type that a broader term covers, the best one is near, too.
function nearestLabel({ columns: { best, second }, classes }: Results, label: number): string | null {
  const counts = new Uint32Array(classes.length);
  let cells = 0;
  shown.value.forEach((one, cell) => {
    if (one !== label) return;
    cells++;
    const near = best[cell] === label || label >= classes.length ? second[cell]! : best[cell]!;
    if (near >= 0) counts[near]!++;
  });
  const most = Math.max(...counts);
  return most > 0 ? words.nearestOf(labelName(counts.indexOf(most)), percent(most / cells)) : null;
}

function Marks({ label }: { label: number }) {
  const now = labelProfile.value;
  if (now === null || now === 'reading') return <Spinner label={words.reading} />;
  const group = now.labels.indexOf(label);
  const genes = now.profile.markers.filter((marker) => marker.group === group);
  const count = now.patterns.length;
  const scores = now.patterns.map(({ name }, pattern) => ({ name, score: now.profile.patternMean[group * count + pattern] ?? 0 }));
  return (
    <>
      <h4>{words.topGenes}</h4>
      <p class="quiet">{genes.length > 0 ? words.topGenesHelp : words.noGenes}</p>
      <ul class="gene-list">
        {genes.map(({ name, shareIn, shareOut }) => (
          <li key={name}>
            <strong>{name}</strong> <span class="quiet">{words.shares(percent(shareIn), percent(shareOut))}</span>
          </li>
        ))}
      </ul>
      {count > 0 && now.profile.patternMean.length > 0 && (
        <>
          <h4>{words.topPatterns}</h4>
          <ul class="gene-list">
            {scores
              .sort((a, b) => b.score - a.score)
              .slice(0, kShownPatterns)
              .map(({ name, score }) => (
                <li key={name}>
                  {name} <span class="quiet">{signed(score)}</span>
                </li>
              ))}
          </ul>
        </>
      )}
    </>
  );
}
