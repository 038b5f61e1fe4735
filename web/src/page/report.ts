// Says in the problem box what went wrong, unless somebody stopped it.
import { PlkdError } from '../protocol';
import * as state from './state';
import { Stopped } from './station';
import { stopAll } from './stations';
import { texts } from './texts';

export function report(error: unknown): void {
  if (error instanceof Stopped) return;
  // After a fault of ours, such as memory running out, nothing a worker holds can be trusted.
  if (!(error instanceof PlkdError) || error.kind === 'Internal') stopAll();
  state.problem.value =
    error instanceof PlkdError
      ? error
      : new PlkdError('Internal', error instanceof Error ? error.message : String(error), texts.problem.bug);
}
