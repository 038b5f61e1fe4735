import { download, stopWriting } from '../downloads';
import { writing } from '../state';
import { texts } from '../texts';
import { Spinner } from './spinner';

const words = texts.results;

// `isStale`: the files on show are others by now, so only what the page itself holds can be written.
export function DownloadBar({ isStale }: { isStale: boolean }) {
  const now = writing.value;
  return (
    <div class="downloads">
      {(['csv', 'h5ad', 'receipt'] as const).map((file) => (
        <button
          key={file}
          type="button"
          id={`download-${file}`}
          class={file === 'csv' ? 'button primary' : 'button'}
          title={words.downloadHint[file]}
          disabled={now !== null || (isStale && file !== 'csv')}
          onClick={() => void download(file)}
        >
          {words.download[file]}
        </button>
      ))}
      {now && now.file !== 'csv' && (
        <span class="writing">
          <Spinner label={words.writing(now.share)} />
          <button type="button" class="link" onClick={stopWriting}>
            {words.stopWriting}
          </button>
        </span>
      )}
    </div>
  );
}
