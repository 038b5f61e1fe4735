import type { Promised } from '../../protocol';
import { choices } from '../choices';
import { promised } from '../state';
import { texts } from '../texts';
import { UsedModalities } from './used_modalities';

// What may be said about the labels, in the core's own words. The place is always there, so that screen readers notice
// when words come.
export function PromiseBox() {
  return <div role="status">{promised.value && <Statement promised={promised.value} />}</div>;
}

function Statement({ promised: said }: { promised: Promised }) {
  const { labelAll } = choices.value;
  const isWarning = labelAll || said.isShifted || !said.isPromised;
  return (
    <section class={isWarning ? 'promise warning' : 'promise'} aria-label={texts.promise.title}>
      <Sign isWarning={isWarning} />
      <div>
        <p id="promise">{labelAll ? texts.promise.forced : texts.promise.statement(said)}</p>
        <UsedModalities />
      </div>
    </section>
  );
}

function Sign({ isWarning }: { isWarning: boolean }) {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8">
      {isWarning ? <path d="M12 3.5 22 20.5H2Z" stroke-linejoin="round" /> : <circle cx="12" cy="12" r="9.5" />}
      <path d={isWarning ? 'M12 10v5M12 17.3v.6' : 'M12 11v6M12 7.2v.6'} stroke-linecap="round" />
    </svg>
  );
}
