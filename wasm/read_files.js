// Every read of a File asks the browser's own process and waits for it. So blocks are read, and the last ones kept: HDF5 goes to and fro
// between the lists of a matrix, some 50 kB at a time.
const kBlock = 1 << 18; // bytes
const kBlocksKept = 8;
const blocksOf = new WeakMap(); // of each file, by number, the one used last behind the others

function blockOf(node, number) {
  if (!blocksOf.has(node)) blocksOf.set(node, new Map());
  const blocks = blocksOf.get(node);
  let block = blocks.get(number);
  if (!block) {
    const slice = node.contents.slice(number * kBlock, Math.min(node.size, (number + 1) * kBlock));
    block = new Uint8Array(WORKERFS.reader.readAsArrayBuffer(slice));
    if (blocks.size === kBlocksKept) blocks.delete(blocks.keys().next().value);
  }
  blocks.delete(number);
  blocks.set(number, block);
  return block;
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
