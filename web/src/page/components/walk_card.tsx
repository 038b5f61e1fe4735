import { useEffect } from 'preact/hooks';
import { addNoise, noise, sample, walk, walkAnother, walked } from '../actions/walk';
import { labelColour } from '../palette';
import type { Results } from '../results';
import { cells, pickedCell } from '../state';
import { theme } from '../theme';
import { WalkPanel } from '../walk/walk_panel';

// The picked cell, else the first, on its way through the network.
export function WalkCard({ results }: { results: Results }) {
  const now = walked.value;
  const cell = pickedCell.value ?? now?.cell ?? 0;
  useEffect(() => void walk(cell), [results, cell]);
  return (
    <section class="card">
      <WalkPanel
        walk={now?.noisy ?? null}
        clean={now?.clean ?? null}
        classes={results.classes}
        broader={results.broader}
        patterns={now?.patterns ?? []}
        cellName={now ? results.nameOf(now.cell) : ''}
        allGenes={cells.value.status === 'ready' ? cells.value.summary.genes : 0}
        colourOf={(label) => labelColour(label, theme.value)}
        noise={noise.value}
        sample={sample.value}
        onNoise={addNoise}
        onAnotherCell={() => void walkAnother()}
      />
    </section>
  );
}
