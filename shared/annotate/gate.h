#pragma once

#include <string>
#include <vector>

#include "shared/genes/organism.h"
#include "shared/genes/vocabulary.h"
#include "shared/model/model.h"
#include "shared/preprocess/inspect.h"

namespace plkd {

enum class GateReason { Organism, FewGenes, SmallPanel, Values };

// One thing that is wrong with a query for a model.
struct GateProblem {
  GateReason reason = GateReason::FewGenes;
  std::string what;    // "the genes are of mouse (98 % of symbols ...), the model is of human"
  std::string remedy;  // what to do next
};

// Whether a model may be believed about a query at all, before any cell is labelled.
struct GateVerdict {
  std::vector<GateProblem> problems;
  // The model knows the genes' names in the query's organism: with Orthologues::Use it may pass.
  bool orthologues_help = false;

  bool passes() const { return problems.empty(); }
  std::vector<std::string> reasons() const;  // what of each problem
};

// Shares of the model's genes, by measurement on panels drawn at random: tests/bench/panels.md.
// Below this labels are noise.
constexpr double kFewestGenes = 0.05;
// Below this hardly a cell gets a label, and the shift withdraws every promise.
constexpr double kSmallestPanel = 0.3;

struct GateInput {
  const OrganismGuess& organism;
  const AlignmentReport& alignment;
  const Inspection& inspection;
  Orthologues orthologues = Orthologues::Ignore;
};

GateVerdict judge(const GateInput& query, const Model& model);

// Throws BadInput with all that is wrong and the first remedy.
void refuse(const GateVerdict& verdict, const std::string& path);

}  // namespace plkd
