#include "shared/counts/hdf5_file.h"

#include "shared/counts/lzf_filter.h"
#include "shared/error.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

namespace plkd::hdf5 {
namespace {

constexpr const char* kDamaged = "the file is damaged or was not written to its end: copy or download it again";
constexpr hsize_t kNumberChunk = 1 << 16;  // elements of a list we write
constexpr hsize_t kTextChunk = 1 << 9;     // not compressed, so a short list should not fill a long chunk
constexpr std::int64_t kMostTexts = 1 << 20;  // in one attribute
constexpr std::size_t kLeastCache = std::size_t{4} << 20;
constexpr std::size_t kMostCache = std::size_t{256} << 20;

// HDF5 prints its error stack unless told not to, per thread.
void quieten() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

herr_t keep_innermost(unsigned depth, const H5E_error2_t* entry, void* text) {
  if (depth == 0 && entry->desc) std::snprintf(static_cast<char*>(text), 256, "%s", entry->desc);
  return 0;
}

// What went wrong first, in HDF5's words.
std::string innermost_error() {
  std::array<char, 256> text{};
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, text.data());
  return text.data();
}

[[noreturn]] void fail_at(const std::string& file, const std::string& name, const std::string& problem,
                          const std::string& hint) {
  const std::string where = name.empty() ? file + ": " : file + ": '" + name + "' ";
  throw Error(ErrorKind::BadInput, where + problem, hint);
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), H5T_VARIABLE);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

Handle scalar_space() { return {H5Screate(H5S_SCALAR), H5Sclose}; }

Handle list_space(std::int64_t count) {
  const hsize_t length = static_cast<hsize_t>(count);
  return {H5Screate_simple(1, &length, nullptr), H5Sclose};
}

std::string trimmed(const char* text, std::size_t size, H5T_str_t padding) {
  std::size_t length = strnlen(text, size);
  if (padding == H5T_STR_SPACEPAD) {
    while (length > 0 && text[length - 1] == ' ') --length;
  }
  return std::string(text, length);
}

// Reads `count` texts of either kind; `read` does the H5Dread or H5Aread into the buffer it is given.
template <typename Read>
std::optional<std::vector<std::string>> read_text_buffer(hid_t file_type, std::int64_t count, Read read) {
  const auto n = static_cast<std::size_t>(count);
  const Handle type(H5Tcopy(file_type), H5Tclose);
  std::vector<std::string> texts(n);
  if (n == 0) return texts;
  if (H5Tis_variable_str(file_type) > 0) {
    std::vector<char*> pointers(n, nullptr);
    const bool done = read(type.id(), pointers.data()) >= 0;
    for (std::size_t i = 0; done && i < n; ++i) texts[i] = pointers[i] ? pointers[i] : "";
    const Handle space = list_space(count);
    H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, pointers.data());
    if (!done) return std::nullopt;
    return texts;
  }
  const std::size_t size = H5Tget_size(file_type);
  std::vector<char> bytes(n * size);
  if (read(type.id(), bytes.data()) < 0) return std::nullopt;
  const H5T_str_t padding = H5Tget_strpad(file_type);
  for (std::size_t i = 0; i < n; ++i) texts[i] = trimmed(bytes.data() + i * size, size, padding);
  return texts;
}

std::int64_t points_of(hid_t space) { return static_cast<std::int64_t>(H5Sget_simple_extent_npoints(space)); }

Handle record_of(const std::string& field, hid_t type) {
  Handle record(H5Tcreate(H5T_COMPOUND, H5Tget_size(type)), H5Tclose);
  H5Tinsert(record.id(), field.c_str(), 0, type);
  return record;
}

// A chunk that does not fit HDF5's cache would be decompressed again for every slice that touches it.
Handle access_with_cache(hid_t dataset) {
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  if (H5Pget_layout(creation.id()) != H5D_CHUNKED) return access;
  std::array<hsize_t, H5S_MAX_RANK> chunk{};
  const int rank = H5Pget_chunk(creation.id(), H5S_MAX_RANK, chunk.data());
  const Handle type(H5Dget_type(dataset), H5Tclose);
  double bytes = static_cast<double>(H5Tget_size(type.id()));
  for (int i = 0; i < rank; ++i) bytes *= static_cast<double>(chunk[static_cast<std::size_t>(i)]);
  const double wanted = std::clamp(2 * bytes, static_cast<double>(kLeastCache), static_cast<double>(kMostCache));
  H5Pset_chunk_cache(access.id(), 1009, static_cast<std::size_t>(wanted), 1.0);
  return access;
}

