#include "shared/counts/h5ad_encoding.h"

#include <utility>

namespace plkd::h5ad {

using hdf5::Dataset;
using hdf5::Group;

void declare(const hdf5::Object& object, const std::string& type, const std::string& version) {
  object.write_attribute("encoding-type", type);
  object.write_attribute("encoding-version", version);
}

Dataset create_texts(const Group& group, const std::string& name) {
  Dataset texts = group.create_list(name, Group::ListType::Text);
  declare(texts, "string-array", "0.2.0");
  return texts;
}

void write_category(const Group& obs, const CellColumn& column) {
  const Group group = obs.create_group(column.name);
  declare(group, "categorical", "0.2.0");
  group.write_flag_attribute("ordered", false);
  Dataset codes = group.create_list("codes", Group::ListType::Int32);
  declare(codes, "array", "0.2.0");
  codes.append(column.code);
  create_texts(group, "categories").append(column.categories);
}

Group create_dictionary(const Group& parent, const std::string& name) {
  Group made = parent.create_group(name);
  declare(made, "dict", "0.1.0");
  return made;
}

}  // namespace plkd::h5ad
