import { announcement, type FinishedRun } from '../state';
import { commandOf } from '../command';
import { requestOf } from '../downloads';
import { texts } from '../texts';

const words = texts.command;

export function CommandPanel({ run }: { run: FinishedRun }) {
  const command = commandOf(requestOf(run));
  const onCopy = async () => {
    await navigator.clipboard.writeText(command);
    announcement.value = words.copied;
  };
  return (
    <section class="card command" aria-labelledby="command-title">
      <div class="card-head">
        <h3 id="command-title">{words.title}</h3>
        {/* Browsers have a clipboard for secure pages only. */}
        {'clipboard' in navigator && (
          <button type="button" id="copy-command" class="button" onClick={() => void onCopy()}>
            {words.copy}
          </button>
        )}
      </div>
      <code id="command" tabIndex={0}>
        {command}
      </code>
    </section>
  );
}
