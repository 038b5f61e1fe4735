// A file of the user's that can be written to without being copied: what changes is kept in memory by pages, the rest is
// read where it lies. The result is put together from both, so a large file costs no more than its changes.
import type { FsNode, PlkdCore } from '../../../wasm/plkd_core';

const kPage = 1 << 14;

export class Overlay {
  private readonly pages = new Map<number, Uint8Array>();
  private readonly reader = new FileReaderSync();
  private bytes: number;

  constructor(private readonly base: Blob) {
    this.bytes = base.size;
  }

  get size(): number {
    return this.bytes;
  }

  resize(bytes: number): void {
    if (bytes < this.bytes) this.forget(bytes);
    this.bytes = bytes;
  }

  // How many bytes were there to be read.
  read(into: Uint8Array, position: number): number {
    const length = Math.min(into.length, Math.max(0, this.bytes - position));
    for (let done = 0; done < length; ) {
      const at = position + done;
      const [page, begin] = [Math.floor(at / kPage), at % kPage];
      const changed = this.pages.get(page);
      // Pages that nobody changed are read together.
      const end = changed ? kPage : this.endOfUnchanged(page, position + length) - page * kPage;
      const some = Math.min(length - done, end - begin);
      const part = into.subarray(done, done + some);
      if (changed) part.set(changed.subarray(begin, begin + some));
      else this.readBase(part, at);
      done += some;
    }
    return length;
  }

  write(from: Uint8Array, position: number): void {
    for (let done = 0; done < from.length; ) {
      const at = position + done;
      const begin = at % kPage;
      const some = Math.min(from.length - done, kPage - begin);
      this.changed(Math.floor(at / kPage)).set(from.subarray(done, done + some), begin);
      done += some;
    }
    this.bytes = Math.max(this.bytes, position + from.length);
  }

  toBlob(): Blob {
    const parts: BlobPart[] = [];
    for (let at = 0; at < this.bytes; ) {
      const page = at / kPage;
      const changed = this.pages.get(page);
      const end = Math.min(this.bytes, changed ? at + kPage : this.endOfUnchanged(page, this.bytes));
      if (changed) parts.push(changed.slice(0, end - at));
      else parts.push(this.base.slice(at, end), new Uint8Array(end - Math.max(at, Math.min(end, this.base.size))));
      at = end;
    }
    return new Blob(parts);
  }

  private endOfUnchanged(page: number, limit: number): number {
    let end = page;
    while (end * kPage < limit && !this.pages.has(end)) end++;
    return end * kPage;
  }

  private changed(page: number): Uint8Array {
    let bytes = this.pages.get(page);
    if (!bytes) {
      bytes = new Uint8Array(kPage);
      this.readBase(bytes, page * kPage);
      this.pages.set(page, bytes);
    }
    return bytes;
  }

  // Beyond the end of the base there are zeros.
  private readBase(into: Uint8Array, position: number): void {
    into.fill(0);
    const part = this.base.slice(position, position + into.length);
    if (part.size > 0) into.set(new Uint8Array(this.reader.readAsArrayBuffer(part)));
  }

  private forget(bytes: number): void {
    for (const [page, values] of this.pages) {
      if (page * kPage >= bytes) this.pages.delete(page);
      else if ((page + 1) * kPage > bytes) values.fill(0, bytes - page * kPage);
    }
  }
}

// Shows an overlay to the core under a path.
export function mountOverlay({ FS }: PlkdCore, path: string, overlay: Overlay): void {
  FS.writeFile(path, new Uint8Array(0));
  const { node } = FS.lookupPath(path);
  const { getattr } = node.node_ops;
  node.node_ops = {
    ...node.node_ops,
    getattr: (of: FsNode) => ({ ...getattr(of), size: overlay.size, blocks: Math.ceil(overlay.size / 4096) }),
    setattr: (_of: FsNode, { size }: { size?: number }) => {
      if (size !== undefined) overlay.resize(size);
    },
  };
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream, into, offset, length, position) => overlay.read(into.subarray(offset, offset + length), position),
    write: (_stream, from, offset, length, position) => {
      overlay.write(from.subarray(offset, offset + length), position);
      return length;
    },
    llseek: (stream, offset, whence) => offset + [0, stream.position, overlay.size][whence]!,
  };
}
