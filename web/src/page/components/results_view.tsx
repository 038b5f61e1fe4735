import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { labelEveryCell } from '../actions/decide';
import { choices, log } from '../choices';
import { whole } from '../format';
import { kUnknown, type Results } from '../results';
import { cells, type FinishedRun, isOutdated, labelCounts, run } from '../state';
import { texts } from '../texts';
import { CellTable } from './cell_table';
import { CommandPanel } from './command_panel';
import { DownloadBar } from './download_bar';
import { ErrorRateSlider } from './error_rate_slider';
import { ComparePanel } from './judge/compare_panel';
import { GenesPanel } from './judge/genes_panel';
import { LabelPanel } from './judge/label_panel';
import { PatternsPanel } from './judge/patterns_panel';
import { UnknownPanel } from './judge/unknown_panel';
import { DecisionsPanel } from './decisions_panel';
import { LabelCounts } from './label_counts';
import { MapCard } from './map_card';
import { PromiseBox } from './promise_box';
import { SelectionBar } from './selection_bar';
import { type Tab, Tabs } from './tabs';
import { VerifyPanel } from './verify_panel';
import { VotePanel } from './vote_panel';
import { WalkCard } from './walk_card';
import { WhyPanel } from './why_panel';

const words = texts.results;

type TabId = 'cells' | 'labels' | 'genes' | 'patterns' | 'own' | 'unknown' | 'decisions' | 'how' | 'again';

const chosenTab = signal<TabId>('cells');

export function ResultsView() {
  const place = useRef<HTMLDivElement>(null);
  const now = run.value;
  const found = now.status === 'done' || now.status === 'running' ? now.results : null;
  const isDone = now.status === 'done';
  // Results appear below what was looked at while waiting, often out of sight.
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (isDone) place.current?.scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth' });
  }, [isDone ? found : null]);
  return (
    <div class="results-place" ref={place}>
      <PromiseBox />
      {now.status === 'running' && now.progress && <Growing results={now.results} />}
      {now.status === 'done' && <Labels run={now} />}
    </div>
  );
}

// What is known while the rest is still being annotated.
function Growing({ results }: { results: Results }) {
  return (
    <section class="results" aria-label={words.growing}>
      <div class="results-body">
        <LabelCounts />
        <MapCard results={results} />
      </div>
      <CellTable results={results} />
    </section>
  );
}

function Labels({ run: finished }: { run: FinishedRun }) {
  const { results, elapsedSeconds, engine, settings, isStale } = finished;
  return (
    <section class="results" aria-labelledby="results-title">
      <div class="results-head">
        <div class="grow">
          <h2 id="results-title">{words.summary(results.cells, elapsedSeconds)}</h2>
          <p class="quiet" id="engine-report" data-cells={results.cells}>
            {words.how(results.cells / elapsedSeconds, engine.name)} {engine.reason}
            {settings.isAdapted && ` ${words.adapted(settings.batchColumn)}`}
          </p>
          {engine.notice && <p class="notice">{engine.notice}</p>}
          {isStale && <p class="notice">{words.stale}</p>}
          {isOutdated.value && !isStale && <p class="notice">{words.outdated}</p>}
        </div>
        <DownloadBar isStale={isStale} />
      </div>
      {!isStale && (
        <div class="card boldness">
          <ErrorRateSlider />
          <LabelAllSwitch />
        </div>
      )}
      <div class="results-body">
        <LabelCounts />
        <MapCard results={results} />
      </div>
      <SelectionBar />
      {isStale ? (
        <CellTable results={results} />
      ) : (
        <Tabs tabs={tabs()} chosen={chosenTab} label={words.tabs.label}>
          <Chosen run={finished} />
        </Tabs>
      )}
    </section>
  );
}

function tabs(): Tab<TabId>[] {
  const unknown = labelCounts.value.find(({ label }) => label === kUnknown)?.cells ?? 0;
  const hasColumns = cells.value.status === 'ready' && cells.value.summary.columns.length > 0;
  const all: (Tab<TabId> | false)[] = [
    { id: 'cells', name: words.tabs.cells },
    { id: 'labels', name: words.tabs.labels },
    { id: 'genes', name: words.tabs.genes },
    { id: 'patterns', name: words.tabs.patterns },
    hasColumns && { id: 'own', name: words.tabs.own },
    { id: 'unknown', name: words.tabs.unknown, note: whole(unknown) },
    { id: 'decisions', name: words.tabs.decisions, ...(log.value.length > 0 ? { note: whole(log.value.length) } : {}) },
    { id: 'how', name: words.tabs.how },
    { id: 'again', name: words.tabs.again },
  ];
  return all.filter((tab) => tab !== false);
}

function Chosen({ run: finished }: { run: FinishedRun }) {
  const { results } = finished;
  switch (chosenTab.value) {
    case 'cells':
      return (
        <div class="results-body">
          <WhyPanel results={results} />
          <CellTable results={results} />
        </div>
      );
    case 'labels':
      return <LabelPanel results={results} />;
    case 'genes':
      return <GenesPanel />;
    case 'patterns':
      return <PatternsPanel />;
    case 'own':
      return (
        <>
          <ComparePanel />
          <VotePanel />
        </>
      );
    case 'unknown':
      return <UnknownPanel />;
    case 'decisions':
      return <DecisionsPanel />;
    case 'how':
      return <WalkCard results={results} />;
    case 'again':
      return (
        <>
          <CommandPanel run={finished} />
          <VerifyPanel />
        </>
      );
  }
}

function LabelAllSwitch() {
  const onChange = (event: Event) => labelEveryCell((event.currentTarget as HTMLInputElement).checked);
  return (
    <label class="switch" title={words.labelAllHint}>
      <input type="checkbox" id="label-all" role="switch" checked={choices.value.labelAll} onChange={onChange} />
      <span class="track" aria-hidden="true" />
      {words.labelAll}
    </label>
  );
}