// Name of a compression this build of HDF5 cannot undo; empty when there is none.
std::string missing_filter(hid_t dataset) {
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  const int filters = H5Pget_nfilters(creation.id());
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0;
    unsigned config = 0;
    std::size_t parameters = 0;
    std::array<char, 64> name{};
    const H5Z_filter_t filter = H5Pget_filter2(creation.id(), static_cast<unsigned>(i), &flags, &parameters,
                                               nullptr, name.size() - 1, name.data(), &config);
    if (filter < 0 || H5Zfilter_avail(filter) > 0) continue;
    return name[0] ? name.data() : "filter " + std::to_string(filter);
  }
  return "";
}

std::vector<std::int64_t> extent_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.id());
  if (rank <= 0) return {};
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space.id(), sizes.data(), nullptr);
  return {sizes.begin(), sizes.end()};
}

}  // namespace

Handle::Handle(Handle&& other) noexcept
    : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(close_, other.close_);
  return *this;
}

Handle::~Handle() {
  if (id_ >= 0 && close_) close_(id_);
}

Object::Object(std::string file, std::string name, Handle handle)
    : file_(std::move(file)), name_(std::move(name)), handle_(std::move(handle)) {
  quieten();
}

void Object::fail(const std::string& problem, const std::string& hint) const {
  fail_at(file_, name_, problem, hint);
}

bool Object::has_attribute(const std::string& attribute) const {
  return H5Aexists(id(), attribute.c_str()) > 0;
}

Handle Object::open_attribute(const std::string& attribute) const {
  if (!has_attribute(attribute)) return {};
  return {H5Aopen(id(), attribute.c_str(), H5P_DEFAULT), H5Aclose};
}

std::vector<std::string> Object::texts_attribute(const std::string& attribute) const {
  const Handle opened = open_attribute(attribute);
  if (!opened.valid()) return {};
  const Handle type(H5Aget_type(opened.id()), H5Tclose);
  const Handle space(H5Aget_space(opened.id()), H5Sclose);
  const std::int64_t count = points_of(space.id());
  if (H5Tget_class(type.id()) != H5T_STRING || count <= 0 || count > kMostTexts) return {};
  auto texts = read_text_buffer(type.id(), count, [&](hid_t memory_type, void* values) {
    return H5Aread(opened.id(), memory_type, values);
  });
  if (!texts) fail("has an attribute '" + attribute + "' that cannot be read", kDamaged);
  return *texts;
}

std::optional<std::string> Object::text_attribute(const std::string& attribute) const {
  const std::vector<std::string> texts = texts_attribute(attribute);
  if (texts.empty()) return std::nullopt;
  return texts.front();
}

std::vector<std::int64_t> Object::whole_numbers_attribute(const std::string& attribute) const {
  const Handle opened = open_attribute(attribute);
  if (!opened.valid()) return {};
  const Handle type(H5Aget_type(opened.id()), H5Tclose);
  const Handle space(H5Aget_space(opened.id()), H5Sclose);
  const std::int64_t count = points_of(space.id());
  if (H5Tget_class(type.id()) != H5T_INTEGER || count <= 0 || count > kMostTexts) return {};
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  if (H5Aread(opened.id(), H5T_NATIVE_INT64, numbers.data()) < 0) {
    fail("has an attribute '" + attribute + "' that cannot be read", kDamaged);
  }
  return numbers;
}

