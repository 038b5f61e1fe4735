// Keeps what a person decided: in this browser, by itself, and as a file, by a button.
import { effect } from '@preact/signals';
import { PlkdError } from '../../protocol';
import { beginAnew, choices, log } from '../choices';
import { stemOf } from '../format';
import { recall, remember, forget } from '../memory';
import { save } from '../save_file';
import { choicesOf, readSession, type Session, type SessionFiles, writeSession } from '../session';
import * as state from '../state';
import { texts } from '../texts';

const kKeepAfterMs = 400;

// Of a file that was dropped, until the cells and the model it is about are open.
let waiting: Session | null = null;

export async function takeSessions(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const session = readSession(await file.text());
    if (!session) throw new PlkdError('BadInput', texts.session.unreadable(file.name), texts.session.unreadableHint);
    waiting = session;
  }
  if (files.length > 0 && !restoreSession() && waiting) state.notice.value = texts.session.needs(waiting.cells.name, waiting.model.name);
}

// Takes up what was decided earlier about the files that are open now; a file goes before what the browser keeps.
export function restoreSession(): boolean {
  const open = openFiles();
  if (!open || state.model.value.status !== 'ready' || state.cells.value.status !== 'ready') return false;
  const kept = recall(keyOf(open));
  const session = waiting && isAbout(waiting, open) ? waiting : kept ? readSession(kept) : null;
  if (!session) return false;
  if (session === waiting) waiting = null;
  beginAnew(choicesOf(session, state.model.value.summary.classes, state.cells.value.summary.cells), session.log);
  state.notice.value = texts.session.restored(new Date(session.saved));
  return true;
}

export function forgetSession(): void {
  const open = openFiles();
  if (open) forget(keyOf(open));
  beginAnew({});
  state.notice.value = '';
}

export function saveSession(): void {
  const open = openFiles();
  if (open) save(new Blob([textOf(open)], { type: 'application/json' }), `${stemOf(open.cells.name)}.session.json`);
}

export function keepSessions(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const isWorthKeeping = log.value.length > 0 && choices.value !== null;
    clearTimeout(timer);
    if (!isWorthKeeping) return;
    timer = setTimeout(() => {
      const open = openFiles();
      if (open) remember(keyOf(open), textOf(open));
    }, kKeepAfterMs);
  });
}

function textOf(files: SessionFiles): string {
  const classes = state.model.value.status === 'ready' ? state.model.value.summary.classes : [];
  return writeSession(files, choices.value, log.value, classes);
}

function openFiles(): SessionFiles | null {
  const [cells, model] = [state.cells.value, state.model.value];
  if (cells.status !== 'ready' || model.status !== 'ready' || state.match.value.status !== 'ready') return null;
  return { cells: { name: cells.name, bytes: cells.bytes }, model: { name: model.name, bytes: model.bytes } };
}

function isAbout({ cells, model }: Session, open: SessionFiles): boolean {
  const isSame = (a: { name: string; bytes: number }, b: { name: string; bytes: number }) => a.name === b.name && a.bytes === b.bytes;
  return isSame(cells, open.cells) && isSame(model, open.model);
}

function keyOf({ cells, model }: SessionFiles): string {
  return `plkd-session ${cells.name} ${cells.bytes} ${model.name} ${model.bytes}`;
}
