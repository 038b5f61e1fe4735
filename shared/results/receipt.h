#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/annotate/annotate.h"
#include "shared/annotate/vote.h"
#include "shared/counts/counts_reader.h"
#include "shared/model/calibration.h"
#include "shared/model/model.h"
#include "shared/results/digest_cells.h"
#include "shared/results/label_ledger.h"

namespace plkd {

// Everything beside model and cells that changes a label.
struct ReceiptOptions {
  double error_rate = DecideOptions{}.error_rate;
  bool adapt = false;
  std::string batch;
  std::vector<std::string> only;  // see choose_types.h
  bool label_all = false;
  std::string clusters;  // column of the vote; empty for none
  std::string slot;
  bool orthologues = false;
  bool force = false;
  std::vector<std::string> without = {};  // modalities left aside
};

// A file by its name, without folders.
struct ReceiptFile {
  std::string name;
  std::optional<std::uint64_t> bytes;  // none for a folder
  std::string digest;                  // of a model's bytes; of the cells as they are read, see digest_cells.h
};

// One run, when it is over.
struct ReceiptRun {
  std::string engine;  // "native", "wasm" or what else inferred
  ReceiptFile model_file;
  ReceiptFile cells_file;
  ReceiptOptions options;
  const Model& model;
  const CountsReader& cells;
  const Query& query;
  const Novelty& displaced;
  const std::vector<char>& is_possible;  // as choose_types gives it
  const LabelLedger& labels;
  const ClusterVote* vote = nullptr;
};

// What labels followed from, so that they can be made again and compared: `plkd annotate --receipt` and the page write it, `plkd verify
// --receipt` reruns it. It holds no time and no path, so the same run gives the same bytes:
//   receipt  2, the format
//   version  of plkd
//   engine   that inferred
//   cells    file, format, cells, genes, digest; bytes where the file is one
//   model    name, file, digest
//   options  everything that changes a label
//   decisions  what was found in the data: kind of values, genes matched, digest of the factors of --adapt, digest of where the types were
//            found (displace), types left possible
//   labels   cells, counts by label, digest (of names and labels), digest_of_lines (of labels.csv), clusters where they voted
constexpr int kReceiptFormat = 2;
nlohmann::json write_receipt(const ReceiptRun& run);

nlohmann::json to_json(const ReceiptOptions& options);
// Of a receipt. Throws BadInput for what is none, or one of another format.
ReceiptOptions options_of(const nlohmann::json& receipt);

// Of the factors a query was scaled by; "" when it was not.
std::string digest_of(const GeneScaling& scaling);
std::string digest_of(const Novelty& displaced);

// The members, as "labels.digest", that two receipts do not agree in, ascending; those of one alone count. A file's name and size
// do not matter where its cells are the same, and between two engines neither does the last digit of a number.
std::vector<std::string> differences(const nlohmann::json& receipt, const nlohmann::json& other);

}  // namespace plkd
