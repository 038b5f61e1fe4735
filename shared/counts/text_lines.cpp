#include "shared/counts/text_lines.h"

#include "shared/counts/archive.h"
#include "shared/error.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>

namespace plkd {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 18;
constexpr std::size_t kLongestLine = std::size_t{1} << 24;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // Excel puts it before UTF-8

}  // namespace

TextLines::TextLines(const std::string& path) : path_(path), bytes_(open_bytes(path)), buffer_(kBuffer) {}

void TextLines::fail(const std::string& problem, const std::string& hint) const {
  throw Error(ErrorKind::BadInput, path_ + ":" + std::to_string(place_.line) + ": " + problem, hint);
}

// Reads more behind what is left; false at the end of the file.
bool TextLines::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size()) {
    if (end_ >= kLongestLine) {
      throw Error(ErrorKind::BadInput, path_ + ":" + std::to_string(place_.line + 1) + ": the line does not end",
                  "is this a text file?");
    }
    buffer_.resize(2 * end_);
  }
  const std::size_t got = bytes_->read(std::span(buffer_).subspan(end_));
  end_ += got;
  return got > 0;
}

std::optional<std::string_view> TextLines::next() {
  std::size_t searched = begin_;
  const char* newline = nullptr;
  while (true) {
    newline = static_cast<const char*>(std::memchr(buffer_.data() + searched, '\n', end_ - searched));
    if (newline) break;
    const std::size_t unfinished = end_ - begin_;
    if (!fill()) break;
    searched = begin_ + unfinished;
  }
  if (!newline && begin_ == end_) return std::nullopt;
  const std::size_t stop = newline ? static_cast<std::size_t>(newline - buffer_.data()) : end_;
  std::string_view line(buffer_.data() + begin_, stop - begin_);
  pass_line(line.size() + (newline ? 1 : 0));
  if (place_.line == 1 && line.substr(0, kByteOrderMark.size()) == kByteOrderMark) line.remove_prefix(kByteOrderMark.size());
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::vector<std::string> delimited_fields(std::string_view line, char separator) {
  std::vector<std::string> fields(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      const bool is_quote = in_quotes && i + 1 < line.size() && line[i + 1] == '"';
      if (is_quote)
        fields.back() += line[i++];
      else
        in_quotes = !in_quotes;
    } else if (line[i] == separator && !in_quotes) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

void TextLines::seek(const Place& place) {
  begin_ = end_ = 0;
  place_ = place;
  bytes_->seek(place.offset);
}

nlohmann::json TextLines::marks() const { return bytes_->marks(); }

void TextLines::take_marks(const nlohmann::json& marks) { bytes_->take_marks(marks); }

void to_json(nlohmann::json& json, const TextLines::Place& place) { json = {place.offset, place.line}; }

void from_json(const nlohmann::json& json, TextLines::Place& place) { place = {json.at(0), json.at(1)}; }

}  // namespace plkd
