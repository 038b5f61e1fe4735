import { useEffect } from 'preact/hooks';
import { announcement, run } from '../state';
import { texts } from '../texts';

const kEveryMs = 3000;

// Says progress aloud now and then; the visible figures change far too often for a screen reader.
export function Announcer() {
  useEffect(() => {
    const timer = setInterval(() => {
      const now = run.peek();
      if (now.status !== 'running' || !now.progress) return;
      const { done, cellsPerSecond, secondsLeft } = now.progress;
      const parts = [texts.run.done(done, now.results.cells), texts.run.rate(cellsPerSecond), texts.run.left(secondsLeft)];
      announcement.value = parts.join(', ');
    }, kEveryMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="for-screen-readers" aria-live="polite">
      {announcement.value}
    </p>
  );
}
