#include "shared/cli/query_flags.h"

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

namespace plkd {

void declare_match(CLI::App& verb, QueryFlags& flags) {
  verb.add_flag("--orthologues", flags.orthologues,
                "also find genes by their names in the other organism, human or mouse, which the model must know");
  verb.add_option("--without", flags.without, "modality to leave aside though the file has it: rna, adt or atac; may be repeated")
      ->check(CLI::IsMember({"rna", "adt", "atac"}));
}

QueryOptions QueryFlags::options() const {
  QueryOptions options{orthologues ? Orthologues::Use : Orthologues::Ignore, force ? Gate::Report : Gate::Refuse, {}};
  for (const std::string& name : without)
    if (const auto modality = modality_named(name)) options.without.push_back(*modality);
  return options;
}

void declare_query(CLI::App& verb, QueryFlags& flags) {
  declare_match(verb, flags);
  verb.add_flag("--force", flags.force, "go on where organism, genes or values do not fit the model; labels may be noise");
}

std::string describe_modalities(const QueryReport& report, const Model& model) {
  std::string text;
  for (const ModalityReport& each : report.modalities) {
    const std::string where = each.where.empty() ? "" : " in '" + each.where + "'";
    if (each.is_used)
      text += "uses " + in_words(each.modality) + where + ": " + std::to_string(each.matched) + " of " + std::to_string(each.model_features) +
              " features; " + each.found + "\n";
    else
      text += "without " + in_words(each.modality) + (where.empty() ? "" : where + ": only " + std::to_string(each.matched) + " of " + std::to_string(each.model_features) + " features are there") + "\n";
  }
  for (const PartialCalibration& partial : model.partial) {
    if (partial.present != report.used()) continue;
    char expected[160];
    std::snprintf(expected, sizeof expected, "held-out cells of the reference, seen so: accuracy %.3f, macro F1 %.3f\n", partial.accuracy, partial.macro_f1);
    text += expected;
  }
  return text;
}

void warn(const QueryReport& report, Verbosity verbosity) {
  if (verbosity == Verbosity::Quiet) return;
  for (const std::string& reason : report.verdict.reasons()) std::fprintf(stderr, "warning: %s\n", reason.c_str());
  if (report.alignment.matched_by_orthologue > 0)
    std::fprintf(stderr, "warning: %lld genes were found by orthologue: the cells are of another organism than the model's\n",
                 static_cast<long long>(report.alignment.matched_by_orthologue));
}

}  // namespace plkd
