import { fitOf, gallery, loading, stored, suggestion, type Suggestion, useModel } from '../actions/gallery';
import { megabytes, percent, whole } from '../format';
import { type GalleryEntry, linkTo } from '../gallery';
import { announcement, isRunning, model } from '../state';
import { texts } from '../texts';
import { Spinner } from './spinner';

const words = texts.gallery;

// The models that lie beside the page; with the cells at hand each says how well it fits. Open by itself when none of them does.
export function ModelGallery() {
  if (gallery.value.length === 0) return null;
  const now = model.value;
  return (
    <>
      <Trying />
      <details class="gallery" id="gallery" open={suggestion.value.status === 'done' && suggestion.value.best === null}>
        <summary>{now.status === 'empty' ? words.title(gallery.value.length) : words.others}</summary>
        <ul>
          {gallery.value.map((entry) => (
            <Entry key={entry.file} entry={entry} isOpen={now.status !== 'empty' && now.name === entry.file} />
          ))}
        </ul>
      </details>
    </>
  );
}

function Trying() {
  const now = suggestion.value;
  switch (now.status) {
    case 'none':
      return null;
    case 'trying':
      return <Spinner label={words.trying(now.entry.name)} />;
    case 'done':
      return (
        <p class="suggestion" role="status">
          {now.best ? words.best(now.best.entry.name, percent(now.best.fit.genes), percent(now.best.fit.likeness)) : words.noneFits}
        </p>
      );
  }
}

function Entry({ entry, isOpen }: { entry: GalleryEntry; isOpen: boolean }) {
  const isStored = stored.value.has(entry.file);
  const found = suggestion.value.status === 'done' ? suggestion.value.fits.find((one) => one.entry.file === entry.file) : undefined;
  return (
    <li>
      <div class="gallery-entry">
        <strong>{entry.name}</strong>
        <span class="quiet">{words.made(entry.organism, entry.tissue)}</span>
        <span class="quiet">
          {words.types(entry.types.length)}, {words.score(percent(entry.macro_f1))}, {megabytes(entry.bytes)}
          {isStored && <span class="tag stored">{words.stored}</span>}
        </span>
        {found && <FitLine found={found} />}
        <details>
          <summary>{words.which}</summary>
          <p class="quiet">{entry.types.join(', ')}</p>
          <p class="quiet">
            {words.learnt(whole(entry.cells), whole(entry.genes), entry.licence)} <CopyLink entry={entry} />
          </p>
        </details>
      </div>
      <button
        type="button"
        class="button"
        data-model={entry.file}
        disabled={loading.value !== null || isRunning.value || isOpen}
        aria-label={words.useNamed(entry.name)}
        onClick={() => void useModel(entry)}
      >
        {isOpen ? words.inUse : loading.value === entry.file ? words.loading : words.use}
      </button>
    </li>
  );
}

function FitLine({ found: { fit } }: { found: Suggestion }) {
  return (
    <span class="fit">
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${100 * fitOf(fit)}%` }} />
      </span>
      {fit.passes ? words.fit(percent(fit.genes), percent(fit.likeness)) : words.misfit(percent(fit.genes))}
    </span>
  );
}

function CopyLink({ entry }: { entry: GalleryEntry }) {
  if (!('clipboard' in navigator)) return null;
  const onCopy = async () => {
    await navigator.clipboard.writeText(linkTo(entry));
    announcement.value = words.linkCopied;
  };
  return (
    <button type="button" class="link" onClick={() => void onCopy()}>
      {words.copyLink}
    </button>
  );
}