namespace {

void write_attribute_value(const Object& object, const std::string& attribute, hid_t type, hid_t memory_type,
                           hid_t space, const void* value) {
  const Handle created(H5Acreate2(object.id(), attribute.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const bool is_empty = points_of(space) == 0;  // an empty list has no buffer, which H5Awrite refuses
  if (!created.valid() || (!is_empty && H5Awrite(created.id(), memory_type, value) < 0)) {
    object.fail("cannot take the attribute '" + attribute + "' (" + innermost_error() + ")", "is the disk full?");
  }
}

}  // namespace

void Object::write_attribute(const std::string& attribute, const std::string& text) const {
  const Handle type = text_type();
  const char* value = text.c_str();
  write_attribute_value(*this, attribute, type.id(), type.id(), scalar_space().id(), &value);
}

void Object::write_attribute(const std::string& attribute, const std::vector<std::string>& texts) const {
  const Handle type = text_type();
  std::vector<const char*> values;
  for (const std::string& text : texts) values.push_back(text.c_str());
  const Handle space = list_space(static_cast<std::int64_t>(texts.size()));
  write_attribute_value(*this, attribute, type.id(), type.id(), space.id(), values.data());
}

void Object::write_attribute(const std::string& attribute, const std::vector<std::int64_t>& numbers) const {
  const Handle space = list_space(static_cast<std::int64_t>(numbers.size()));
  write_attribute_value(*this, attribute, H5T_STD_I64LE, H5T_NATIVE_INT64, space.id(), numbers.data());
}

void Object::write_flag_attribute(const std::string& attribute, bool value) const {
  // h5py's boolean: an enumeration over int8.
  const Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
  const std::int8_t no = 0;
  const std::int8_t yes = 1;
  H5Tenum_insert(type.id(), "FALSE", &no);
  H5Tenum_insert(type.id(), "TRUE", &yes);
  write_attribute_value(*this, attribute, type.id(), type.id(), scalar_space().id(), value ? &yes : &no);
}

void Object::remove_attribute(const std::string& attribute) const {
  if (!has_attribute(attribute)) return;
  if (H5Adelete(id(), attribute.c_str()) < 0) fail("cannot be changed (" + innermost_error() + ")", kDamaged);
}

Dataset::Dataset(std::string file, std::string name, Handle handle)
    : Object(std::move(file), std::move(name), std::move(handle)), extent_(extent_of(id())) {}

std::vector<std::int64_t> Dataset::chunk() const {
  const Handle creation(H5Dget_create_plist(id()), H5Pclose);
  if (H5Pget_layout(creation.id()) != H5D_CHUNKED) return {};
  std::vector<hsize_t> sizes(extent_.size());
  H5Pget_chunk(creation.id(), static_cast<int>(sizes.size()), sizes.data());
  return {sizes.begin(), sizes.end()};
}

std::vector<std::string> Dataset::fields() const {
  const Handle type(H5Dget_type(id()), H5Tclose);
  std::vector<std::string> fields;
  if (H5Tget_class(type.id()) != H5T_COMPOUND) return fields;
  for (int field = 0; field < H5Tget_nmembers(type.id()); ++field) {
    char* name = H5Tget_member_name(type.id(), static_cast<unsigned>(field));
    fields.emplace_back(name ? name : "");
    H5free_memory(name);
  }
  return fields;
}

Dataset Dataset::field(const std::string& field) const {
  H5Iinc_ref(id());  // the other owner closes it, too
  Dataset list(file(), name() + "/" + field, Handle(id(), H5Dclose));
  list.field_ = field;
  return list;
}

// Type of the values that are read: of one field, where one was chosen.
Handle Dataset::value_type() const {
  Handle type(H5Dget_type(id()), H5Tclose);
  if (field_.empty()) return type;
  const int field = H5Tget_member_index(type.id(), field_.c_str());
  if (field < 0) fail("is no field of this table", kDamaged);
  return {H5Tget_member_type(type.id(), static_cast<unsigned>(field)), H5Tclose};
}

Element Dataset::element() const {
  const Handle type = value_type();
  switch (H5Tget_class(type.id())) {
    case H5T_INTEGER: return Element::Whole;
    case H5T_FLOAT: return Element::Real;
    case H5T_STRING: return Element::Text;
    case H5T_ENUM: return Element::Boolean;
    case H5T_COMPOUND: return Element::Compound;
    default: return Element::Other;
  }
}

std::int64_t Dataset::element_bytes() const {
  const Handle type = value_type();
  return static_cast<std::int64_t>(H5Tget_size(type.id()));
}

// A damaged header can claim any size; believing it would ask for all of the memory. gzip shrinks at most 1032 to 1.
void Dataset::refuse_implausible_size() const {
  constexpr double kUnsuspicious = 1 << 26;
  constexpr double kMostShrinking = 4096;
  double claimed = static_cast<double>(element_bytes());
  for (const std::int64_t size : extent_) claimed *= static_cast<double>(size);
  const double stored = static_cast<double>(H5Dget_storage_size(id()));
  if (claimed > kUnsuspicious && claimed > stored * kMostShrinking) {
    fail("claims far more values than the file holds", kDamaged);
  }
}

void Dataset::read_block(std::int64_t first, std::int64_t count, hid_t memory_type, void* values) const {
  if (count == 0) return;
  std::vector<hsize_t> start(extent_.size(), 0);
  std::vector<hsize_t> size(extent_.begin(), extent_.end());
  start[0] = static_cast<hsize_t>(first);
  size[0] = static_cast<hsize_t>(count);
  read_block(start, size, memory_type, values);
}

void Dataset::read_block(const std::vector<hsize_t>& start, const std::vector<hsize_t>& size, hid_t memory_type,
                         void* values) const {
  const Handle space(H5Dget_space(id()), H5Sclose);
  const Handle memory(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose);
  H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr);
  // HDF5 matches fields by name: a record of one field has the layout of a plain list.
  const Handle record = field_.empty() ? Handle() : record_of(field_, memory_type);
  const hid_t type = field_.empty() ? memory_type : record.id();
  if (H5Dread(id(), type, memory.id(), space.id(), H5P_DEFAULT, values) >= 0) return;
  const std::string reason = innermost_error();
  const std::string filter = missing_filter(id());
  if (filter.empty()) fail("cannot be read (" + reason + ")", kDamaged);
  fail("is compressed with '" + filter + "', which this program cannot undo",
       "write the file with gzip: adata.write_h5ad('new.h5ad', compression='gzip')");
}

namespace {

void check_range(const Dataset& dataset, std::int64_t first, std::int64_t count, std::size_t rank) {
  if (dataset.extent().size() != rank) {
    dataset.fail("has " + std::to_string(dataset.extent().size()) + " dimensions where " + std::to_string(rank) +
                     " are expected", kDamaged);
  }
  if (first < 0 || count < 0 || first > dataset.length() || count > dataset.length() - first) {
    dataset.fail("ends at " + std::to_string(dataset.length()) + " where values up to " +
                     std::to_string(first + count) + " are expected", kDamaged);
  }
}

// Sizes have 32 bits in the browser: refused before anything is truncated.
std::size_t checked_size(const Dataset& dataset, std::int64_t values, std::int64_t bytes_each) {
  constexpr double kMostBytes = static_cast<double>(std::numeric_limits<std::ptrdiff_t>::max());
  const double bytes = static_cast<double>(values) * static_cast<double>(bytes_each);
  if (bytes < kMostBytes) return static_cast<std::size_t>(values);
  dataset.fail("needs more memory at once than there can be", "use the command line, or a file with fewer genes");
}

void check_number(const Dataset& dataset) {
  const Element element = dataset.element();
  if (element != Element::Whole && element != Element::Real && element != Element::Boolean) {
    dataset.fail("holds no numbers", "a matrix of numbers is needed: write the file again with anndata");
  }
}

}  // namespace

template <typename Number>
std::vector<Number> Dataset::read_numbers(std::int64_t first, std::int64_t count, hid_t memory_type) const {
  check_range(*this, first, count, 1);
  check_number(*this);
  refuse_implausible_size();
  std::vector<Number> values(checked_size(*this, count, sizeof(Number)));
  if (field_.empty() && !chunks_) chunks_ = std::make_unique<Chunks>(id());
  if (!chunks_ || !chunks_->read(first, std::span<Number>(values))) read_block(first, count, memory_type, values.data());
  return values;
}

std::vector<float> Dataset::read_floats(std::int64_t first, std::int64_t count) const {
  return read_numbers<float>(first, count, H5T_NATIVE_FLOAT);
}

std::vector<double> Dataset::read_doubles(std::int64_t first, std::int64_t count) const {
  return read_numbers<double>(first, count, H5T_NATIVE_DOUBLE);
}

std::vector<std::int32_t> Dataset::read_int32(std::int64_t first, std::int64_t count) const {
  return read_numbers<std::int32_t>(first, count, H5T_NATIVE_INT32);
}

std::vector<std::int64_t> Dataset::read_int64(std::int64_t first, std::int64_t count) const {
  return read_numbers<std::int64_t>(first, count, H5T_NATIVE_INT64);
}

std::vector<std::string> Dataset::read_texts(std::int64_t first, std::int64_t count) const {
  check_range(*this, first, count, 1);
  if (element() != Element::Text) fail("holds no text", "write the file again with anndata");
  refuse_implausible_size();
  checked_size(*this, count, std::max<std::int64_t>(element_bytes(), sizeof(std::string)));
  const Handle type = value_type();
  auto texts = read_text_buffer(type.id(), count, [&](hid_t memory_type, void* values) {
    read_block(first, count, memory_type, values);
    return 0;
  });
  return *texts;
}

std::vector<float> Dataset::read_rows(std::int64_t first, std::int64_t count) const {
  return read_tile(first, count, 0, extent_.size() == 2 ? extent_[1] : 0);
}

std::vector<float> Dataset::read_tile(std::int64_t first, std::int64_t count, std::int64_t first_column,
                                      std::int64_t columns) const {
  check_range(*this, first, count, 2);
  check_number(*this);
  refuse_implausible_size();
  std::vector<float> values(checked_size(*this, count * columns, sizeof(float)));
  if (values.empty()) return values;
  read_block({static_cast<hsize_t>(first), static_cast<hsize_t>(first_column)},
             {static_cast<hsize_t>(count), static_cast<hsize_t>(columns)}, H5T_NATIVE_FLOAT, values.data());
  return values;
}

void Dataset::append_block(std::int64_t count, hid_t memory_type, const void* values) {
  if (count == 0) return;
  chunks_.reset();
  const hsize_t start = static_cast<hsize_t>(length());
  const hsize_t size = static_cast<hsize_t>(count);
  const hsize_t total = start + size;
  bool done = H5Dset_extent(id(), &total) >= 0;
  const Handle space(H5Dget_space(id()), H5Sclose);
  const Handle memory = list_space(count);
  done = done && H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &start, nullptr, &size, nullptr) >= 0;
  done = done && H5Dwrite(id(), memory_type, memory.id(), space.id(), H5P_DEFAULT, values) >= 0;
  if (!done) fail("cannot be written (" + innermost_error() + ")", "is the disk full?");
  extent_[0] += count;
}

