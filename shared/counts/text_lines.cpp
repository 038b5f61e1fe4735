#include "shared/counts/text_lines.h"

#include "shared/error.h"

#include <algorithm>
#include <cstring>

namespace plkd {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 18;
constexpr std::size_t kLongestLine = std::size_t{1} << 24;

}  // namespace

TextLines::TextLines(const std::string& path) : path_(path), file_(gzopen(path.c_str(), "rb")), buffer_(kBuffer) {
  if (!file_) throw Error(ErrorKind::BadInput, path + ": the file cannot be opened", "check its name and permissions");
}

TextLines::~TextLines() { gzclose(file_); }

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
  const int got = gzread(file_, buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
  int status = Z_OK;
  gzerror(file_, &status);
  if (got < 0 || status == Z_BUF_ERROR) {
    throw Error(ErrorKind::BadInput, path_ + ": the gzip file is damaged or cut short", "copy or download it again");
  }
  end_ += static_cast<std::size_t>(got);
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
  const std::size_t used = stop + (newline ? 1 : 0) - begin_;
  begin_ += used;
  place_.offset += static_cast<std::int64_t>(used);
  ++place_.line;
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
  if (gzseek(file_, static_cast<z_off_t>(place.offset), SEEK_SET) < 0) {
    throw Error(ErrorKind::BadInput, path_ + ": the file cannot be read again", "has it changed or gone?");
  }
}

}  // namespace plkd
