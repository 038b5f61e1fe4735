// A Teacher's file as onnxruntime runs it: the attention to every pattern, which the Student only learnt to foresee.
import type { Expression, QueryHandle, TeacherExample } from '../../../wasm/plkd_core';
import { type Asked, type OrtDevice, type OrtReady, PlkdError } from '../protocol';
import { valueOf } from './core';
import { largestDifference } from './largest_difference';
import { createEngine } from './ort';

const kCells = { gpuCells: 32, slowCells: 8 };
// Of an attention; engines differ by 1e-6, an engine that is wrong by more than the attention itself, which is about 1 / patterns.
const kTolerance = 1e-4;

export interface OrtTeacher extends OrtReady {
  file: File;
  ask(query: QueryHandle, cells: Uint32Array): Promise<Asked>;
  release(): Promise<void>;
}

// Refuses a device on which the example of the file comes out otherwise.
export async function createOrtTeacher(file: File, example: TeacherExample, device: OrtDevice): Promise<OrtTeacher> {
  const patterns = example.attention.length / example.expression.cells;
  const engine = await createEngine(await file.arrayBuffer(), device, { bytesOfCell: bytesOfAttention(patterns), ...kCells });
  const attend = async (expression: Expression) => (await engine.run(engine.fromCells(expression), ['attention']))[0]!;
  const difference = largestDifference(await attend(example.expression), example.attention);
  if (!(difference <= kTolerance)) {
    await engine.release();
    const what = `here the Teacher's attention differs by ${difference.toExponential(1)} from that of its own example`;
    throw new PlkdError('Internal', what, 'use another browser or device');
  }
  return {
    file,
    device: engine.device,
    name: engine.name,
    batchCells: engine.batchCells,
    async ask(query, cells) {
      const attention = meanOf(await attend(expressionOf(query, cells)), patterns);
      const scores = Array.from(cells, (cell) => Array.from(valueOf(query.patterns(cell, cell + 1)))).flat();
      return { cells: cells.length, attention, score: meanOf(scores, patterns) };
    },
    release: () => engine.release(),
  };
}

// All heads of all pairs of tokens, of which there are two more than patterns; models of more than 16 heads are not known.
function bytesOfAttention(patterns: number): number {
  return 4 * 16 * (patterns + 2) ** 2;
}

function expressionOf(query: QueryHandle, cells: Uint32Array): Expression {
  const parts = Array.from(cells, (cell) => valueOf(query.expression(cell, cell + 1)));
  const rowBegin = [0];
  for (const { gene } of parts) rowBegin.push(rowBegin.at(-1)! + gene.length);
  return {
    cells: cells.length,
    genes: parts[0]!.genes,
    rowBegin: Uint32Array.from(rowBegin),
    gene: Uint32Array.from(parts.flatMap(({ gene }) => Array.from(gene))),
    value: Float32Array.from(parts.flatMap(({ value }) => Array.from(value))),
  };
}

// Over cells; empty where the model scores no patterns.
function meanOf(values: ArrayLike<number>, patterns: number): Float32Array {
  const cells = values.length / patterns;
  const mean = new Float32Array(cells > 0 ? patterns : 0);
  for (let k = 0; k < values.length; k++) mean[k % patterns]! += values[k]! / cells;
  return mean;
}
