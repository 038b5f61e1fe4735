// A file that changed, moved or was deleted after it was chosen makes FileReaderSync throw. A JavaScript exception would
// fly through the C code past every handler; as EIO it reaches HDF5 and the readers as a failed read.
const readSlice = WORKERFS.stream_ops.read;
WORKERFS.stream_ops.read = (...slice) => {
  try {
    return readSlice(...slice);
  } catch {
    throw new FS.ErrnoError(29);  // EIO
  }
};
