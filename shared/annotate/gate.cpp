#include "shared/annotate/gate.h"

#include <cmath>

#include "shared/error.h"

namespace plkd {

namespace {

std::string percent(double share) { return std::to_string(std::lround(100 * share)) + " %"; }

bool is_one_of_two(Organism organism) { return organism == Organism::Human || organism == Organism::Mouse; }

// Only human and mouse are told apart; a model of another organism, or of none that is named, takes what comes.
void judge_organism(const GateInput& query, const Model& model, GateVerdict& verdict) {
  const Organism made_for = organism_named(model.card.organism);
  const Organism given = query.organism.organism;
  if (given == Organism::Unknown || !(is_one_of_two(made_for))) return;
  if (given == made_for) return;
  const std::string what = "the genes are of " + name_of(given) + " (" + query.organism.evidence + "), the model is of " +
                           name_of(made_for);
  if (given == Organism::Mixed) {
    verdict.problems.push_back({GateReason::Organism, what, "keep the cells and genes of one organism"});
    return;
  }
  if (query.orthologues == Orthologues::Use) return;
  verdict.orthologues_help = is_one_of_two(given) && !model.genes.orthologue.empty();
  const std::string other_model = "use a model of " + name_of(given);
  verdict.problems.push_back(
      {GateReason::Organism, what,
       verdict.orthologues_help ? "map them to the model's by --orthologues, or " + other_model
                                : other_model + ", or one trained with a --gene-table of orthologues"});
}

void judge_genes(const GateInput& query, const Model& model, GateVerdict& verdict) {
  const AlignmentReport& found = query.alignment;
  const std::string genes = "only " + std::to_string(found.matched()) + " of the model's " +
                            std::to_string(found.model_genes) + " genes are in this file";
  if (found.share() < kFewestGenes) {
    verdict.problems.push_back({GateReason::FewGenes, genes,
                                "check that file and model '" + model.card.name +
                                    "' are of the same organism and that genes are named by symbol or Ensembl id"});
  } else if (found.share() < kSmallestPanel) {
    verdict.problems.push_back(
        {GateReason::SmallPanel,
         genes + " (" + percent(found.share()) + "): with fewer than " + percent(kSmallestPanel) + " no error rate can be promised",
         "use a model trained on this panel's genes"});
  }
}

void judge_values(const GateInput& query, GateVerdict& verdict) {
  if (query.inspection.kind != ValueKind::Unclear && query.inspection.kind != ValueKind::Scaled) return;
  verdict.problems.push_back({GateReason::Values,
                              "values are neither counts nor log-normalised: " + query.inspection.evidence,
                              remedy_for_values()});
}

}  // namespace

std::vector<std::string> GateVerdict::reasons() const {
  std::vector<std::string> what;
  for (const GateProblem& problem : problems) what.push_back(problem.what);
  return what;
}

GateVerdict judge(const GateInput& query, const Model& model) {
  GateVerdict verdict;
  judge_organism(query, model, verdict);
  judge_genes(query, model, verdict);
  judge_values(query, verdict);
  return verdict;
}

void refuse(const GateVerdict& verdict, const std::string& path) {
  if (verdict.passes()) return;
  std::string what;
  for (const std::string& reason : verdict.reasons()) what += (what.empty() ? "" : "; ") + reason;
  throw Error(ErrorKind::BadInput, path + ": " + what, verdict.problems.front().remedy + "; --force goes on all the same");
}

}  // namespace plkd
