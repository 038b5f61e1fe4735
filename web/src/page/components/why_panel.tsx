import { useEffect, useRef } from 'preact/hooks';
import { LabelKind } from '../../protocol';
import { pickCell, pickLabel } from '../actions/look';
import { choices } from '../choices';
import { probability, signed } from '../format';
import type { Results } from '../results';
import { confidenceOf, explains, labelKind, labelName, type PatternScore, pickedCell, selectedCells, shown, why } from '../state';
import { texts } from '../texts';
import { Dot, KindTag } from './label_mark';
import { Spinner } from './spinner';
import { TeacherAnswer } from './teacher_answer';

const words = texts.why;

// The patterns behind the picked cell, else behind the selected cells.
export function WhyPanel({ results }: { results: Results }) {
  const panel = useRef<HTMLElement>(null);
  const [cell, { selection }] = [pickedCell.value, choices.value];
  const label = cell !== null ? shown.value[cell]! : selection?.kind === 'label' ? selection.label : null;
  const isAsked = cell !== null || selection !== null;
  const answer = why.value;
  // The panel can be out of sight of what was picked; on narrow screens it is longer than they are.
  useEffect(() => {
    if (answer.status !== 'cell' && answer.status !== 'group') return;
    panel.current?.scrollIntoView({ block: matchMedia('(max-width: 860px)').matches ? 'start' : 'nearest' });
  }, [answer]);
  return (
    <section class="card why" ref={panel} aria-labelledby="why-title">
      <div class="card-head">
        <h3 id="why-title">{words.title}</h3>
        {isAsked && (
          <button type="button" class="link" onClick={() => (cell === null ? pickLabel(null) : pickCell(null))}>
            {words.close}
          </button>
        )}
      </div>
      <div class="why-body">
        {label !== null && <Subject results={results} cell={cell} label={label} />}
        {label === null && selection?.kind === 'cells' && <p class="why-subject">{words.selection(selectedCells.value, selection.what)}</p>}
        {explains.value ? <Answer /> : <p class="quiet">{words.none}</p>}
        {isAsked && <TeacherAnswer />}
      </div>
    </section>
  );
}

function Subject({ results, cell, label }: { results: Results; cell: number | null; label: number }) {
  const term = labelKind(label) === LabelKind.broader ? results.broader[label - results.classes.length] : undefined;
  return (
    <>
      <p class="why-subject">
        <Dot label={label} />
        <strong>{labelName(label)}</strong> <KindTag label={label} />
        {cell !== null && <span class="quiet">{probability(confidenceOf(cell))}</span>}
      </p>
      {cell !== null && <p class="file-name">{results.nameOf(cell)}</p>}
      {term && <p class="quiet">{words.covers(term.classes.map((type) => results.classes[type]!.name))}</p>}
    </>
  );
}

function Answer() {
  const now = why.value;
  switch (now.status) {
    case 'none':
      return <p class="quiet">{words.hint}</p>;
    case 'reading':
      return <Spinner label={words.reading} />;
    case 'cell':
      return <Scores explanation={words.ofCell} scores={now.scores} />;
    case 'group':
      if (now.scores.length === 0) return <p class="quiet">{words.noMarkers}</p>;
      return <Scores explanation={words.ofGroup(now.cells)} scores={now.scores} />;
  }
}

function Scores({ explanation, scores }: { explanation: string; scores: PatternScore[] }) {
  const most = Math.max(...scores.map(({ score }) => Math.abs(score)));
  return (
    <>
      <p class="quiet">{explanation}</p>
      <ol class="scores">
        {scores.map(({ pattern, score, auc }) => (
          <li key={pattern.name} data-score={score}>
            <span class="pattern-name">{pattern.name}</span>
            <span class="pattern-score">{signed(score)}</span>
            <span class={score < 0 ? 'score-bar negative' : 'score-bar'} aria-hidden="true">
              <span style={{ width: `${(50 * Math.abs(score)) / most}%` }} />
            </span>
            <span class="quiet pattern-genes">
              <span class="for-screen-readers">{words.genes} </span>
              {pattern.topGenes.join(' ')}
              {auc !== null && ` · ${words.auc(auc)}`}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
