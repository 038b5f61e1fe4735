// A worker and what it has open. It can be stopped at any moment and brings itself up again when it is next needed.
import type { CallName, Calls, CountsSummary, ModelSummary, NamedFile, Places, QuerySummary, Scaling } from '../protocol';
import { WorkerClient } from './worker_client';

export interface Inputs {
  model: File;
  cells: NamedFile[];
  slot: string; // matrix of the file; '' lets the core choose
  index: Uint8Array | null; // of the cells' files, by the worker that opened them first
  orthologues: boolean; // genes may be found by their names in the other organism
  without: readonly string[]; // modalities that are set aside
  scaling: Scaling | null; // to the query's chemistry; null leaves the counts as they are
  places: Places | null; // of the types in the query; null leaves them where the reference has them
  isPossible: Uint8Array | null; // [classes], types that may be given; null for all
}

// What calls end with that a person, or a later choice, put an end to.
export class Stopped extends DOMException {
  constructor() {
    super('stopped', 'AbortError');
  }
}

// What decides how a model's features are found in the cells.
export type MatchInputs = Pick<Inputs, 'model' | 'cells' | 'slot' | 'index' | 'orthologues' | 'without'>;

export class Station {
  private client: WorkerClient | undefined;
  private model: File | undefined;
  private cells: NamedFile[] | undefined;
  private slot = '';
  private isMatched = false;
  private orthologues = false;
  private without: readonly string[] = [];
  private scaling: Scaling | null = null;
  private places: Places | null = null;
  private isPossible: Uint8Array | null = null;
  private foundPlaces: Promise<Places> | null = null; // of the query as it is matched and scaled
  private comingUp: Promise<void> = Promise.resolve();
  private lives = 0;

  get isBusy(): boolean {
    return this.client?.isBusy ?? false;
  }

  call<Name extends CallName>(name: Name, params: Calls[Name]['params']): Promise<Calls[Name]['result']> {
    this.client ??= new WorkerClient();
    return this.client.call(name, params);
  }

  async openModel(file: File): Promise<ModelSummary> {
    this.isMatched = false;
    this.model = undefined;
    const summary = await this.call('openModel', { file });
    this.model = file;
    return summary;
  }

  // Fails for another model's Teacher.
  async checkTeacher(model: File, file: File): Promise<void> {
    if (this.model !== model) await this.openModel(model);
    await this.call('checkTeacher', { file });
  }

  async openCells(files: NamedFile[], slot: string, index: Uint8Array | null = null): Promise<CountsSummary> {
    this.isMatched = false;
    this.cells = undefined;
    const summary = await this.call('openCounts', { files, slot, index });
    this.cells = files;
    this.slot = slot;
    return summary;
  }

  async match({ model, cells, slot, index, orthologues, without }: MatchInputs): Promise<QuerySummary> {
    if (this.model !== model) await this.openModel(model);
    if (this.cells !== cells || this.slot !== slot) await this.openCells(cells, slot, index);
    const summary = await this.call('openQuery', { orthologues, without });
    this.isMatched = true;
    this.foundPlaces = null;
    this.orthologues = orthologues;
    this.without = without;
    this.scaling = null;
    this.places = null;
    this.isPossible = null;
    return summary;
  }

  // One after the other, so that what is under way is not begun again; what waits when the worker is stopped is stopped, too.
  bringUp(inputs: Inputs): Promise<void> {
    const life = this.lives;
    const done = this.comingUp.then(() => {
      if (life !== this.lives) throw new Stopped();
      return this.prepare(inputs);
    });
    this.comingUp = done.catch(() => {});
    return done;
  }

  // Once, however often it is asked.
  async findPlaces(inputs: Inputs): Promise<Places> {
    await this.bringUp(inputs);
    this.foundPlaces ??= this.call('findPlaces', {});
    return this.foundPlaces;
  }

  stop(reason: unknown): void {
    this.lives++;
    this.client?.terminate(reason);
    this.client = undefined;
    this.model = undefined;
    this.cells = undefined;
    this.isMatched = false;
    this.foundPlaces = null;
  }

  private async prepare(inputs: Inputs): Promise<void> {
    const isSame =
      this.model === inputs.model &&
      this.cells === inputs.cells &&
      this.slot === inputs.slot &&
      this.orthologues === inputs.orthologues &&
      this.without.join() === inputs.without.join();
    if (!this.isMatched || !isSame) await this.match(inputs);
    if (this.scaling !== inputs.scaling) {
      this.foundPlaces = null;
      await this.call('scale', { scaling: inputs.scaling });
      this.scaling = inputs.scaling;
    }
    if (inputs.places && this.places !== inputs.places) {
      await this.call('setPlaces', { places: inputs.places });
      this.places = inputs.places;
    }
    if (this.isPossible !== inputs.isPossible) {
      await this.call('restrictTo', { isPossible: inputs.isPossible ?? new Uint8Array(0) });
      this.isPossible = inputs.isPossible;
    }
  }
}
