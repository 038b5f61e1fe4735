#include "trainer/data/reference_features.h"

#include <utility>

#include "shared/error.h"
#include "shared/genes/proteins.h"
#include "shared/model/model.h"
#include "shared/text.h"
#include "trainer/data/cells.h"
#include "trainer/data/gene_windows.h"

namespace plkd {
namespace {

void append_block(ReferenceFeatures& all, Modality modality, const GeneVocabulary& features) {
  const std::int64_t first = all.names.size();
  append(all.names, features);
  all.blocks.push_back({modality, first, all.names.size()});
  append(all.names, {{flag_name(modality)}, {""}});
}

std::vector<std::string> names_of(const CountsReader& reader, Modality modality, const std::string& where) {
  std::vector<std::string> there;
  for (const OtherFeatures& each : reader.other_features()) {
    if (each.modality == modality && (where.empty() || each.where == where)) return each.names;
    there.push_back(name_of(each.modality) + "=" + each.where);
  }
  throw Error(ErrorKind::BadInput,
              reader.path() + ": has no " + in_words(modality) + (where.empty() ? "" : " in '" + where + "'"),
              there.empty() ? "it has genes alone: leave --modality out" : "it has " + joined(there, ", "));
}

GeneVocabulary vocabulary_of(Modality modality, const std::vector<std::string>& names) {
  if (modality == Modality::Protein) return proteins_of(names).proteins;
  return {names, names};  // a peak's name is its place
}

}  // namespace

ReferenceFeatures features_to_learn(const CountsReader& reader, const WantedFeatures& wanted) {
  const bool has_genes = reader.genes().size() > 0 && !wanted.without_genes;
  std::map<Modality, std::string> modalities = wanted.modalities;
  if (!has_genes && modalities.empty())
    for (const OtherFeatures& each : reader.other_features()) modalities.emplace(each.modality, each.where);
  if (!wanted.gene_places.empty() && modalities.count(Modality::Chromatin) == 0)
    throw Error(ErrorKind::WrongUsage, "--gene-places: no chromatin is learnt from", "add --modality atac, or leave it out");
  if (modalities.empty()) return {reader.genes(), {}};
  ReferenceFeatures all;
  if (has_genes) append_block(all, Modality::Rna, reader.genes());
  for (const auto& [modality, where] : modalities) {
    GeneVocabulary features;
    if (modality == Modality::Chromatin && !wanted.gene_places.empty())
      features = gene_windows(wanted.gene_places, reader.genes());
    append(features, vocabulary_of(modality, names_of(reader, modality, where)));
    append_block(all, modality, features);
  }
  return all;
}

std::vector<OtherModality> match_others(CountsReader& reader, const GeneVocabulary& features,
                                        const std::vector<FeatureBlock>& blocks) {
  std::vector<OtherModality> others;
  for (const FeatureBlock& block : blocks) {
    if (block.modality != Modality::Rna) others.emplace_back(reader, features_of(features, block), block);
  }
  return others;
}

CountMatrix counts_of(const std::vector<OtherModality>& others, CountsReader& reader, std::int64_t first,
                      std::int64_t end) {
  CountMatrix all;
  all.row_begin.assign(at(end - first) + 1, 0);
  for (const OtherModality& other : others) all = beside(all, other.counts(reader, first, end));
  return all;
}

}  // namespace plkd
