#include "shared/explain/protein_values.h"

#include <algorithm>

#include "shared/error.h"
#include "shared/preprocess/log_normalise.h"

namespace plkd {

namespace {

constexpr std::int64_t kSlice = 2048;

}  // namespace

FileProteins::FileProteins(CountsReader& reader) : reader_(reader) {
  const std::vector<OtherFeatures>& all = reader.other_features();
  for (std::size_t which = 0; which < all.size(); ++which) {
    if (all[which].modality != Modality::Protein) continue;
    ProteinVocabulary found = proteins_of(all[which].names);
    const Inspection inspection = inspect_other(reader, which);
    if (inspection.kind == ValueKind::Scaled) continue;  // readers refuse them
    const bool is_as_fit = can_be_counts(inspection) == can_be_counts(inspection_);
    const bool is_better =
        is_as_fit ? found.proteins.size() > found_.proteins.size() : can_be_counts(inspection);
    if (!where_.empty() && !is_better) continue;
    which_ = which;
    where_ = all[which].where;
    found_ = std::move(found);
    inspection_ = inspection;
  }
}

CountMatrix FileProteins::counts(std::int64_t first, std::int64_t end) {
  GeneAlignment of_tags;
  of_tags.model_gene = found_.protein_of_tag;
  of_tags.report.model_genes = found_.proteins.size();
  CountMatrix values = apply(of_tags, reader_.read_other(which_, first, end));
  if (can_be_counts(inspection_)) return values;
  std::vector<float> tags(static_cast<std::size_t>(found_.proteins.size()), 0);  // of a protein
  for (const std::int32_t protein : found_.protein_of_tag)
    if (protein >= 0) ++tags[static_cast<std::size_t>(protein)];
  for (std::size_t entry = 0; entry < values.count.size(); ++entry)
    values.count[entry] /= tags[static_cast<std::size_t>(values.gene[entry])];
  return values;
}

std::vector<float> FileProteins::values(const std::vector<std::int32_t>& proteins, std::int64_t first,
                                        std::int64_t end) {
  const std::int64_t all = found_.proteins.size();
  for (const std::int32_t protein : proteins)
    if (protein < 0 || protein >= all) throw Error(ErrorKind::Internal, "values: there is no such protein");
  const PreprocessRecipe recipe{.blocks = {{Modality::Protein, 0, all}}};
  const auto cells = static_cast<std::size_t>(end - first);
  std::vector<float> values(proteins.size() * cells);
  std::vector<float> of_cell(static_cast<std::size_t>(all) + 1);  // and the flag
  for (std::int64_t begin = first; begin < end; begin += kSlice) {
    CountMatrix expression = counts(begin, std::min(begin + kSlice, end));
    if (can_be_counts(inspection_)) log_normalise(expression, library_sizes(expression), recipe);
    for (std::int64_t cell = 0; cell < expression.cells(); ++cell) {
      std::fill(of_cell.begin(), of_cell.end(), 0.0F);
      const auto stop = static_cast<std::size_t>(expression.row_begin[static_cast<std::size_t>(cell) + 1]);
      for (auto entry = static_cast<std::size_t>(expression.row_begin[static_cast<std::size_t>(cell)]);
           entry < stop; ++entry)
        of_cell[static_cast<std::size_t>(expression.gene[entry])] = expression.count[entry];
      for (std::size_t at = 0; at < proteins.size(); ++at)
        values[at * cells + static_cast<std::size_t>(begin - first + cell)] =
            of_cell[static_cast<std::size_t>(proteins[at])];
    }
  }
  return values;
}

}  // namespace plkd