void Dataset::append(std::span<const float> values) {
  append_block(static_cast<std::int64_t>(values.size()), H5T_NATIVE_FLOAT, values.data());
}

void Dataset::append(std::span<const std::int32_t> values) {
  append_block(static_cast<std::int64_t>(values.size()), H5T_NATIVE_INT32, values.data());
}

void Dataset::append(std::span<const std::int64_t> values) {
  append_block(static_cast<std::int64_t>(values.size()), H5T_NATIVE_INT64, values.data());
}

void Dataset::append(const std::vector<std::string>& texts) {
  const Handle type = text_type();
  std::vector<const char*> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) values.push_back(text.c_str());
  append_block(static_cast<std::int64_t>(texts.size()), type.id(), values.data());
}

Group::Group(std::string file, std::string name, Handle handle)
    : Object(std::move(file), std::move(name), std::move(handle)) {}

std::string Group::path_of(const std::string& member) const {
  return name().empty() ? member : name() + "/" + member;
}

std::vector<std::string> Group::names() const {
  H5G_info_t info{};
  if (H5Gget_info(id(), &info) < 0) fail("cannot be listed", kDamaged);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto length = H5Lget_name_by_idx(id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT);
    if (length < 0) fail("cannot be listed", kDamaged);
    std::string name(static_cast<std::size_t>(length), '\0');
    H5Lget_name_by_idx(id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size() + 1, H5P_DEFAULT);
    names.push_back(std::move(name));
  }
  return names;
}

