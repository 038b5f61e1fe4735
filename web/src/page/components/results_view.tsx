import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { downloadCsv } from '../actions';
import { labelAll, run } from '../state';
import { texts } from '../texts';
import { CellMap } from './cell_map';
import { CellTable } from './cell_table';
import { LabelCounts } from './label_counts';
import { VerifyPanel } from './verify_panel';

const words = texts.results;
const isPreparing = signal(false);

export function ResultsView() {
  const section = useRef<HTMLElement>(null);
  const now = run.value;
  const found = now.status === 'done' ? now.results : null;
  // Results appear below what was looked at while waiting, often out of sight.
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (found) section.current?.scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth' });
  }, [found]);
  if (now.status !== 'done') return null;
  const { results, elapsedSeconds, engine, isStale } = now;
  return (
    <section class="results" ref={section} aria-labelledby="results-title">
      <div class="results-head">
        <div class="grow">
          <h2 id="results-title">{words.summary(results.cells, elapsedSeconds)}</h2>
          <p class="quiet" id="engine-report" data-cells={results.cells}>
            {words.how(results.cells / elapsedSeconds, engine.name)} {engine.reason}
          </p>
          {engine.notice && <p class="notice">{engine.notice}</p>}
          {isStale && <p class="notice">{words.stale}</p>}
        </div>
        <LabelAllSwitch />
        <DownloadButton />
      </div>
      <div class="results-body">
        <LabelCounts />
        <CellMap results={results} />
      </div>
      <CellTable results={results} />
      {!isStale && <VerifyPanel />}
    </section>
  );
}

function LabelAllSwitch() {
  const onChange = (event: Event) => (labelAll.value = (event.currentTarget as HTMLInputElement).checked);
  return (
    <label class="switch" title={words.labelAllHint}>
      <input type="checkbox" id="label-all" role="switch" checked={labelAll.value} onChange={onChange} />
      <span class="track" aria-hidden="true" />
      {words.labelAll}
    </label>
  );
}

function DownloadButton() {
  const onClick = async () => {
    isPreparing.value = true;
    await downloadCsv();
    isPreparing.value = false;
  };
  return (
    <button type="button" id="download" class="button primary" disabled={isPreparing.value} onClick={() => void onClick()}>
      {isPreparing.value ? words.preparing : words.download}
    </button>
  );
}
