#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/genes/modality.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// What a query has of a modality that its model takes.
struct ModalityReport {
  Modality modality = Modality::Rna;
  std::string where = {};  // in the file: "obsm:protein_counts"; empty when there is none
  std::int64_t model_features = 0;
  std::int64_t matched = 0;  // of the model's
  std::vector<std::string> missing = {};
  std::string found = {};  // for people: "45 proteins, without 1 isotype control"
  // Too few of the model's features say less than none.
  bool is_used = false;
  bool is_set_aside = false;               // as the caller asked, whatever the file has
  std::vector<std::string> controls = {};  // isotype controls and hashtags: no features of cells
  // Other places of the file that have some of the model's features, but no more of them, or no counts.
  std::vector<std::string> passed_over = {};
  // Missing proteins are taken to be as in a typical cell of the reference: see complete_panel.h.
  bool is_completed = false;
  std::string unfit = {};  // what is wrong with its values; empty when they are counts
};

// A modality beside the genes: which of the file's features each of the model's is, and reading them. Proteins are found under any of
// their names (proteins.h), peaks by overlap: a model's stretch of chromosome takes the counts of all peaks that touch it.
class OtherModality {
 public:
  // The best match of what the file has, counts before values that are normalised already; or none of it.
  // `model` are the features of `block`, in the model's order.
  OtherModality(CountsReader& reader, const GeneVocabulary& model, const FeatureBlock& block);

  const ModalityReport& report() const { return report_; }
  // The model's features that the file lacks, ascending, numbered as in the whole model; none where the file has nothing of the modality.
  const std::vector<std::int32_t>& missing() const { return missing_; }
  // From now on it is as if it was not there.
  void set_aside();
  // Counts of cells [first, end) over the model's features, numbered as in the whole model; none when it is not used.
  CountMatrix counts(CountsReader& reader, std::int64_t first, std::int64_t end) const;

 private:
  // Of one feature of the file, the model's features that take its counts.
  using Targets = std::vector<std::vector<std::int32_t>>;  // [features of the file]

  static Targets match_proteins(const std::vector<std::string>& names, const GeneVocabulary& model, ModalityReport& report);
  static Targets match_peaks(const std::vector<std::string>& names, const GeneVocabulary& model, ModalityReport& report);

  // Of the model's features [0, features) those that take nothing, ascending.
  static std::vector<std::int32_t> without_target(const Targets& targets, std::int64_t features);

  std::int64_t first_feature_ = 0;
  std::size_t which_ = 0;  // of the reader's other features
  Targets targets_;
  std::vector<std::int32_t> missing_;
  ModalityReport report_;
};

}  // namespace plkd
