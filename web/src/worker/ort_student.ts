// The model file as onnxruntime runs it.
import type { Tensor } from 'onnxruntime-web';
import type { QueryHandle } from '../../../wasm/plkd_core';
import type { OrtDevice, OrtReady } from '../protocol';
import { valueOf } from './core';
import { bytesOfCell, createExpander } from './expand_on_gpu';
import { createEngine } from './ort';

const kOutputs = ['logits', 'latent', 'map'];
const kCells = { gpuCells: 1024, slowCells: 64 };

export interface StudentOutput {
  logits: Float32Array; // [cells x classes]
  latent: Float32Array; // [cells x latent width]
  map: Float32Array; // [cells x 2]
}

// Cells [first, end), where the device can read them.
export interface ReadyCells {
  first: number;
  end: number;
  rna: Tensor;
}

export interface OrtStudent extends OrtReady {
  // May be called while a batch that was made ready before is run, once.
  ready(query: QueryHandle, first: number, end: number): ReadyCells;
  run(cells: ReadyCells): Promise<StudentOutput>;
  release(): Promise<void>;
}

export async function createOrtStudent(model: ArrayBuffer, genes: number, device: OrtDevice): Promise<OrtStudent> {
  const engine = await createEngine(model, device, { bytesOfCell: bytesOfCell(genes), ...kCells });
  const { name, batchCells, gpu } = engine;
  const expander = gpu && createExpander(gpu, batchCells, genes);
  return {
    device: engine.device,
    name,
    batchCells,
    ready(query, first, end) {
      const rna = expander
        ? engine.fromGpu(expander.expand(valueOf(query.scaledCounts(first, end))), end - first, genes)
        : engine.fromCells(valueOf(query.expression(first, end)));
      return { first, end, rna };
    },
    async run({ rna }) {
      const [logits, latent, map] = await engine.run(rna, kOutputs);
      return { logits: logits!, latent: latent!, map: map! };
    },
    release: () => engine.release(),
  };
}
