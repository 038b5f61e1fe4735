// Lines of the report of run.mjs, as Markdown, and what is left to reach.
import { mean } from './runs.mjs';

const kWorstDifference = -0.03; // to the best peer, on any pair
const kEce = 0.1; // mean over pairs
const kAuroc = { 'zheng-pbmc3k': 0.9, 'pbmc3k-zheng': 0.88 };

const spread = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const percent = (value) => (100 * value).toFixed(1);
const signed = (value) => `${value < 0 ? '' : '+'}${percent(value)}`;

// The mean of a measure over seeds, null when a seed lacks it.
export function meanOf(runs, key) {
  const values = runs.map((run) => run[key]);
  return values.every(Number.isFinite) ? mean(values) : null;
}

function cell(runs, key) {
  const value = meanOf(runs, key);
  if (value === null) return '-';
  return runs.length === 1 ? percent(value) : `${percent(value)} ± ${percent(spread(runs.map((run) => run[key])))}`;
}

const withBar = (runs, key, bar) => {
  const reached = meanOf(runs, key) >= bar;
  return `${cell(runs, key)} (${percent(bar)}${reached ? '' : ' missed'})`;
};

// The peer with the best macro F1 on this pair, chosen after the fact.
export function bestPeer(peers) {
  if (!peers) return null;
  const [name, scores] = Object.entries(peers.peers).reduce((best, next) => (next[1].macro_f1 > best[1].macro_f1 ? next : best));
  return { name, ...scores };
}

export function header({ withoutTeacher, adapted }) {
  const names = ['reference -> query', 'cells', 'accuracy (bar)', 'macro F1 (bar)', 'best peer F1', 'difference', 'ECE', 'coverage'];
  names.push('accuracy at coverage', 'unknown AUROC', 'training s');
  if (withoutTeacher) names.push('accuracy without Teacher', 'F1 without Teacher');
  if (adapted) names.push('accuracy adapted (bar)', 'F1 adapted (bar)');
  return `| ${names.join(' | ')} |\n|${'---|'.repeat(names.length)}`;
}

export function line({ pair, runs, withoutTeacher, adapted, peers }) {
  const best = bestPeer(peers);
  const cells = [pair.title, runs[0].cells_known.toLocaleString('en')];
  cells.push(withBar(runs, 'accuracy', pair.bar[0]), withBar(runs, 'macro_f1', pair.bar[1]));
  cells.push(best ? `${percent(best.macro_f1)} (${best.name})` : '-');
  cells.push(best ? signed(meanOf(runs, 'macro_f1') - best.macro_f1) : '-');
  for (const key of ['ece', 'coverage', 'accuracy_at_coverage', 'unknown_auroc']) cells.push(cell(runs, key));
  cells.push(meanOf(runs, 'seconds').toFixed(0));
  if (withoutTeacher) cells.push(cell(withoutTeacher, 'accuracy'), cell(withoutTeacher, 'macro_f1'));
  if (adapted) cells.push(withBar(adapted, 'accuracy', pair.bar_adapted[0]), withBar(adapted, 'macro_f1', pair.bar_adapted[1]));
  return `| ${cells.join(' | ')} |`;
}

// What the table says about the aims, one sentence each. `reached` is false where an aim is missed.
export function verdicts(results) {
  const said = [];
  const say = (reached, text) => said.push({ reached, text: `${reached ? 'reached' : 'missed '}  ${text}` });
  for (const [key, bars] of [['runs', 'bar'], ['adapted', 'bar_adapted']]) {
    const measured = results.filter((result) => result[key]);
    if (measured.length === 0) continue;
    const below = measured.filter(({ pair, [key]: runs }) =>
      ['accuracy', 'macro_f1'].some((measure, i) => meanOf(runs, measure) < pair[bars][i]));
    say(below.length === 0, `${key === 'adapted' ? 'adapted: ' : ''}bars of ${measured.length} pairs, below on ${below.length}`);
  }
  const differences = results.filter((r) => r.peers).map((r) => meanOf(r.runs, 'macro_f1') - bestPeer(r.peers).macro_f1);
  if (differences.length > 0) {
    say(mean(differences) >= 0, `mean difference to the best peer ${signed(mean(differences))} F1, to be at least 0`);
    say(Math.min(...differences) >= kWorstDifference,
      `worst difference to the best peer ${signed(Math.min(...differences))} F1, to be at least ${percent(kWorstDifference)}`);
  }
  const eces = results.map((r) => meanOf(r.runs, 'ece')).filter((ece) => ece !== null);
  if (eces.length > 0) say(mean(eces) <= kEce, `mean ECE ${percent(mean(eces))}, to be at most ${percent(kEce)}`);
  for (const { pair, runs } of results) {
    if (kAuroc[pair.name] === undefined) continue;
    const auroc = meanOf(runs, 'unknown_auroc');
    say(auroc >= kAuroc[pair.name], `unknown AUROC of ${pair.title} ${percent(auroc)}, to be at least ${percent(kAuroc[pair.name])}`);
  }
  const teaching = results.filter((r) => r.withoutTeacher).map((r) => meanOf(r.runs, 'macro_f1') - meanOf(r.withoutTeacher, 'macro_f1'));
  if (teaching.length > 0) say(mean(teaching) > 0, `with the Teacher ${signed(mean(teaching))} F1 against without, mean over pairs`);
  return said;
}
