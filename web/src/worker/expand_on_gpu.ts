// Normalises counts on the graphics card, into dense buffers that onnxruntime reads: one word crosses for an entry, half of what gene
// and value take, and 7 times less than a dense upload of blood cells. Two buffers take turns: one batch is put in place while
// another is being run.
import type { ScaledCounts } from '../../../wasm/plkd_core';

// WGSL promises of its log near 1 an absolute error of 2^-21 and no more, and 1 + x loses the digits of a small x: values of deep
// cells were off by 2e-3 of themselves. Below 1 the series of 2 atanh(x / (2 + x)) takes its place: 2e-7, whatever the driver's log.
const kShader = `
struct Shape { genes : u32, wordsPerEntry : u32 }
@group(0) @binding(0) var<storage, read> rowBegin : array<u32>;     // [cells + 1]
@group(0) @binding(1) var<storage, read> scale : array<f32>;        // [cells]
@group(0) @binding(2) var<storage, read> words : array<u32>;        // [entries x wordsPerEntry], see ScaledCounts
@group(0) @binding(3) var<storage, read_write> dense : array<f32>;  // [cells x genes], zeros before
@group(0) @binding(4) var<uniform> shape : Shape;

fn logOnePlus(x : f32) -> f32 {
  if (x >= 1.0) { return log(1.0 + x); }
  let s = x / (2.0 + x);
  let q = s * s;
  return 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q / 13.0))))));
}

// One workgroup a cell. A gene occurs at most once a cell, so no two invocations write the same place.
@compute @workgroup_size(64)
fn expand(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) lane : u32) {
  let cell = group.x;
  for (var k = rowBegin[cell] + lane; k < rowBegin[cell + 1u]; k += 64u) {
    let word = words[k * shape.wordsPerEntry];
    var gene = word & 0xffffu;
    var count = f32(word >> 16u);
    if (shape.wordsPerEntry == 2u) {
      gene = word;
      count = bitcast<f32>(words[2u * k + 1u]);
    }
    dense[cell * shape.genes + gene] = logOnePlus(count * scale[cell]);
  }
}`;

const kBuffers = 2;

// What one binding of a cell may need: two words for each gene that it expresses, or a float for each gene.
export function bytesOfCell(genes: number): number {
  return 8 * genes;
}

export interface Expander {
  // The buffer holds the expression [counts.cells x genes] once the queue gets there, until the call after next.
  expand(counts: ScaledCounts): GPUBuffer;
}

export function createExpander(device: GPUDevice, cells: number, genes: number): Expander {
  const usage = GPUBufferUsage;
  const buffer = (label: string, bytes: number, kind: number) =>
    device.createBuffer({ label: `plkd ${label}`, size: bytes, usage: kind | usage.COPY_DST });
  const dense = Array.from({ length: kBuffers }, () => buffer('expression', 4 * cells * genes, usage.STORAGE));
  const rowBegin = buffer('row begins', 4 * (cells + 1), usage.STORAGE);
  const scale = buffer('scales', 4 * cells, usage.STORAGE);
  const shape = buffer('shape', 16, usage.UNIFORM);
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: kShader }), entryPoint: 'expand' },
  });

  let words: GPUBuffer | undefined;
  let bindings: GPUBindGroup[] = [];
  // A cell may express any number of genes, so the buffer of entries grows with the largest batch so far.
  const roomFor = (needed: number): GPUBuffer => {
    if (words && words.size >= 4 * needed) return words;
    words?.destroy();
    const grown = buffer('counts', 4 * Math.max(1024, Math.min(Math.ceil(needed * 1.25), 2 * cells * genes)), usage.STORAGE);
    bindings = dense.map((into) =>
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [rowBegin, scale, grown, into, shape].map((each, binding) => ({ binding, resource: { buffer: each } })),
      }),
    );
    return (words = grown);
  };

  let turn = 0;
  return {
    expand(counts) {
      turn = (turn + 1) % kBuffers;
      const into = dense[turn]!;
      // The queue keeps the order: an earlier batch has read these small buffers before they are written again.
      device.queue.writeBuffer(roomFor(counts.words.length), 0, counts.words as BufferSource);
      device.queue.writeBuffer(rowBegin, 0, counts.rowBegin as BufferSource);
      device.queue.writeBuffer(scale, 0, counts.scale as BufferSource);
      device.queue.writeBuffer(shape, 0, new Uint32Array([genes, counts.wordsPerEntry]));
      const encoder = device.createCommandEncoder();
      encoder.clearBuffer(into, 0, 4 * counts.cells * genes);
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings[turn]!);
      pass.dispatchWorkgroups(counts.cells);
      pass.end();
      device.queue.submit([encoder.finish()]);
      return into;
    },
  };
}
