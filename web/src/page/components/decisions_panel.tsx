import { saveSession } from '../actions/session';
import { log } from '../choices';
import { language } from '../language';
import { texts } from '../texts';
import { FileButton } from './file_button';

const words = texts.decisions;

// Every decision in order, and the way to keep them.
export function DecisionsPanel() {
  return (
    <section class="card decisions" aria-labelledby="decisions-title">
      <div class="card-head">
        <h3 id="decisions-title">{words.title}</h3>
        <div class="actions">
          <button type="button" id="save-session" class="button" onClick={saveSession}>
            {words.save}
          </button>
          <FileButton id="session-input" label={words.load} kind="cells" isPrimary={false} />
        </div>
      </div>
      <p class="quiet">{words.explain}</p>
      {log.value.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <ol class="log">
          {log.value.map(({ at, change }) => (
            <li key={at}>
              <time class="quiet" dateTime={at}>
                {new Date(at).toLocaleString(language.value)}
              </time>
              <span>{words.what(change)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
