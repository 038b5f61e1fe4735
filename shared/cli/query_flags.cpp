#include "shared/cli/query_flags.h"

#include <cstdio>

#include <CLI/CLI.hpp>

namespace plkd {

void declare_orthologues(CLI::App& verb, QueryFlags& flags) {
  verb.add_flag("--orthologues", flags.orthologues,
                "also find genes by their names in the other organism, human or mouse, which the model must know");
}

void declare_query(CLI::App& verb, QueryFlags& flags) {
  declare_orthologues(verb, flags);
  verb.add_flag("--force", flags.force, "go on where organism, genes or values do not fit the model; labels may be noise");
}

void warn(const QueryReport& report, Verbosity verbosity) {
  if (verbosity == Verbosity::Quiet) return;
  for (const std::string& reason : report.verdict.reasons()) std::fprintf(stderr, "warning: %s\n", reason.c_str());
  if (report.alignment.matched_by_orthologue > 0)
    std::fprintf(stderr, "warning: %lld genes were found by orthologue: the cells are of another organism than the model's\n",
                 static_cast<long long>(report.alignment.matched_by_orthologue));
}

}  // namespace plkd
