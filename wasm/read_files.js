// Every read of a File asks the browser's own process and waits for it, a millisecond whatever its size and longer on a busy machine. So blocks
// are read and the last ones kept: HDF5 goes to and fro between the lists of a matrix, some 50 kB at a time. Where reads have gone on
// behind each other and nothing of them was in vain, the next ones take more blocks at once.
const kBlock = 1 << 18; // bytes
const kDoublings = 2; // of the blocks that are read at once
const kBlocksKept = 16;
const kStreams = 4; // places of a file that are read on from
const readers = new WeakMap(); // of each file

class BlockReader {
  constructor(node) {
    this.node = node;
    this.blocks = new Map(); // by number, the one used last behind the others
    this.ahead = new Set(); // blocks that were read and not yet asked for
    this.runs = new Map(); // where the last of some reads began and how many there were, each behind the one before, by the block behind them
  }

  block(number) {
    if (!this.blocks.has(number)) this.fetch(number);
    this.ahead.delete(number);
    return this.keep(number, this.blocks.get(number));
  }

  fetch(number) {
    const before = this.runs.get(number);
    const reads = before && this.isUsed(before.begin, number) ? before.reads + 1 : 1;
    const count = 1 << Math.min(kDoublings, Math.max(0, reads - 2));
    const begin = number * kBlock;
    const slice = this.node.contents.slice(begin, Math.min(this.node.size, begin + count * kBlock));
    const bytes = new Uint8Array(WORKERFS.reader.readAsArrayBuffer(slice));
    this.runs.delete(number);
    this.runs.set(number + count, { begin: number, reads });
    if (this.runs.size > kStreams) this.runs.delete(this.runs.keys().next().value);
    if (bytes.length === 0) throw new Error('the file is shorter than it was');
    for (let k = Math.ceil(bytes.length / kBlock) - 1; k >= 0; --k) {
      this.ahead.add(number + k);
      this.keep(number + k, bytes.subarray(k * kBlock, (k + 1) * kBlock));
    }
  }

  isUsed(begin, end) {
    for (let number = begin; number < end; ++number) if (this.ahead.has(number)) return false;
    return true;
  }

  keep(number, block) {
    this.blocks.delete(number);
    this.blocks.set(number, block);
    if (this.blocks.size > kBlocksKept) {
      const oldest = this.blocks.keys().next().value;
      this.blocks.delete(oldest);
      this.ahead.delete(oldest);
    }
    return block;
  }
}

function blockOf(node, number) {
  if (!readers.has(node)) readers.set(node, new BlockReader(node));
  return readers.get(node).block(number);
}

// A file that changed, moved or was deleted after it was chosen makes FileReaderSync throw. A JavaScript exception would
// fly through the C code past every handler; as EIO it reaches HDF5 and the readers as a failed read.
WORKERFS.stream_ops.read = (stream, buffer, offset, length, position) => {
  const end = Math.min(position + length, stream.node.size);
  try {
    for (let at = position; at < end; ) {
      const begin = at % kBlock;
      const part = blockOf(stream.node, (at - begin) / kBlock).subarray(begin, begin + end - at);
      if (part.length === 0) throw new Error('the file is shorter than it was');
      buffer.set(part, offset + at - position);
      at += part.length;
    }
  } catch (error) {
    throw new FS.ErrnoError(29);  // EIO
  }
  return Math.max(0, end - position);
};
