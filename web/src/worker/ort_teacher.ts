// A Teacher's file as onnxruntime runs it: the attention to every pattern, which the Student only learnt to foresee.
import type { Expression, QueryHandle, TeacherExample } from '../../../wasm/plkd_core';
import { type Asked, type OrtDevice, type OrtReady, PlkdError } from '../protocol';
import { valueOf } from './core';
import { largestDifference } from './largest_difference';
import { createEngine } from './ort';

const kCells = { gpuCells: 32, slowCells: 8 };
// Of an attention, which is about 1 / patterns: engines that are right differ by 1e-8.
const kTolerance = 1e-4;

export interface OrtTeacher extends OrtReady {
  file: File;
  ask(query: QueryHandle, cells: Uint32Array): Promise<Asked>;
  release(): Promise<void>;
}

// Fails where the example of the file comes out otherwise; the worker is of no use then.
export async function createOrtTeacher(file: File, example: TeacherExample, device: OrtDevice): Promise<OrtTeacher> {
  const patterns = example.attention.length / example.expression.cells;
  const engine = await createEngine(await file.arrayBuffer(), device, { bytesOfCell: bytesOfAttention(patterns), ...kCells });
  const attend = async (expression: Expression) => (await engine.run(engine.fromCells(expression), ['attention']))[0]!;
  const difference = largestDifference(await attend(example.expression), example.attention);
  if (!(difference <= kTolerance)) {
    const what = `here the Teacher's attention differs by ${difference.toExponential(1)} from that of its own example`;
    throw new PlkdError('Internal', what, 'use another browser or device');
  }
  return {
    file,
    device: engine.device,
    name: engine.name,
    batchCells: engine.batchCells,
    async ask(query, cells) {
      const { expression, patterns: scores } = valueOf(query.chosen(cells));
      return { cells: cells.length, attention: meanOf(await attend(expression), patterns), score: meanOf(scores, patterns) };
    },
    release: () => engine.release(),
  };
}

// All heads of all pairs of tokens, of which there are two more than patterns; a Teacher has at most 64 heads.
function bytesOfAttention(patterns: number): number {
  return 4 * 64 * (patterns + 2) ** 2;
}

// Over cells; empty where the model scores no patterns.
function meanOf(values: Float32Array, patterns: number): Float32Array {
  const cells = values.length / patterns;
  const mean = new Float32Array(cells > 0 ? patterns : 0);
  for (let k = 0; k < values.length; k++) mean[k % patterns]! += values[k]! / cells;
  return mean;
}
