#pragma once

#include "shared/annotate/annotate.h"
#include "shared/cli/progress.h"

namespace CLI {
class App;
}

namespace plkd {

// How a query is matched with a model, the same for every verb that labels cells.
struct QueryFlags {
  bool orthologues = false;
  bool force = false;

  QueryOptions options() const {
    return {orthologues ? Orthologues::Use : Orthologues::Ignore, force ? Gate::Report : Gate::Refuse};
  }
};

void declare_query(CLI::App& verb, QueryFlags& flags);
// Without --force, for a verb that only reports what the gate finds.
void declare_orthologues(CLI::App& verb, QueryFlags& flags);

// Warns of what the gate found and was not to refuse, and of genes found by orthologue.
void warn(const QueryReport& report, Verbosity verbosity);

}  // namespace plkd
