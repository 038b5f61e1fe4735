#pragma once

#include <hdf5.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/counts/hdf5_chunks.h"

// What our readers and writers need of HDF5 1.10's C interface: handles that close themselves, and every failure a
// plkd::Error that names the file, the object in it and a remedy.
namespace plkd::hdf5 {

// An HDF5 identifier, closed when it goes.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Handle() = default;
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();

  hid_t id() const { return id_; }
  bool valid() const { return id_ >= 0; }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

enum class Node { Missing, Group, Dataset, Other };
enum class Element { Whole, Real, Text, Boolean, Compound, Other };

// An open group or dataset: its place, for messages, and its attributes.
class Object {
 public:
  const std::string& file() const { return file_; }
  const std::string& name() const { return name_; }  // "raw/X"; "" for the root
  hid_t id() const { return handle_.id(); }

  bool has_attribute(const std::string& attribute) const;
  // First text of an attribute; nothing when it is absent or no text.
  std::optional<std::string> text_attribute(const std::string& attribute) const;
  std::vector<std::string> texts_attribute(const std::string& attribute) const;         // empty likewise
  std::vector<std::int64_t> whole_numbers_attribute(const std::string& attribute) const;  // empty likewise

  void write_attribute(const std::string& attribute, const std::string& text) const;
  void write_attribute(const std::string& attribute, const std::vector<std::string>& texts) const;
  void write_attribute(const std::string& attribute, const std::vector<std::int64_t>& numbers) const;
  void write_flag_attribute(const std::string& attribute, bool value) const;
  void remove_attribute(const std::string& attribute) const;  // does nothing when it is not there

  // Throws BadInput "FILE: 'NAME' PROBLEM; HINT".
  [[noreturn]] void fail(const std::string& problem, const std::string& hint) const;

 protected:
  Object(std::string file, std::string name, Handle handle);

 private:
  Handle open_attribute(const std::string& attribute) const;

  std::string file_;
  std::string name_;
  Handle handle_;
};

class Dataset : public Object {
 public:
  Dataset(std::string file, std::string name, Handle handle);

  const std::vector<std::int64_t>& extent() const { return extent_; }
  // Length of the first dimension, 0 for a scalar.
  std::int64_t length() const { return extent_.empty() ? 0 : extent_[0]; }
  std::vector<std::int64_t> chunk() const;  // of each dimension; empty when the values are stored in one piece
  Element element() const;
  std::int64_t element_bytes() const;

  // A list of records, as anndata 0.6 wrote tables: the names of its fields, and one of them as a list of its own.
  std::vector<std::string> fields() const;
  Dataset field(const std::string& field) const;

  // Elements [first, first + count) of a list, converted by HDF5 (out of range values are clipped, not wrapped).
  std::vector<float> read_floats(std::int64_t first, std::int64_t count) const;
  std::vector<double> read_doubles(std::int64_t first, std::int64_t count) const;
  std::vector<std::int32_t> read_int32(std::int64_t first, std::int64_t count) const;
  std::vector<std::int64_t> read_int64(std::int64_t first, std::int64_t count) const;
  std::vector<std::string> read_texts(std::int64_t first, std::int64_t count) const;   // variable and fixed length
  // Rows [first, first + count) of a table [rows x columns], row-major.
  std::vector<float> read_rows(std::int64_t first, std::int64_t count) const;
  // Of these rows only columns [first_column, first_column + columns).
  std::vector<float> read_tile(std::int64_t first, std::int64_t count, std::int64_t first_column, std::int64_t columns) const;

  // Appends to a list made by Group::create_list.
  void append(std::span<const float> values);
  void append(std::span<const std::int32_t> values);
  void append(std::span<const std::int64_t> values);
  void append(const std::vector<std::string>& texts);

 private:
  template <typename Number>
  std::vector<Number> read_numbers(std::int64_t first, std::int64_t count, hid_t memory_type) const;
  Handle value_type() const;
  void read_block(std::int64_t first, std::int64_t count, hid_t memory_type, void* values) const;
  void read_block(const std::vector<hsize_t>& start, const std::vector<hsize_t>& size, hid_t memory_type, void* values) const;
  void append_block(std::int64_t count, hid_t memory_type, const void* values);
  void refuse_implausible_size() const;

  std::vector<std::int64_t> extent_;
  std::string field_;  // "" for whole elements
  mutable std::unique_ptr<Chunks> chunks_;  // made when numbers are first read
};

class Group : public Object {
 public:
  Group(std::string file, std::string name, Handle handle);

  std::vector<std::string> names() const;  // of the members, by name
  Node node(const std::string& member) const;
  bool has_group(const std::string& member) const { return node(member) == Node::Group; }
  bool has_dataset(const std::string& member) const { return node(member) == Node::Dataset; }
  Group group(const std::string& member) const;
  Dataset dataset(const std::string& member) const;
  // The dataset that an object reference in the attribute of `from` points to; nothing when there is none.
  std::optional<Dataset> referenced_dataset(const Dataset& from, const std::string& attribute) const;

  Group create_group(const std::string& member) const;
  enum class ListType { Float32, Int32, Int64, Text };
  // An empty list that grows: chunked and, but for text and at compression 0, compressed.
  Dataset create_list(const std::string& member, ListType type, int compression = 4) const;
  // A table of floats [rows x columns], row-major, compressed.
  Dataset write_rows(const std::string& member, std::span<const float> values, std::int64_t columns) const;
  Dataset write_text(const std::string& member, const std::string& text) const;  // one text, a scalar
  void remove(const std::string& member) const;  // does nothing when it is not there
  // Writes what is still in memory; a full disk shows here and not in a destructor.
  void flush() const;

 private:
  std::string path_of(const std::string& member) const;
};

// The root group. The file stays open for as long as any of its objects is, and no longer.
Group open_file(const std::string& path);    // for reading
Group open_file_to_change(const std::string& path);
Group create_file(const std::string& path);  // replaces a file that is there

// True when the bytes of an HDF5 signature stand at 0, 512, 1024, 2048, ... of the file.
bool is_hdf5(const std::string& path);

}  // namespace plkd::hdf5
