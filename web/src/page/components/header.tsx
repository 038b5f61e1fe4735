import { redoNext, undoLast } from '../actions/decide';
import { nextToRedo, nextToUndo } from '../choices';
import { chooseLanguage, kLanguageNames, language, type Language } from '../language';
import { texts } from '../texts';
import { theme, toggleTheme } from '../theme';

const kLine = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '1.8',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const;

export function Header() {
  const label = theme.value === 'dark' ? texts.theme.toLight : texts.theme.toDark;
  return (
    <header class="header">
      <span class="brand">
        <Mark />
        {texts.product}
      </span>
      <div class="header-tools">
        <History />
        <LanguageSelect />
        <button type="button" class="icon-button" aria-label={label} title={label} onClick={toggleTheme}>
          {theme.value === 'dark' ? <Sun /> : <Moon />}
        </button>
      </div>
    </header>
  );
}

// Undo and redo, once there is something to.
function History() {
  const [last, next] = [nextToUndo.value, nextToRedo.value];
  if (!last && !next) return null;
  const words = texts.decisions;
  const undoLabel = last ? words.undo(words.what(last)) : words.nothingToUndo;
  const redoLabel = next ? words.redo(words.what(next)) : words.nothingToRedo;
  return (
    <>
      <button type="button" id="undo" class="icon-button" disabled={!last} aria-label={undoLabel} title={undoLabel} onClick={undoLast}>
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" {...kLine}>
          <path d="M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9" />
        </svg>
      </button>
      <button type="button" id="redo" class="icon-button" disabled={!next} aria-label={redoLabel} title={redoLabel} onClick={redoNext}>
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" {...kLine}>
          <path d="m16 5 4 4-4 4M20 9H10a5.5 5.5 0 0 0 0 11h5" />
        </svg>
      </button>
    </>
  );
}

function LanguageSelect() {
  return (
    <select
      id="language"
      class="plain"
      aria-label={texts.language}
      value={language.value}
      onChange={(event: Event) => chooseLanguage((event.currentTarget as HTMLSelectElement).value as Language)}
    >
      {Object.entries(kLanguageNames).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

// Three cells of three types.
function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <circle cx="8" cy="8.5" r="5.5" fill="#3d4fa3" />
      <circle cx="17.5" cy="11" r="4" fill="#44aa99" />
      <circle cx="10.5" cy="18.5" r="3.5" fill="#cc6677" />
    </svg>
  );
}

function Moon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" {...kLine} />
    </svg>
  );
}

function Sun() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" {...kLine}>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4" />
    </svg>
  );
}
