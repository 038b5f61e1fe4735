#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/counts/byte_source.h"

namespace plkd {

// The lines of a text file, plain or gzip, also one in an archive ("cells.zip/matrix.mtx"), with their numbers for messages. Throws
// BadInput when the file cannot be opened or is damaged or ends early.
class TextLines {
 public:
  explicit TextLines(const std::string& path);

  // The next line without its end; nothing after the last. Valid until the next call.
  std::optional<std::string_view> next();
  std::int64_t number() const { return place_.line; }  // of the line last returned, from 1

  // For those who look for the end of the line themselves, which is faster: what is in memory behind the line last returned, perhaps
  // nothing, and the step over one whole line at its start, end included.
  std::string_view in_memory() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void pass_line(std::size_t bytes) {
    begin_ += bytes;
    place_.offset += static_cast<std::int64_t>(bytes);
    ++place_.line;
  }

  // Throws BadInput "FILE:LINE: PROBLEM; HINT" for the line last returned.
  [[noreturn]] void fail(const std::string& problem, const std::string& hint) const;

  // A place between two lines to come back to. In a packed file that unpacks a piece before it.
  struct Place {
    std::int64_t offset = 0;  // bytes of text before it
    std::int64_t line = 0;
  };
  Place place() const { return place_; }
  void seek(const Place& place);

  // See byte_source.h.
  nlohmann::json marks() const;
  void take_marks(const nlohmann::json& marks);

 private:
  bool fill();

  std::string path_;
  std::unique_ptr<ByteSource> bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what is not yet returned
  std::size_t end_ = 0;
  Place place_;
};

void to_json(nlohmann::json& json, const TextLines::Place& place);
void from_json(const nlohmann::json& json, TextLines::Place& place);

// The fields of a line of CSV or TSV; within quotes "" is one quote and a separator is none.
std::vector<std::string> delimited_fields(std::string_view line, char separator);

}  // namespace plkd
