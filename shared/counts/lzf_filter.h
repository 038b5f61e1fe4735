#pragma once

namespace plkd::hdf5 {

// Teaches HDF5 to undo LZF, the quick compression that h5py brings along and HDF5 itself does not (filter 32000).
// Reading only. Format: https://github.com/h5py/h5py, lzf/. Calling it again does nothing.
void register_lzf_filter();

}  // namespace plkd::hdf5
