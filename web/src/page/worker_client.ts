// Owns one worker: a call becomes a message, its reply settles the promise.
import { type CallName, type Calls, PlkdError, type Reply } from '../protocol';
import workerUrl from '../worker/main.ts?worker&url';
import { texts } from './texts';

// Workers started from an address that the page made itself live under the page's content policy; one started from the address
// of its file would be free to connect anywhere.
const kWorker = URL.createObjectURL(
  new Blob([`import ${JSON.stringify(new URL(workerUrl, import.meta.url).href)};`], { type: 'text/javascript' }),
);

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export class WorkerClient {
  private readonly worker = new Worker(kWorker, { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;

  constructor() {
    this.worker.onmessage = (event: MessageEvent<Reply>) => this.settle(event.data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.rejectAll(new PlkdError('Internal', texts.problem.workerStopped, texts.problem.workerStoppedHint));
    };
  }

  get isBusy(): boolean {
    return this.waiting.size > 0;
  }

  call<Name extends CallName>(name: Name, params: Calls[Name]['params']): Promise<Calls[Name]['result']> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.worker.postMessage({ id, name, params });
    });
  }

  // Stops at once, whatever the worker is doing; calls under way reject with the reason.
  terminate(reason: unknown): void {
    this.worker.terminate();
    this.rejectAll(reason);
  }

  private settle(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new PlkdError(reply.kind, reply.message, reply.hint));
  }

  private rejectAll(reason: unknown): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of all) reject(reason);
  }
}
