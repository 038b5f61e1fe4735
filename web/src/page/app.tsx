import { useEffect, useState } from 'preact/hooks';
import { redoNext, undoLast } from './actions/decide';
import { lookForModels } from './actions/gallery';
import { addFiles, lookForExample, tryExample } from './actions/open_files';
import { keepSessions } from './actions/session';
import { Announcer } from './components/announcer';
import { CellsCard } from './components/cells_card';
import { HeroArt } from './components/hero_art';
import { Header } from './components/header';
import { MatchPanel } from './components/match_panel';
import { ModelCard } from './components/model_card';
import { NoticeBox } from './components/notice_box';
import { ProblemBox } from './components/problem_box';
import { ResultsView } from './components/results_view';
import { RunBar } from './components/run_bar';
import { isEmulated } from './map/make_painter';
import { filesOfDrop } from './sort_files';
import { exampleTitle, isKept, isLoadingExample } from './state';
import { texts } from './texts';

export function App() {
  const isDragging = useDrop();
  useEffect(() => {
    void lookForExample();
    void lookForModels();
    keepSessions();
    isEmulated(); // while there is nothing to wait for yet
  }, []);
  useUndoKeys();
  return (
    <div class="page">
      <Header />
      <main>
        <Intro />
        <ProblemBox />
        <NoticeBox />
        <div class="inputs">
          <CellsCard />
          <ModelCard />
        </div>
        <MatchPanel />
        <RunBar />
        <ResultsView />
      </main>
      <Announcer />
      {isDragging && (
        <div class="drop" aria-hidden="true">
          {texts.drop}
        </div>
      )}
    </div>
  );
}

function Intro() {
  return (
    <div class="intro">
      <HeroArt />
      <h1>{texts.headline}</h1>
      <p>{texts.intro}</p>
      <p class="privacy">
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8">
          <rect x="5" y="10.5" width="14" height="9.5" rx="2.2" />
          <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
        </svg>
        {isKept.value ? `${texts.privacy} ${texts.kept}` : texts.privacy}
      </p>
      {exampleTitle.value !== null && (
        <button type="button" id="example" class="button" disabled={isLoadingExample.value} onClick={() => void tryExample()}>
          {isLoadingExample.value ? texts.example.loading : texts.example.button(exampleTitle.value)}
        </button>
      )}
    </div>
  );
}

// The whole page takes drops; true while files hover over it.
function useDrop(): boolean {
  const [isDragging, setDragging] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setDragging(event.dataTransfer?.types.includes('Files') ?? false);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setDragging(false);
      if (event.dataTransfer) void filesOfDrop(event.dataTransfer).then((files) => addFiles(files));
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return isDragging;
}

// Ctrl+Z and Ctrl+Shift+Z or Ctrl+Y, with Command on a Mac; in a text field they belong to the text.
function useUndoKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input:not([type=range], [type=checkbox]), textarea');
      if (isTyping || !(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      if (key === 'z') (event.shiftKey ? redoNext : undoLast)();
      else if (key === 'y') redoNext();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}
