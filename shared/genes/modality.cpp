#include "shared/genes/modality.h"

#include <array>

#include "shared/text.h"

namespace plkd {

namespace {

struct Names {
  Modality modality;
  const char* name;
  const char* words;
  const char* type;  // of 10x
};
constexpr std::array<Names, 3> kModalities = {{{Modality::Rna, "rna", "RNA", "Gene Expression"},
                                               {Modality::Protein, "adt", "proteins", "Antibody Capture"},
                                               {Modality::Chromatin, "atac", "chromatin", "Peaks"}}};

const Names& names_of(Modality modality) { return kModalities[static_cast<std::size_t>(modality)]; }

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  for (const char* each : names)
    if (name == each) return true;
  return false;
}

}  // namespace

std::string name_of(Modality modality) { return names_of(modality).name; }
std::string in_words(Modality modality) { return names_of(modality).words; }

std::string type_of(Modality modality) { return names_of(modality).type; }

std::optional<Modality> modality_named(std::string_view name) {
  for (const Names& each : kModalities)
    if (name == each.name) return each.modality;
  return std::nullopt;
}

std::optional<Modality> modality_of_type(std::string_view type) {
  const std::string name = lower_case(std::string(type));
  if (is_one_of(name, {"gene expression", "gene", "rna", "gex"})) return Modality::Rna;
  if (is_one_of(name, {"antibody capture", "protein expression", "protein", "proteins", "prot", "adt", "antibody", "surface protein", "cite"}))
    return Modality::Protein;
  if (is_one_of(name, {"peaks", "peak", "atac", "chromatin accessibility", "chromatin"})) return Modality::Chromatin;
  return std::nullopt;
}

}  // namespace plkd
