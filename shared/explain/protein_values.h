#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/genes/proteins.h"
#include "shared/preprocess/inspect.h"

namespace plkd {

// Proteins of a file by the names that people know, whether a model takes them or not; antibodies against one
// protein are one, controls and hashtags are none. Of several lists the one with most proteins is taken,
// counts before values that are normalised already, never one with values below zero.
class FileProteins {
 public:
  explicit FileProteins(CountsReader& reader);

  const std::vector<std::string>& names() const {
    return found_.proteins.symbol;
  }  // empty where there are none
  const std::string& where() const { return where_; }
  const Inspection& inspection() const { return inspection_; }

  // Values of cells [first, end): the centred log-ratio of a cell's counts over all proteins of the file, as
  // models take them: see log_normalise.h; values that were normalised already as they are, the mean where
  // several antibodies are one protein.
  std::vector<float> values(const std::vector<std::int32_t>& proteins, std::int64_t first,
                            std::int64_t end);  // [proteins x cells]

 private:
  CountMatrix counts(std::int64_t first, std::int64_t end);  // [cells x proteins]

  CountsReader& reader_;
  std::size_t which_ = 0;  // of the reader's other features
  std::string where_;
  ProteinVocabulary found_;
  Inspection inspection_;
};

}  // namespace plkd
