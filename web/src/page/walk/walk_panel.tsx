// One cell on its way through the model, from its counts to its name, in five steps; beside it, what noise does to it.
import './walk.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { BroaderTerm, CellType, Noise, Pattern, Walk } from '../../protocol';
import { Spinner } from '../components/spinner';
import { texts } from '../texts';
import { NoiseLab, type NoiseSample } from './noise_lab';
import { Counts, Hidden, Normalised, Patterns, Probabilities } from './steps';

const words = texts.walk;

const kSteps = ['counts', 'normalised', 'patterns', 'hidden', 'probabilities'] as const;
type StepName = (typeof kSteps)[number];

export interface WalkPanelProps {
  walk: Walk | null; // null: waiting
  clean: Walk | null; // the same cell without noise
  classes: readonly CellType[];
  broader: readonly BroaderTerm[];
  patterns: readonly Pattern[];
  cellName: string;
  allGenes: number; // of the file
  colourOf: (label: number) => string; // of the types, then the broader terms; -1: unknown
  noise: Noise;
  onNoise: (noise: Noise) => void;
  onAnotherCell: () => void;
  sample: NoiseSample | null;
}

export function WalkPanel(props: WalkPanelProps) {
  const { walk, cellName, onAnotherCell } = props;
  const at = useSignal(0);
  const id = useId();
  const go = (step: number) => (at.value = Math.min(kSteps.length - 1, Math.max(0, step)));
  const isLast = at.value === kSteps.length - 1;
  // Pointers of lecture halls send the page keys.
  const press = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.altKey || event.ctrlKey || event.metaKey) return;
    const way = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (way === undefined) return;
    go(at.value + way);
    event.preventDefault();
  };
  return (
    <section class="walk" aria-labelledby={id}>
      <div class="walk-head">
        <div class="grow">
          <h2 id={id}>{words.title}</h2>
          <p class="quiet">{words.explanation}</p>
          {cellName !== '' && <p class="file-name">{words.cell(cellName)}</p>}
        </div>
        <button type="button" class="button" onClick={onAnotherCell}>
          {words.another}
        </button>
      </div>
      <div class="walk-body">
        <div class="walk-main" onKeyDown={press}>
          <div class="walk-stepper">
            {kSteps.map((step, k) => (
              <Stop key={step} step={step} place={k} now={at.value} onChoose={() => go(k)}>
                {walk ? <StepOf {...props} walk={walk} step={step} /> : <Spinner label={words.waiting} />}
              </Stop>
            ))}
          </div>
          <div class="walk-ways">
            <button type="button" class="button" disabled={at.value === 0} onClick={() => go(at.value - 1)}>
              {words.back}
            </button>
            <span class="quiet" role="status">
              {words.place(at.value + 1, kSteps.length)}
              <span class="for-screen-readers">: {words.steps[kSteps[at.value]!]}</span>
            </span>
            <button type="button" class="button primary" onClick={() => go(isLast ? 0 : at.value + 1)}>
              {isLast ? words.again : words.next}
            </button>
          </div>
        </div>
        <NoiseLab {...props} />
      </div>
    </section>
  );
}

interface StopProps {
  step: StepName;
  place: number;
  now: number;
  onChoose: () => void;
  children: ComponentChildren;
}

// A row of stops above the picture on wide screens; on phones the picture is under its own stop.
function Stop({ step, place, now, onChoose, children }: StopProps) {
  const id = useId();
  const isHere = place === now;
  return (
    <>
      <button
        type="button"
        id={id}
        class={`walk-stop${isHere ? ' here' : place < now ? ' passed' : ''}`}
        aria-expanded={isHere}
        aria-controls={`${id}-panel`}
        {...(isHere ? { 'aria-current': 'step' as const } : {})}
        onClick={onChoose}
      >
        <span class="walk-dot" aria-hidden="true">
          {place + 1}
        </span>
        {words.steps[step]}
      </button>
      <div class="walk-panel" id={`${id}-panel`} role="region" aria-labelledby={id} hidden={!isHere}>
        {isHere && children}
      </div>
    </>
  );
}

function StepOf({ step, walk, clean, classes, broader, patterns, allGenes, colourOf }: WalkPanelProps & { step: StepName; walk: Walk }) {
  switch (step) {
    case 'counts':
      return <Counts walk={walk} allGenes={allGenes} />;
    case 'normalised':
      return <Normalised walk={walk} />;
    case 'patterns':
      return <Patterns walk={walk} patterns={patterns} />;
    case 'hidden':
      return <Hidden walk={walk} clean={clean} />;
    case 'probabilities':
      return <Probabilities walk={walk} classes={classes} broader={broader} colourOf={colourOf} />;
  }
}
