// Annotates all cells of a query: hands ranges of cells to workers, and decides which engine does the work.
import { type AdapterInfo, type AnnotatedRange, PlkdError } from '../protocol';
import type { Results } from './results';
import type { Inputs, Station } from './station';
import { texts } from './texts';

export type EngineChoice = 'auto' | 'wasm' | 'webgpu';

export interface Progress {
  done: number;
  cellsPerSecond: number;
  secondsLeft: number;
  engine: string; // that does the work
}

export interface EngineReport {
  id: string; // as receipts name it
  name: string;
  reason: string;
  notice: string; // what went wrong with the engine that was wanted; empty when nothing did
}

export interface AnnotateOptions {
  inputs: Inputs;
  choice: EngineChoice;
  stations: Station[]; // one wasm worker each
  graphics: Station;
  onProgress: (progress: Progress) => void;
}

// Loading onnxruntime takes seconds, so WebGPU is tried only when more work than this is left.
const kWorthTryingSeconds = 8;
const kFirstLookMs = 1000;
// A stuck graphics driver never answers; after this long the range goes to WebAssembly.
const kGraphicsTimeoutMs = 90_000;

interface Range {
  first: number;
  end: number;
}

// Small enough for a worker's memory and for Cancel, large enough that a call is worth it: about 4 MB at 1,000 genes a cell.
const kCallCells = 512;
// One is read while the page puts the other's labels away.
const kCallsInFlight = 2;

// Of the graphics card: while it runs one batch of a call the next is made ready, so only the first is waited for.
const kBatchesACall = 8;

class RangeQueue {
  private next = 0;
  private readonly returned: Range[] = [];

  constructor(private readonly cells: number) {}

  get left(): number {
    return this.cells - this.next;
  }

  take(size: number): Range | undefined {
    const again = this.returned.pop();
    if (again) return again;
    if (this.next >= this.cells) return undefined;
    const first = this.next;
    this.next = Math.min(this.cells, first + size);
    return { first, end: this.next };
  }

  giveBack(range: Range): void {
    this.returned.push(range);
  }

  get isEmpty(): boolean {
    return this.next >= this.cells && this.returned.length === 0;
  }
}

// Cells next to each other that one worker takes call by call: what it decompressed for one is at hand for the next.
class Stretch {
  private rest: Range = { first: 0, end: 0 };

  constructor(
    private readonly queue: RangeQueue,
    private readonly workers: number,
  ) {}

  next(): Range | undefined {
    if (this.rest.first >= this.rest.end) {
      const more = this.queue.take(stretchSize(this.queue.left, this.workers));
      if (!more) return undefined;
      this.rest = more;
    }
    const { first, end } = this.rest;
    const stop = Math.min(end, first + kCallCells);
    this.rest = { first: stop, end };
    return { first, end: stop };
  }

  giveBack(): void {
    if (this.rest.first < this.rest.end) this.queue.giveBack(this.rest);
  }
}

export async function annotateCells(results: Results, options: AnnotateOptions): Promise<EngineReport> {
  const run = new Run(results, options);
  switch (options.choice) {
    case 'webgpu':
      return run.onGraphicsThenWasm();
    case 'wasm':
      await run.onWasm(() => false);
      return run.report(texts.engine.chosen);
    case 'auto':
      return run.onWhatIsFaster();
  }
}

class Run {
  private readonly queue: RangeQueue;
  private readonly start = performance.now();
  private done = 0;
  private usedWasm = false;
  private graphicsName: string | undefined;

  constructor(
    private readonly results: Results,
    private readonly options: AnnotateOptions,
  ) {
    this.queue = new RangeQueue(results.cells);
  }

  report(reason: string, notice = ''): EngineReport {
    const wasm = texts.engine.wasm(this.options.stations.length);
    const graphics = this.graphicsName === undefined ? undefined : texts.engine.webgpu(this.graphicsName);
    if (graphics === undefined) return { id: 'wasm', name: wasm, reason, notice };
    if (!this.usedWasm) return { id: 'webgpu', name: graphics, reason, notice };
    return { id: 'wasm and webgpu', name: texts.engine.mixed(wasm, graphics), reason, notice };
  }

  async onGraphicsThenWasm(): Promise<EngineReport> {
    try {
      await this.onGraphics();
      return this.report(texts.engine.chosen);
    } catch (error) {
      const notice = this.graphicsFailed(error);
      await this.onWasm(() => false);
      return this.report('', notice);
    }
  }

