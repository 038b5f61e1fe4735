import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairs, partsOf } from './runs.mjs';
import { bestPeer, header, line, verdicts } from './table.mjs';

const pair = { name: 'pbmc3k-zheng', title: 'one -> other', bar: [0.8, 0.7], bar_adapted: [0.9, 0.9] };
const run = (accuracy, macro_f1, unknown_auroc = 0.9) => ({ cells_known: 1234, accuracy, macro_f1, ece: 0.05, unknown_auroc, seconds: 60 });
const peers = {
  cells_known: 1234,
  peers: { LR: { accuracy: 0.9, macro_f1: 0.6 }, kNN: { accuracy: 0.7, macro_f1: 0.72 } },
};
const texts = (results) => verdicts(results).map(({ text }) => text);

test('the best peer is the one with the best macro F1', () => {
  assert.deepEqual(bestPeer(peers), { name: 'kNN', accuracy: 0.7, macro_f1: 0.72 });
  assert.equal(bestPeer(undefined), null);
});

test('a line has a cell for each column and marks a missed bar', () => {
  const result = { pair, runs: [run(0.8, 0.71), run(0.82, 0.67)], peers, adapted: [run(0.9, 0.9)], withoutTeacher: [run(0.5, 0.4)] };
  const shown = line(result);
  const columns = (text) => text.split('\n')[0].split('|').length;
  assert.equal(columns(shown), columns(header({ withoutTeacher: true, adapted: true })));
  assert.match(shown, /81\.0 ± 1\.0 \(80\.0\) \| 69\.0 ± 2\.0 \(70\.0 missed\) \| 72\.0 \(kNN\) \| -3\.0 /);
  assert.match(shown, /1,234/);
});

test('what a seed lacks is shown as missing, not as a number', () => {
  assert.match(line({ pair, runs: [{ ...run(0.9, 0.9), ece: null }] }), /\| - \| - \| - \|/);
});

test('an aim is missed as soon as its mean is below', () => {
  const good = { pair, runs: [run(0.8, 0.72)], peers };
  assert.ok(verdicts([good]).every(({ reached }) => reached));
  const bad = { pair, runs: [run(0.9, 0.68, 0.87)], peers };
  const missed = verdicts([bad]).filter(({ reached }) => !reached).map(({ text }) => text);
  assert.equal(missed.length, 4); // bar of F1, mean and worst difference, AUROC
  assert.ok(texts([good, bad]).some((text) => text.includes('mean difference to the best peer -2.0')));
});

test('a Teacher that does not help is said to miss', () => {
  const same = { pair, runs: [run(0.9, 0.8)], withoutTeacher: [run(0.9, 0.8)] };
  assert.ok(texts([same]).some((text) => text.startsWith('missed') && text.includes('Teacher')));
});

test('what is left out of a reference is what its query holds', () => {
  for (const left of pairs.filter((candidate) => candidate.leave_out)) {
    for (const { reference, query } of partsOf(left)) {
      assert.equal(reference.file, query.file);
      assert.equal(reference.drop[0], query.where[0]);
    }
  }
  assert.equal(pairs.flatMap(partsOf).length, 18);
});
