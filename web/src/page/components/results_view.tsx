import { useEffect, useRef } from 'preact/hooks';
import { labelEveryCell } from '../actions';
import { cells, type FinishedRun, isOutdated, labelAll, run } from '../state';
import { texts } from '../texts';
import { CellMap } from './cell_map';
import { CellTable } from './cell_table';
import { CommandPanel } from './command_panel';
import { DownloadBar } from './download_bar';
import { LabelCounts } from './label_counts';
import { PromiseBox } from './promise_box';
import { VerifyPanel } from './verify_panel';
import { VotePanel } from './vote_panel';
import { WhyPanel } from './why_panel';

const words = texts.results;

export function ResultsView() {
  const place = useRef<HTMLDivElement>(null);
  const now = run.value;
  const found = now.status === 'done' ? now.results : null;
  // Results appear below what was looked at while waiting, often out of sight.
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (found) place.current?.scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth' });
  }, [found]);
  return (
    <div class="results-place" ref={place}>
      <PromiseBox />
      {now.status === 'done' && <Labels run={now} />}
    </div>
  );
}

function Labels({ run: finished }: { run: FinishedRun }) {
  const { results, elapsedSeconds, engine, settings, isStale } = finished;
  const hasColumns = cells.value.status === 'ready' && cells.value.summary.columns.length > 0;
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
        <LabelAllSwitch />
        <DownloadBar isStale={isStale} />
      </div>
      <div class="results-body">
        <LabelCounts />
        <CellMap results={results} />
      </div>
      <div class={isStale ? '' : 'results-body'}>
        {!isStale && <WhyPanel results={results} />}
        <CellTable results={results} />
      </div>
      {!isStale && <VotePanel hasColumns={hasColumns} />}
      {!isStale && <CommandPanel run={finished} />}
      {!isStale && <VerifyPanel />}
    </section>
  );
}

function LabelAllSwitch() {
  const onChange = (event: Event) => labelEveryCell((event.currentTarget as HTMLInputElement).checked);
  return (
    <label class="switch" title={words.labelAllHint}>
      <input type="checkbox" id="label-all" role="switch" checked={labelAll.value} onChange={onChange} />
      <span class="track" aria-hidden="true" />
      {words.labelAll}
    </label>
  );
}