  // WebAssembly starts at once. When much is left after the first cells and there is a real graphics card, both are
  // timed on the user's own cells, and the faster one goes on.
  async onWhatIsFaster(): Promise<EngineReport> {
    const adapter = await this.options.stations[0]!.call('findAdapter', {});
    const reasonAgainst = noGraphics(adapter);
    await this.onWasm(() => reasonAgainst === undefined && this.isLongWay());
    if (this.queue.isEmpty) return this.report(reasonAgainst ?? texts.engine.soonDone);
    const wasmRate = this.cellsPerSecond();
    try {
      const graphicsRate = await this.timeGraphics();
      const reason = texts.engine.measured(graphicsRate, wasmRate);
      if (graphicsRate > wasmRate) await this.onGraphics();
      else {
        this.graphicsName = undefined;
        await this.onWasm(() => false);
      }
      return this.report(reason);
    } catch (error) {
      const notice = this.graphicsFailed(error);
      await this.onWasm(() => false);
      return this.report('', notice);
    }
  }

  // Every worker takes ranges until none is left, or until `shouldPause` says to look at another engine.
  async onWasm(shouldPause: () => boolean): Promise<void> {
    if (this.queue.isEmpty) return;
    this.usedWasm = true;
    const { stations, inputs } = this.options;
    await Promise.all(
      stations.map(async (station) => {
        await station.bringUp(inputs);
        const stretch = new Stretch(this.queue, stations.length);
        await Promise.all(Array.from({ length: kCallsInFlight }, () => this.annotateOn(station, stretch, shouldPause)));
        stretch.giveBack();
      }),
    );
  }

  private async annotateOn(station: Station, stretch: Stretch, shouldPause: () => boolean): Promise<void> {
    while (!shouldPause()) {
      const range = stretch.next();
      if (!range) return;
      this.add(await station.call('annotate', { ...range, errorRates: this.results.errorRates }));
    }
  }

  private async onGraphics(): Promise<void> {
    const size = kBatchesACall * (await this.startGraphics());
    for (let range = this.queue.take(size); range; range = this.queue.take(size)) await this.rangeOnGraphics(range);
  }

  private async startGraphics(): Promise<number> {
    const { graphics, inputs } = this.options;
    await graphics.bringUp(inputs);
    const { name, batchCells } = await inTime(graphics.call('startOrt', { device: 'webgpu' }));
    this.graphicsName = name;
    return batchCells;
  }

  // The first batch compiles the shaders, so the second one is timed.
  private async timeGraphics(): Promise<number> {
    const size = await this.startGraphics();
    const [warmUp, timed] = [this.queue.take(size), this.queue.take(kBatchesACall * size)];
    if (warmUp) await this.rangeOnGraphics(warmUp);
    if (!timed) return 0;
    const start = performance.now();
    await this.rangeOnGraphics(timed);
    return (1000 * (timed.end - timed.first)) / (performance.now() - start);
  }

  private async rangeOnGraphics(range: Range): Promise<void> {
    try {
      const { graphics } = this.options;
      this.add(await inTime(graphics.call('annotateWithOrt', { ...range, errorRates: this.results.errorRates })));
    } catch (error) {
      this.queue.giveBack(range);
      throw error;
    }
  }

  // Says what happened and clears the way for WebAssembly; an error that is not about graphics is passed on.
  private graphicsFailed(error: unknown): string {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    this.options.graphics.stop(error);
    if (this.done === 0) this.graphicsName = undefined;
    return texts.engine.failed(error instanceof Error ? error.message : String(error));
  }

  private add(range: AnnotatedRange): void {
    this.results.add(range);
    this.done += range.best.length;
    const rate = this.cellsPerSecond();
    const secondsLeft = (this.results.cells - this.done) / rate;
    this.options.onProgress({ done: this.done, cellsPerSecond: rate, secondsLeft, engine: this.report('').name });
  }

  private cellsPerSecond(): number {
    return (1000 * this.done) / Math.max(1, performance.now() - this.start);
  }

  private isLongWay(): boolean {
    if (this.done === 0 || performance.now() - this.start < kFirstLookMs) return false;
    return (this.results.cells - this.done) / this.cellsPerSecond() > kWorthTryingSeconds;
  }
}

function noGraphics(adapter: AdapterInfo | null): string | undefined {
  if (!adapter) return texts.engine.noAdapter;
  return adapter.isSoftware ? texts.engine.software : undefined;
}

// The more cells are left the more at a time, so that few chunks of the file lie across a border and are read twice, and workers finish
// together.
function stretchSize(left: number, workers: number): number {
  return Math.min(8192, Math.max(128, Math.ceil(left / (4 * workers))));
}

// Settles with the call, or rejects when the graphics driver does not answer.
export async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PlkdError('Internal', texts.engine.timeout)), kGraphicsTimeoutMs);
  });
  try {
    return await Promise.race([call, expired]);
  } finally {
    clearTimeout(timer);
  }
}
