#include "shared/cli/query_flags.h"

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "shared/text.h"

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

namespace {

std::string passed_over(const ModalityReport& report) {
  return report.passed_over.empty() ? "" : "; taken before " + joined(report.passed_over, ", ");
}

std::string why_without(const ModalityReport& report, const std::string& where, const std::string& matched) {
  if (report.is_set_aside) return ", as asked";
  if (!report.unfit.empty()) return where + ": " + report.unfit;
  return where.empty() ? ": none are there" : where + ": only " + matched + " are there";
}

// How well labels of held-out cells were with these modalities, beside all.
std::string expected_of(const std::vector<Modality>& used, const Model& model) {
  for (const PartialCalibration& partial : model.partial) {
    if (partial.present != used) continue;
    char expected[160];
    std::snprintf(expected, sizeof expected,
                  "held-out cells of the reference, seen so: accuracy %.3f, macro F1 %.3f", partial.accuracy,
                  partial.macro_f1);
    const auto accuracy = model.card.scores.find("accuracy");
    const bool is_known = accuracy != model.card.scores.end() && accuracy->is_number();
    if (!is_known) return std::string(expected) + "\n";
    char of_all[80];
    std::snprintf(of_all, sizeof of_all, "; with all modalities: accuracy %.3f", accuracy->get<double>());
    return std::string(expected) + of_all + "\n";
  }
  return "";
}

}  // namespace

std::string describe_modalities(const QueryReport& report, const Model& model) {
  std::string text;
  for (const ModalityReport& each : report.modalities) {
    const std::string where = each.where.empty() ? "" : " in '" + each.where + "'";
    const std::string matched =
        std::to_string(each.matched) + " of " + std::to_string(each.model_features) + " features";
    if (each.is_used)
      text += "uses " + in_words(each.modality) + where + ": " + matched + "; " + each.found +
              (each.is_completed ? "; the missing ones are taken to be as in a typical cell of the reference" : "") + passed_over(each) + "\n";
    else
      text += "without " + in_words(each.modality) + why_without(each, where, matched) + "\n";
  }
  return text + expected_of(report.used(), model);
}

void warn(const QueryReport& report, Verbosity verbosity) {
  if (verbosity == Verbosity::Quiet) return;
  for (const std::string& reason : report.verdict.reasons()) std::fprintf(stderr, "warning: %s\n", reason.c_str());
  if (report.alignment.matched_by_orthologue > 0)
    std::fprintf(stderr, "warning: %lld genes were found by orthologue: the cells are of another organism than the model's\n",
                 static_cast<long long>(report.alignment.matched_by_orthologue));
}

}  // namespace plkd
