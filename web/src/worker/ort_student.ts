// The model file as onnxruntime runs it.
import type { ModelSummary, QueryHandle } from '../../../wasm/plkd_core';
import type { OrtDevice, OrtReady } from '../protocol';
import { valueOf } from './core';
import { bytesOfCell, createExpander } from './expand_on_gpu';
import { createEngine, type Feeds } from './ort';

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
  feeds: Feeds;
}

export interface OrtStudent extends OrtReady {
  // May be called while a batch that was made ready before is run, once.
  ready(query: QueryHandle, first: number, end: number): ReadyCells;
  run(cells: ReadyCells): Promise<StudentOutput>;
  release(): Promise<void>;
}

type Inputs = Pick<ModelSummary, 'inputs' | 'choices'>;

// Of RNA alone counts are normalised on the graphics card; several modalities, each of which is normalised in a way of its own, come
// normalised from the core.
export async function createOrtStudent(model: ArrayBuffer, { inputs, choices }: Inputs, device: OrtDevice): Promise<OrtStudent> {
  const genes = Math.max(...inputs.map(({ features }) => features));
  const engine = await createEngine(model, device, { bytesOfCell: bytesOfCell(genes), ...kCells });
  const { name, batchCells, gpu } = engine;
  const expander = gpu && choices.length === 0 ? createExpander(gpu, batchCells, genes) : null;
  return {
    device: engine.device,
    name,
    batchCells,
    ready(query, first, end) {
      const feeds = expander
        ? engine.fromGpu(expander.expand(valueOf(query.scaledCounts(first, end))), end - first, genes)
        : engine.fromCells(valueOf(query.expression(first, end)), inputs);
      return { first, end, feeds };
    },
    async run({ feeds }) {
      const [logits, latent, map] = await engine.run(feeds, kOutputs);
      return { logits: logits!, latent: latent!, map: map! };
    },
    release: () => engine.release(),
  };
}
