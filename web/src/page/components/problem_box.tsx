import { problem } from '../state';
import { texts } from '../texts';

export function ProblemBox() {
  const error = problem.value;
  return (
    <div role="alert">
      {error && (
        <section class="problem">
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="1.8" />
            <path d="M12 7v6M12 16.5v.5" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
          </svg>
          <div class="grow">
            <h2>{texts.problem.title}</h2>
            <p>{error.message}</p>
            {error.hint && (
              <p>
                <strong>{texts.problem.remedy}</strong> {error.hint}
              </p>
            )}
          </div>
          <button type="button" class="button" onClick={() => (problem.value = null)}>
            {texts.problem.dismiss}
          </button>
        </section>
      )}
    </div>
  );
}
