// A session as text and back; undo and redo.
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageModule } from './support/page_module.mjs';

const kClasses = ['B cell', 'T cell', 'NK cell'].map((name) => ({ name, ontologyId: '', referenceCells: 1 }));
const kFiles = { cells: { name: 'mine.h5ad', bytes: 5 }, model: { name: 'blood.onnx', bytes: 7 } };

test('ranges of cells are short as text and come back', async () => {
  const { writeRanges, readRanges } = await pageModule('session.ts');
  const cells = Uint32Array.from([0, 1, 2, 7, 9, 10]);
  assert.equal(writeRanges(cells), '0-2,7,9-10');
  assert.deepEqual(readRanges('0-2,7,9-10', 11), cells);
  assert.deepEqual(readRanges('0-2,7,9-99999999999', 9), cells.slice(0, 4));
  assert.deepEqual(readRanges('', 11), new Uint32Array(0));
});

test('choices survive, but for what the files at hand do not have', async () => {
  const { choicesOf, readSession, writeSession } = await pageModule('session.ts');
  const { kNothingChosen } = await pageModule('choices.ts');
  const choices = {
    ...kNothingChosen,
    errorRate: 0.01,
    excluded: [1, 2],
    without: ['adt'],
    names: { 'NK cell': 'killer' },
    accepted: ['B cell'],
    assigned: [{ cells: Uint32Array.from([3, 4, 90]), name: 'mine' }],
  };
  const log = [{ at: '2026-01-01T00:00:00Z', change: { kind: 'rename', label: 'NK cell', name: 'killer' } }];
  const session = readSession(writeSession(kFiles, choices, log, kClasses));
  assert.deepEqual(session.log, log);
  const back = choicesOf(session, kClasses.slice(0, 2), 50);
  assert.deepEqual(back.excluded, [1]);
  assert.deepEqual(back.without, ['adt']);
  const { without, ...older } = session.kept; // as sessions were before models took several modalities
  assert.deepEqual(choicesOf({ ...session, kept: older }, kClasses, 50).without, []);
  assert.deepEqual(back.names, choices.names);
  assert.deepEqual(back.assigned, [{ cells: Uint32Array.from([3, 4]), name: 'mine' }]);
  assert.equal(back.errorRate, 0.01);
});

test('text that is no session is none', async () => {
  const { readSession, writeSession } = await pageModule('session.ts');
  const { kNothingChosen } = await pageModule('choices.ts');
  const good = JSON.parse(writeSession(kFiles, kNothingChosen, [], kClasses));
  assert.ok(readSession(JSON.stringify(good)));
  for (const wrong of [{ excluded: 'B cell' }, { without: 'adt' }, { names: { a: 1 } }, { assigned: [{ name: 'a', cells: [1] }] }, { accepted: null }]) {
    assert.equal(readSession(JSON.stringify({ ...good, choices: { ...good.choices, ...wrong } })), null, JSON.stringify(wrong));
  }
  for (const text of ['', '{', '{}', 'null', '[]', '{"plkd_session": 2, "cells": {"name": "a"}, "model": {"name": "b"}, "log": []}']) {
    assert.equal(readSession(text), null, text);
  }
});

test('steps are undone and redone in order; a slider’s way is one step; a new step forgets what was undone', async () => {
  const { choose, choices, log, redo, undo } = await pageModule('choices.ts');
  for (const rate of [0.02, 0.05, 0.1]) choose({ kind: 'errorRate', rate }, { errorRate: rate });
  choose({ kind: 'labelAll', isOn: true }, { labelAll: true });
  assert.equal(undo().kind, 'labelAll');
  assert.equal(choices.value.labelAll, false);
  assert.equal(undo().kind, 'errorRate');
  assert.equal(choices.value.errorRate, null);
  assert.equal(undo(), null);
  redo();
  assert.equal(choices.value.errorRate, 0.1);
  choose({ kind: 'select', what: 'B cell' }, { selection: { kind: 'label', label: 0 } });
  assert.equal(redo(), null);
  assert.deepEqual(log.value.map(({ change }) => change.kind), ['errorRate'], 'looking is no decision');
});
