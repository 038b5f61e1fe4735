import { askTeacher, forgetAnswer } from '../actions/ask_teacher';
import { percent, signed } from '../format';
import { asked, isFresh, teacher, type AskState } from '../state';
import { texts } from '../texts';
import { Spinner } from './spinner';

const words = texts.teacher;

// Offered with what is picked, where a Teacher is at hand.
export function TeacherAnswer() {
  if (!teacher.value?.isChecked || !isFresh.value) return null;
  const now = asked.value;
  switch (now.status) {
    case 'none':
      return (
        <div class="teacher">
          <button type="button" id="ask-teacher" class="button" onClick={() => void askTeacher()}>
            {words.ask}
          </button>
          <p class="quiet">{words.explain}</p>
        </div>
      );
    case 'running':
      return (
        <div class="teacher">
          <Spinner label={now.cells > 0 ? words.reading(now.done, now.cells) : words.starting} />
          <button type="button" id="cancel-teacher" class="button" onClick={forgetAnswer}>
            {words.cancel}
          </button>
        </div>
      );
    case 'done':
      return <Answer answer={now} />;
  }
}

function Answer({ answer }: { answer: Extract<AskState, { status: 'done' }> }) {
  const { patterns, cells, of, engine, notice } = answer;
  const most = patterns[0]?.attention ?? 1;
  return (
    <div class="teacher" id="teacher-answer" data-device={engine.device} data-cells={cells}>
      <h4>{words.title}</h4>
      <p class="quiet">{words.answer(cells, of)}</p>
      <ol class="scores">
        {patterns.map(({ pattern, attention, score }) => (
          <li key={pattern.name} data-attention={attention} data-score={score}>
            <span class="pattern-name">{pattern.name}</span>
            <span class="pattern-score">{percent(attention)}</span>
            <span class="share-bar" aria-hidden="true">
              <span style={{ width: `${(100 * attention) / most}%` }} />
            </span>
            <span class="quiet pattern-genes">
              <span class="for-screen-readers">{texts.why.genes} </span>
              {pattern.topGenes.join(' ')}
              {score !== null && ` · ${words.student(signed(score))}`}
            </span>
          </li>
        ))}
      </ol>
      <p class="quiet">{words.engine(engine)}</p>
      {notice && <p class="quiet">{notice}</p>}
    </div>
  );
}
