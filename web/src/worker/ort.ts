// The second engine: onnxruntime-web, on WebGPU or on the processor. Loaded only when asked for (26 MB). Its calls must never
// overlap, over all sessions of one import: asyncify corrupts its heap otherwise. The worker answers one call at a time and keeps
// one session, which keeps that promise.
import type * as Ort from 'onnxruntime-web';
import ortUrl from '../../node_modules/onnxruntime-web/dist/ort.webgpu.min.mjs?url';
import glueUrl from '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmUrl from '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { Expression, ModelInput } from '../../../wasm/plkd_core';
import { type OrtDevice, type OrtReady, PlkdError } from '../protocol';
import { describeAdapter, requestAdapter, requestDevice } from './adapter';

const kGenes = 'rna';

// What a graph takes of some cells, by the names of its inputs.
export type Feeds = Record<string, Ort.Tensor>;

export interface EngineOptions {
  bytesOfCell: number; // the most that a cell needs of one binding
  gpuCells: number; // in a batch
  slowCells: number; // on software adapters and the processor: small batches keep progress moving
}

export interface OrtEngine extends OrtReady {
  gpu: GPUDevice | null;
  fromGpu(buffer: GPUBuffer, cells: number, genes: number): Feeds;
  // Of a modality that was not measured all is zero: the graph makes the flags from that.
  fromCells(expression: Expression, inputs?: readonly ModelInput[]): Feeds; // by default all are genes
  run(feeds: Feeds, outputs: readonly string[]): Promise<Float32Array[]>; // in the order of their names
  release(): Promise<void>;
}

export async function createEngine(model: ArrayBuffer, device: OrtDevice, options: EngineOptions): Promise<OrtEngine> {
  const ort = await loadOrt();
  return device === 'webgpu' ? createOnGpu(ort, model, options) : createOnProcessor(ort, model, options);
}

let loading: Promise<typeof Ort> | undefined;

function loadOrt(): Promise<typeof Ort> {
  loading ??= import(/* @vite-ignore */ ortUrl).then((ort: typeof Ort) => {
    ort.env.logLevel = 'error';
    ort.env.wasm.wasmPaths = { mjs: absolute(glueUrl), wasm: absolute(wasmUrl) };
    ort.env.wasm.numThreads = 1;
    return ort;
  });
  return loading;
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}

async function createOnGpu(ort: typeof Ort, model: ArrayBuffer, options: EngineOptions): Promise<OrtEngine> {
  const adapter = await requestAdapter();
  if (!adapter) throw new PlkdError('BadInput', 'this browser offers no WebGPU adapter', 'use the WebAssembly engine');
  const { name, isSoftware } = describeAdapter(adapter);
  const gpu = await requestDevice(adapter);
  const most = isSoftware ? options.slowCells : options.gpuCells;
  const batchCells = batchThatFits(gpu.limits, model.byteLength, options.bytesOfCell, most);
  const throwIfBroken = watch(gpu);
  const session = await ort.InferenceSession.create(model, { executionProviders: [{ name: 'webgpu', device: gpu }] });
  return {
    ...onSession(ort, session),
    device: 'webgpu',
    name,
    batchCells,
    gpu,
    async run(feeds, outputs) {
      throwIfBroken();
      const values = await runSession(session, feeds, outputs);
      throwIfBroken();
      return values;
    },
    async release() {
      await session.release();
      gpu.destroy();
    },
  };
}

async function createOnProcessor(ort: typeof Ort, model: ArrayBuffer, { slowCells }: EngineOptions): Promise<OrtEngine> {
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  return {
    ...onSession(ort, session),
    device: 'cpu',
    name: '',
    batchCells: slowCells,
    gpu: null,
    run: (feeds, outputs) => runSession(session, feeds, outputs),
  };
}

function onSession(ort: typeof Ort, session: Ort.InferenceSession) {
  return {
    fromGpu: (buffer: GPUBuffer, cells: number, genes: number) => ({
      [kGenes]: ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [cells, genes] }),
    }),
    fromCells: (expression: Expression, inputs: readonly ModelInput[] = [{ name: kGenes, first: 0, features: expression.genes }]) =>
      Object.fromEntries(
        inputs.map((input) => [input.name, new ort.Tensor('float32', toDense(expression, input), [expression.cells, input.features])]),
      ),
    release: () => session.release(),
  };
}

async function runSession(session: Ort.InferenceSession, feeds: Feeds, names: readonly string[]): Promise<Float32Array[]> {
  const outputs = await session.run(feeds, names);
  return names.map((name) => {
    const data = outputs[name]?.data;
    if (data instanceof Float32Array) return data;
    throw new PlkdError('BadInput', `the model has no output '${name}' of floats`, 'train it again with this version');
  });
}

// What goes wrong on a device is told to it alone, beside whatever call is under way: a run may end with wrong numbers instead.
function watch(device: GPUDevice): () => void {
  let wrong: string | undefined;
  void device.lost.then((info) => (wrong ??= `the graphics device was lost: ${info.message || info.reason}`));
  device.addEventListener('uncapturederror', ({ error }) => (wrong ??= `the graphics device refused a step: ${error.message}`));
  return () => {
    if (wrong !== undefined) throw new PlkdError('Internal', wrong);
  };
}

// The model's weights, taken together to be safe, must fit a binding, too: where they do not, nothing throws and numbers are wrong.
function batchThatFits(limits: GPUSupportedLimits, modelBytes: number, bytesOfCell: number, most: number): number {
  const room = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const needed = Math.max(modelBytes, bytesOfCell);
  if (room < needed) {
    const [has, wants] = [room, needed].map((bytes) => bytes.toLocaleString('en'));
    throw new PlkdError('BadInput', `the graphics device takes at most ${has} bytes at once, and this model needs ${wants}`);
  }
  return Math.min(most, Math.floor(room / bytesOfCell));
}

// Features of one input; genes of a cell ascend.
function toDense({ cells, rowBegin, gene, value }: Expression, { first, features }: ModelInput): Float32Array {
  const dense = new Float32Array(cells * features);
  for (let cell = 0; cell < cells; cell++) {
    for (let k = rowBegin[cell]!; k < rowBegin[cell + 1]!; k++) {
      const feature = gene[k]! - first;
      if (feature >= 0 && feature < features) dense[cell * features + feature] = value[k]!;
    }
  }
  return dense;
}
