// The second engine: the same model file run by onnxruntime-web, on WebGPU or on the processor. Loaded only when asked for
// (26 MB). Its calls must never overlap, over all sessions of one import: asyncify corrupts its heap otherwise. The worker
// answers one call at a time, which keeps that promise.
import type * as Ort from 'onnxruntime-web';
import ortUrl from '../../node_modules/onnxruntime-web/dist/ort.webgpu.min.mjs?url';
import glueUrl from '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmUrl from '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { Expression } from '../../../wasm/plkd_core';
import { type OrtDevice, type OrtReady, PlkdError } from '../protocol';
import { describeAdapter, requestAdapter, requestDevice } from './adapter';
import { createExpander } from './expand_on_gpu';

const kInput = 'rna';
const kOutputs = ['logits', 'latent', 'map'];
const kGpuCells = 1024;
const kSlowCells = 64; // software adapters and the processor: small batches keep progress moving

export interface StudentOutput {
  logits: Float32Array; // [cells x classes]
  latent: Float32Array; // [cells x latent width]
  map: Float32Array; // [cells x 2]
}

export interface OrtStudent extends OrtReady {
  run(expression: Expression): Promise<StudentOutput>;
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
  let lost: string | undefined;
  void device.lost.then((info) => (lost = info.message || info.reason));
  const session = await ort.InferenceSession.create(model, { executionProviders: [{ name: 'webgpu', device }] });
  const batchCells = isSoftware ? kSlowCells : batchThatFits(device, genes);
  const expander = createExpander(device, batchCells, genes);
  return {
    device: 'webgpu',
    name,
    batchCells,
    async run(expression) {
      if (lost !== undefined) throw new PlkdError('Internal', `the graphics device was lost: ${lost}`);
      const dims = [expression.cells, genes];
      const rna = ort.Tensor.fromGpuBuffer(expander.expand(expression), { dataType: 'float32', dims });
      return outputsOf(await session.run({ [kInput]: rna }, kOutputs));
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
    async run(expression) {
      const rna = new ort.Tensor('float32', toDense(expression, genes), [expression.cells, genes]);
      return outputsOf(await session.run({ [kInput]: rna }, kOutputs));
    },
    release: () => session.release(),
  };
}

function batchThatFits(device: GPUDevice, genes: number): number {
  const most = Math.floor(device.limits.maxStorageBufferBindingSize / (4 * genes));
  return Math.max(1, Math.min(kGpuCells, most));
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
