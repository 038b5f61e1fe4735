// The second engine: the same model file run by onnxruntime-web, on WebGPU or on the processor. Loaded only when asked for
// (26 MB). Its calls must never overlap, over all sessions of one import: asyncify corrupts its heap otherwise. The worker
// answers one call at a time, which keeps that promise.
import type * as Ort from 'onnxruntime-web';
import ortUrl from '../../node_modules/onnxruntime-web/dist/ort.webgpu.min.mjs?url';
import glueUrl from '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmUrl from '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { Expression, QueryHandle } from '../../../wasm/plkd_core';
import { type OrtDevice, type OrtReady, PlkdError } from '../protocol';
import { describeAdapter, requestAdapter, requestDevice } from './adapter';
import { valueOf } from './core';
import { bytesOfCell, createExpander } from './expand_on_gpu';

const kInput = 'rna';
const kOutputs = ['logits', 'latent', 'map'];
const kGpuCells = 1024;
const kSlowCells = 64; // software adapters and the processor: small batches keep progress moving

export interface StudentOutput {
  logits: Float32Array; // [cells x classes]
  latent: Float32Array; // [cells x latent width]
  map: Float32Array; // [cells x 2]
}

// Cells [first, end), where the device can read them.
export interface ReadyCells {
  first: number;
  end: number;
  rna: Ort.Tensor;
}

export interface OrtStudent extends OrtReady {
  // May be called while a batch that was made ready before is run, once.
  ready(query: QueryHandle, first: number, end: number): ReadyCells;
  run(cells: ReadyCells): Promise<StudentOutput>;
  release(): Promise<void>;
}

export async function createOrtStudent(model: ArrayBuffer, genes: number, device: OrtDevice): Promise<OrtStudent> {
  const ort = await loadOrt();
  return device === 'webgpu' ? createOnGpu(ort, model, genes) : createOnProcessor(ort, model, genes);
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

async function createOnGpu(ort: typeof Ort, model: ArrayBuffer, genes: number): Promise<OrtStudent> {
  const adapter = await requestAdapter();
  if (!adapter) throw new PlkdError('BadInput', 'this browser offers no WebGPU adapter', 'use the WebAssembly engine');
  const { name, isSoftware } = describeAdapter(adapter);
  const device = await requestDevice(adapter);
  const batchCells = batchThatFits(device.limits, model.byteLength, genes, isSoftware ? kSlowCells : kGpuCells);
  const throwIfBroken = watch(device);
  const session = await ort.InferenceSession.create(model, { executionProviders: [{ name: 'webgpu', device }] });
  const expander = createExpander(device, batchCells, genes);
  return {
    device: 'webgpu',
    name,
    batchCells,
    ready(query, first, end) {
      const buffer = expander.expand(valueOf(query.scaledCounts(first, end)));
      return { first, end, rna: ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [end - first, genes] }) };
    },
    async run({ rna }) {
      throwIfBroken();
      const outputs = outputsOf(await session.run({ [kInput]: rna }, kOutputs));
      throwIfBroken();
      return outputs;
    },
    async release() {
      await session.release();
      device.destroy();
    },
  };
}

async function createOnProcessor(ort: typeof Ort, model: ArrayBuffer, genes: number): Promise<OrtStudent> {
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  return {
    device: 'cpu',
    name: '',
    batchCells: kSlowCells,
    ready(query, first, end) {
      const expression = toDense(valueOf(query.expression(first, end)), genes);
      return { first, end, rna: new ort.Tensor('float32', expression, [end - first, genes]) };
    },
    run: async ({ rna }) => outputsOf(await session.run({ [kInput]: rna }, kOutputs)),
    release: () => session.release(),
  };
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
function batchThatFits(limits: GPUSupportedLimits, modelBytes: number, genes: number, most: number): number {
  const room = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const needed = Math.max(modelBytes, bytesOfCell(genes));
  if (room < needed) {
    const [has, wants] = [room, needed].map((bytes) => bytes.toLocaleString('en'));
    throw new PlkdError('BadInput', `the graphics device takes at most ${has} bytes at once, and this model needs ${wants}`);
  }
  return Math.min(most, Math.floor(room / bytesOfCell(genes)));
}

function toDense({ cells, rowBegin, gene, value }: Expression, genes: number): Float32Array {
  const dense = new Float32Array(cells * genes);
  for (let cell = 0; cell < cells; cell++) {
    for (let k = rowBegin[cell]!; k < rowBegin[cell + 1]!; k++) dense[cell * genes + gene[k]!] = value[k]!;
  }
  return dense;
}

function outputsOf(outputs: Ort.InferenceSession.ReturnType): StudentOutput {
  const floats = (name: string) => {
    const data = outputs[name]?.data;
    if (data instanceof Float32Array) return data;
    throw new PlkdError('BadInput', `the model has no output '${name}' of floats`, 'train it again with this version');
  };
  return { logits: floats('logits'), latent: floats('latent'), map: floats('map') };
}
