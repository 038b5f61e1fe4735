#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plkd {

// What was measured of a cell. In files and options: "rna", "adt" (antibody-derived tags: surface proteins), "atac" (open chromatin).
enum class Modality { Rna, Protein, Chromatin };

std::string name_of(Modality modality);      // "rna", "adt", "atac"
std::string in_words(Modality modality);     // "RNA", "proteins", "chromatin"
std::optional<Modality> modality_named(std::string_view name);

// By 10x's feature types ("Gene Expression", "Antibody Capture", "Peaks"), anndata's and muon's usual names ("rna", "prot", "protein_counts",
// "atac"). Nothing for guides, hashtags under a type of their own, and what else there is.
std::optional<Modality> modality_of_type(std::string_view type);

// The first of these, as 10x writes it.
std::string type_of(Modality modality);

// Features of one modality among all that a model takes: [first, end).
struct FeatureBlock {
  Modality modality = Modality::Rna;
  std::int64_t first = 0;
  std::int64_t end = 0;

  std::int64_t size() const { return end - first; }
};

}  // namespace plkd
