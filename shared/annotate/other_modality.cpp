#include "shared/annotate/other_modality.h"

#include <algorithm>
#include <map>
#include <utility>

#include "shared/annotate/gate.h"
#include "shared/counts/row_builder.h"
#include "shared/genes/peaks.h"
#include "shared/genes/proteins.h"
#include "shared/preprocess/inspect.h"

namespace plkd {

namespace {

bool is_better(const ModalityReport& a, const ModalityReport& b) {
  if (a.unfit.empty() != b.unfit.empty()) return a.unfit.empty();
  return a.matched > b.matched;
}

// Says of what is taken that there was another that has something.
void pass_over(ModalityReport& taken, const ModalityReport& other) {
  if (other.matched > 0) taken.passed_over.push_back(other.where);
}

}  // namespace

OtherModality::OtherModality(CountsReader& reader, const GeneVocabulary& model, const FeatureBlock& block)
    : first_feature_(block.first) {
  report_.modality = block.modality;
  report_.model_features = model.size();
  const std::vector<OtherFeatures>& all = reader.other_features();
  for (std::size_t which = 0; which < all.size(); ++which) {
    if (all[which].modality != block.modality) continue;
    ModalityReport report{
        .modality = block.modality, .where = all[which].where, .model_features = model.size()};
    Targets targets = block.modality == Modality::Protein ? match_proteins(all[which].names, model, report)
                                                          : match_peaks(all[which].names, model, report);
    std::vector<std::int32_t> missing = without_target(targets, model.size());
    report.matched = model.size() - static_cast<std::int64_t>(missing.size());
    for (const std::int32_t feature : missing) report.missing.push_back(name_of(model, static_cast<std::size_t>(feature)));
    if (report.matched > 0) report.unfit = unfit_values(reader, which);
    if (!report_.where.empty() && !is_better(report, report_)) {
      pass_over(report_, report);
      continue;
    }
    report.passed_over = report_.passed_over;
    pass_over(report, report_);
    report_ = std::move(report);
    targets_ = std::move(targets);
    missing_ = std::move(missing);
    which_ = which;
  }
  const bool is_enough =
      static_cast<double>(report_.matched) >= kSmallestPanel * static_cast<double>(report_.model_features);
  report_.is_used = is_enough && report_.matched > 0 && report_.unfit.empty();
  for (std::int32_t& feature : missing_) feature += static_cast<std::int32_t>(first_feature_);
}

std::vector<std::int32_t> OtherModality::without_target(const Targets& targets, std::int64_t features) {
  std::vector<char> is_there(static_cast<std::size_t>(features));
  for (const std::vector<std::int32_t>& of_feature : targets)
    for (const std::int32_t target : of_feature) is_there[static_cast<std::size_t>(target)] = 1;
  std::vector<std::int32_t> missing;
  for (std::int32_t feature = 0; feature < static_cast<std::int32_t>(features); ++feature)
    if (!is_there[static_cast<std::size_t>(feature)]) missing.push_back(feature);
  return missing;
}

void OtherModality::set_aside() {
  report_.is_used = false;
  report_.is_set_aside = true;
}

OtherModality::Targets OtherModality::match_proteins(const std::vector<std::string>& names, const GeneVocabulary& model, ModalityReport& report) {
  const ProteinVocabulary found = proteins_of(names);
  const GeneAlignment alignment = align(found.proteins, model);
  report.found = describe(found.report);
  report.controls = found.report.isotypes;
  report.controls.insert(report.controls.end(), found.report.hashtags.begin(), found.report.hashtags.end());
  Targets targets;
  for (const std::int32_t protein : found.protein_of_tag) {
    targets.emplace_back();
    const std::int32_t feature = protein < 0 ? -1 : alignment.model_gene[static_cast<std::size_t>(protein)];
    if (feature >= 0) targets.back().push_back(feature);
  }
  return targets;
}

OtherModality::Targets OtherModality::match_peaks(const std::vector<std::string>& names, const GeneVocabulary& model, ModalityReport& report) {
  // The model's stretches by chromosome and where they begin. They overlap little, so a walk back from a peak's end is short.
  std::map<std::string, std::vector<std::pair<Interval, std::int32_t>>> stretches;
  std::int64_t longest = 0;
  for (std::int64_t feature = 0; feature < model.size(); ++feature) {
    const std::optional<Interval> interval = interval_of_peak(model.id[static_cast<std::size_t>(feature)]);
    if (!interval) continue;
    longest = std::max(longest, interval->end - interval->begin);
    stretches[interval->chromosome].emplace_back(*interval, static_cast<std::int32_t>(feature));
  }
  const auto by_begin = [](const auto& a, const auto& b) { return a.first.begin < b.first.begin; };
  for (auto& [chromosome, list] : stretches) std::stable_sort(list.begin(), list.end(), by_begin);

  Targets targets(names.size());
  std::int64_t used = 0;
  for (std::size_t peak = 0; peak < names.size(); ++peak) {
    const std::optional<Interval> place = interval_of_peak(names[peak]);
    if (!place) continue;
    const auto found = stretches.find(place->chromosome);
    if (found == stretches.end()) continue;
    const auto& list = found->second;
    auto at = std::lower_bound(list.begin(), list.end(), place->end, [](const auto& stretch, std::int64_t end) { return stretch.first.begin < end; });
    for (; at != list.begin() && (at - 1)->first.begin > place->begin - longest; --at) {
      const auto& [interval, feature] = *(at - 1);
      if (interval.end <= place->begin) continue;
      targets[peak].push_back(feature);
    }
    used += !targets[peak].empty();
  }
  report.found = std::to_string(names.size()) + " peaks, " + std::to_string(used) + " of them in the model's stretches";
  return targets;
}

CountMatrix OtherModality::counts(CountsReader& reader, std::int64_t first, std::int64_t end) const {
  CountMatrix counts;
  counts.genes = first_feature_ + report_.model_features;
  if (!report_.is_used) {
    counts.row_begin.assign(static_cast<std::size_t>(end - first) + 1, 0);
    return counts;
  }
  const CountMatrix read = reader.read_other(which_, first, end);
  RowBuilder rows(counts);
  std::vector<std::int32_t> feature;
  std::vector<float> count;
  for (std::size_t cell = 0; cell + 1 < read.row_begin.size(); ++cell) {
    feature.clear();
    count.clear();
    for (auto entry = static_cast<std::size_t>(read.row_begin[cell]); entry < static_cast<std::size_t>(read.row_begin[cell + 1]); ++entry) {
      for (const std::int32_t target : targets_[static_cast<std::size_t>(read.gene[entry])]) {
        feature.push_back(static_cast<std::int32_t>(first_feature_) + target);
        count.push_back(read.count[entry]);
      }
    }
    rows.append(feature, count);
  }
  return counts;
}

}  // namespace plkd
