// Loads the compiled core and unwraps its results: a failed Result becomes a PlkdError.
import createPlkdCore from 'plkd-core/plkd_core.mjs';
import type { PlkdCore, Result } from '../../../wasm/plkd_core';
import wasmUrl from 'plkd-core/plkd_core.wasm?url';
import { PlkdError } from '../protocol';

let loading: Promise<PlkdCore> | undefined;

export function loadCore(): Promise<PlkdCore> {
  loading ??= createPlkdCore({ locateFile: () => wasmUrl });
  return loading;
}

export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new PlkdError(result.kind, result.message, result.hint);
}
