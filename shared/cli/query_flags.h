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

// Warns of what --force set aside and of genes found by orthologue.
void warn(const QueryReport& report, Verbosity verbosity);

}  // namespace plkd
