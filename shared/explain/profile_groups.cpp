#include "shared/explain/profile_groups.h"

#include <utility>

#include "shared/explain/gene_values.h"

namespace plkd {

GroupProfile::GroupProfile(Query& query, const Model& model, std::int32_t groups)
    : query_(query), model_(model), genes_(query.report().alignment.query_genes, groups),
      patterns_(static_cast<std::size_t>(groups * model.student.pattern_count())) {}

void GroupProfile::add(std::int64_t first, std::int64_t end, const std::vector<std::int32_t>& group) {
  CountMatrix counts = query_.counts(first, end);
  const auto patterns = static_cast<std::size_t>(model_.student.pattern_count());
  if (patterns > 0) {
    const StudentOutput output =
        run_student(model_.student, query_.expression_of(counts, first), StudentTask::LabelAndExplain);
    for (std::size_t cell = 0; cell < group.size(); ++cell) {
      if (group[cell] < 0) continue;
      for (std::size_t pattern = 0; pattern < patterns; ++pattern)
        patterns_[static_cast<std::size_t>(group[cell]) * patterns + pattern] += static_cast<double>(output.patterns[cell * patterns + pattern]);
    }
  }
  genes_.add(log_normalised(std::move(counts), query_.recipe()), group);
}

std::vector<float> GroupProfile::pattern_means() const {
  const auto patterns = static_cast<std::size_t>(model_.student.pattern_count());
  std::vector<float> means;
  for (std::size_t at = 0; at < patterns_.size(); ++at) {
    const std::int64_t cells = genes_.cells()[at / patterns];
    means.push_back(cells == 0 ? 0 : static_cast<float>(patterns_[at] / static_cast<double>(cells)));
  }
  return means;
}

}  // namespace plkd
