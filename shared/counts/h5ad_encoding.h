#pragma once

#include <string>

#include "shared/counts/counts_reader.h"
#include "shared/counts/hdf5_file.h"

// What anndata 0.8 and later write, in the pieces that our writers need. Format: the "on-disk format" page of its documentation.
namespace plkd::h5ad {

void declare(const hdf5::Object& object, const std::string& type, const std::string& version);

hdf5::Dataset create_texts(const hdf5::Group& group, const std::string& name);  // empty

// One column of obs.
void write_category(const hdf5::Group& obs, const CellColumn& column);

// An empty dictionary, such as uns.
hdf5::Group create_dictionary(const hdf5::Group& parent, const std::string& name);

}  // namespace plkd::h5ad