Node Group::node(const std::string& member) const {
  if (member.empty() || H5Lexists(id(), member.c_str(), H5P_DEFAULT) <= 0) return Node::Missing;
  if (H5Oexists_by_name(id(), member.c_str(), H5P_DEFAULT) <= 0) return Node::Missing;
  H5O_info_t info{};
  if (H5Oget_info_by_name2(id(), member.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) return Node::Other;
  if (info.type == H5O_TYPE_GROUP) return Node::Group;
  return info.type == H5O_TYPE_DATASET ? Node::Dataset : Node::Other;
}

Group Group::group(const std::string& member) const {
  Handle opened(H5Gopen2(id(), member.c_str(), H5P_DEFAULT), H5Gclose);
  if (!opened.valid()) fail_at(file(), path_of(member), "is missing or is no group", kDamaged);
  return Group(file(), path_of(member), std::move(opened));
}

Dataset Group::dataset(const std::string& member) const {
  Handle opened(H5Dopen2(id(), member.c_str(), H5P_DEFAULT), H5Dclose);
  if (!opened.valid()) fail_at(file(), path_of(member), "is missing or is no list of values", kDamaged);
  const Handle access = access_with_cache(opened.id());
  // The cache is set when a dataset is opened, and its chunks are known only then.
  opened = Handle();
  opened = Handle(H5Dopen2(id(), member.c_str(), access.id()), H5Dclose);
  return Dataset(file(), path_of(member), std::move(opened));
}

std::optional<Dataset> Group::referenced_dataset(const Dataset& from, const std::string& attribute) const {
  if (!from.has_attribute(attribute)) return std::nullopt;
  const Handle opened(H5Aopen(from.id(), attribute.c_str(), H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(opened.id()), H5Tclose);
  const Handle space(H5Aget_space(opened.id()), H5Sclose);
  if (H5Tequal(type.id(), H5T_STD_REF_OBJ) <= 0 || points_of(space.id()) != 1) return std::nullopt;
  hobj_ref_t reference{};
  if (H5Aread(opened.id(), H5T_STD_REF_OBJ, &reference) < 0) return std::nullopt;
  H5O_type_t kind = H5O_TYPE_UNKNOWN;
  if (H5Rget_obj_type2(from.id(), H5R_OBJECT, &reference, &kind) < 0 || kind != H5O_TYPE_DATASET) return std::nullopt;
  Handle target(H5Rdereference2(from.id(), H5P_DEFAULT, H5R_OBJECT, &reference), H5Dclose);
  if (!target.valid()) return std::nullopt;
  return Dataset(file(), from.name() + " (" + attribute + ")", std::move(target));
}

Group Group::create_group(const std::string& member) const {
  Handle created(H5Gcreate2(id(), member.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  if (!created.valid()) {
    fail_at(file(), path_of(member), "cannot be made (" + innermost_error() + ")", "is the disk full?");
  }
  return Group(file(), path_of(member), std::move(created));
}

Dataset Group::create_list(const std::string& member, ListType list_type, int compression) const {
  const Handle text = text_type();
  hid_t type = text.id();
  if (list_type == ListType::Float32) type = H5T_IEEE_F32LE;
  if (list_type == ListType::Int32) type = H5T_STD_I32LE;
  if (list_type == ListType::Int64) type = H5T_STD_I64LE;
  const hsize_t none = 0;
  const hsize_t any = H5S_UNLIMITED;
  const hsize_t chunk = list_type == ListType::Text ? kTextChunk : kNumberChunk;
  const Handle space(H5Screate_simple(1, &none, &any), H5Sclose);
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);  // the same content gives the same bytes
  H5Pset_chunk(creation.id(), 1, &chunk);
  if (list_type != ListType::Text && compression > 0) {
    H5Pset_shuffle(creation.id());
    H5Pset_deflate(creation.id(), static_cast<unsigned>(compression));
  }
  Handle created(H5Dcreate2(id(), member.c_str(), type, space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT),
                 H5Dclose);
  if (!created.valid()) {
    fail_at(file(), path_of(member), "cannot be made (" + innermost_error() + ")", "is the disk full?");
  }
  return Dataset(file(), path_of(member), std::move(created));
}

Dataset Group::write_rows(const std::string& member, std::span<const float> values, std::int64_t columns) const {
  const hsize_t n_columns = static_cast<hsize_t>(columns);
  const std::array<hsize_t, 2> extent = {values.size() / n_columns, n_columns};
  const std::array<hsize_t, 2> chunk = {std::clamp<hsize_t>(extent[0], 1, kNumberChunk / n_columns), n_columns};
  const Handle space(H5Screate_simple(2, extent.data(), nullptr), H5Sclose);
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);
  H5Pset_chunk(creation.id(), 2, chunk.data());
  H5Pset_shuffle(creation.id());
  H5Pset_deflate(creation.id(), 4);
  Handle created(
      H5Dcreate2(id(), member.c_str(), H5T_IEEE_F32LE, space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), H5Dclose);
  const bool done = created.valid() && (values.empty() || H5Dwrite(created.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL,
                                                                   H5P_DEFAULT, values.data()) >= 0);
  if (!done) fail_at(file(), path_of(member), "cannot be written (" + innermost_error() + ")", "is the disk full?");
  return Dataset(file(), path_of(member), std::move(created));
}

Dataset Group::write_text(const std::string& member, const std::string& text) const {
  const Handle type = text_type();
  const Handle space = scalar_space();
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);
  Handle created(H5Dcreate2(id(), member.c_str(), type.id(), space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT),
                 H5Dclose);
  const char* value = text.c_str();
  if (!created.valid() || H5Dwrite(created.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0)
    fail_at(file(), path_of(member), "cannot be written (" + innermost_error() + ")", "is the disk full?");
  return Dataset(file(), path_of(member), std::move(created));
}

void Group::remove(const std::string& member) const {
  if (H5Lexists(id(), member.c_str(), H5P_DEFAULT) <= 0) return;
  if (H5Ldelete(id(), member.c_str(), H5P_DEFAULT) < 0)
    fail_at(file(), path_of(member), "cannot be removed (" + innermost_error() + ")", kDamaged);
}

void Group::flush() const {
  if (H5Fflush(id(), H5F_SCOPE_LOCAL) < 0) fail("cannot be written to its end", "is the disk full?");
}

namespace {

Group open_with(const std::string& path, unsigned access) {
  quieten();
  register_lzf_filter();
  const Handle file(H5Fopen(path.c_str(), access, H5P_DEFAULT), H5Fclose);
  if (!file.valid()) {
    const std::string reason = innermost_error();
    const bool cut_short = reason.find("truncated") != std::string::npos;
    fail_at(path, "", cut_short ? "the file is cut short" : "HDF5 cannot open the file (" + reason + ")", kDamaged);
  }
  Handle root(H5Gopen2(file.id(), "/", H5P_DEFAULT), H5Gclose);
  if (!root.valid()) fail_at(path, "", "the file has no readable root", kDamaged);
  return Group(path, "", std::move(root));
}

}  // namespace

Group open_file(const std::string& path) { return open_with(path, H5F_ACC_RDONLY); }

Group open_file_to_change(const std::string& path) { return open_with(path, H5F_ACC_RDWR); }

Group create_file(const std::string& path) {
  quieten();
  const Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  if (!file.valid()) {
    fail_at(path, "", "cannot write the file (" + innermost_error() + ")",
            "check that its folder exists and may be written to");
  }
  Handle root(H5Gopen2(file.id(), "/", H5P_DEFAULT), H5Gclose);
  return Group(path, "", std::move(root));
}

bool is_hdf5(const std::string& path) {
  constexpr std::array<unsigned char, 8> kSignature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return false;
  // Behind a user block the signature stands at 512 bytes or a doubling of it. off_t, because long is 32 bits in wasm.
  for (off_t offset = 0;; offset = offset == 0 ? 512 : offset * 2) {
    std::array<unsigned char, 8> bytes{};
    if (fseeko(file.get(), offset, SEEK_SET) != 0) return false;
    if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) return false;
    if (bytes == kSignature) return true;
  }
}

}  // namespace plkd::hdf5
