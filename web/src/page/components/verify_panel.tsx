import { verify } from '../actions/verify';
import { verification } from '../state';
import { texts } from '../texts';
import { Spinner } from './spinner';

const words = texts.verify;

export function VerifyPanel() {
  const now = verification.value;
  return (
    <section class="card verify" aria-labelledby="verify-title">
      <div class="grow">
        <h3 id="verify-title">{words.title}</h3>
        <p class="quiet">{words.explain}</p>
        {now.status === 'running' && <Spinner label={words.running} />}
        {now.status === 'done' && (
          <p
            id="verify-result"
            role="status"
            data-device={now.verification.device}
            data-cells={now.verification.cells}
            data-same-labels={now.verification.sameLabels}
            data-max-probability={now.verification.maxProbability}
            data-max-logit={now.verification.maxLogit}
          >
            {words.result(now.verification)} {words.probability(now.verification.maxProbability)},{' '}
            {words.logit(now.verification.maxLogit)}.
            <span class="quiet">{words.device(now.verification)}</span>
          </p>
        )}
      </div>
      <button type="button" id="verify" class="button" disabled={now.status === 'running'} onClick={() => void verify()}>
        {words.button}
      </button>
    </section>
  );
}
