#include "shared/cli/evaluate_integration.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "shared/error.h"
#include "shared/preprocess/modalities.h"
#include "shared/student/student.h"
#include "shared/text.h"

namespace plkd {

namespace {

constexpr std::int64_t kSlice = 512;

std::vector<std::int64_t> cells_to_score(const std::vector<std::string>& truth,
                                         const std::vector<std::string>& batch) {
  std::vector<std::int64_t> cells;
  for (std::size_t cell = 0; cell < truth.size(); ++cell) {
    if (!truth[cell].empty() && (batch.empty() || !batch[cell].empty()))
      cells.push_back(static_cast<std::int64_t>(cell));
  }
  if (cells.size() < 2)
    throw Error(ErrorKind::BadInput, "integration needs at least two cells that have a label and a batch",
                "check the columns given to --labels and --batch");
  return cells;
}

// Expression of all slices that hold one of the chosen cells, `of_slice`; it begins with cell `first`.
template <class Work>
void for_each_slice(Query& query, const std::vector<std::int64_t>& chosen, const Work& work) {
  for (auto next = chosen.begin(); next != chosen.end();) {
    const std::int64_t first = *next, end = std::min(first + kSlice, query.cells());
    const auto last = std::lower_bound(next, chosen.end(), end);
    work(query.expression(first, end), first, std::vector<std::int64_t>(next, last));
    next = last;
  }
}

// Adds those of `chosen` that lie in cells [first, first + output's cells).
void add_slice(IntegrationCells& cells, const Model& model, const StudentOutput& output, std::int64_t first,
               const std::vector<std::int64_t>& chosen) {
  const auto width = static_cast<std::size_t>(cells.latents.width);
  const std::size_t classes = model.classes.size();
  for (const std::int64_t cell : chosen) {
    const auto row = static_cast<std::size_t>(cell - first);
    for (std::size_t i = 0; i < width; ++i) cells.latents.value.push_back(output.latent[row * width + i]);
    std::size_t best = 0;
    for (std::size_t label = 1; label < classes; ++label) {
      if (output.logits[row * classes + label] > output.logits[row * classes + best]) best = label;
    }
    cells.given.push_back(model.classes[best].name);
  }
}

// The same cells by some of their modalities.
struct View {
  std::string name;  // "rna", "adt", "rna+adt"
  std::vector<Modality> seen;
  Latents latents;
};

std::vector<View> views_of(const std::vector<Modality>& used, std::int64_t width) {
  std::vector<View> views;
  for (const std::vector<Modality>& seen : choices_of(used)) {
    std::vector<std::string> names;
    for (const Modality modality : seen) names.push_back(name_of(modality));
    views.push_back({joined(names, "+"), seen, {width, {}}});
  }
  return views;
}

void print_score(const char* name, double score, const char* meaning) {
  if (!std::isnan(score)) std::printf("  %-24s %8.4f  %s\n", name, score, meaning);
}

}  // namespace

IntegrationScores evaluate_integration(Query& query, const Model& model,
                                       const std::vector<std::string>& truth,
                                       const std::vector<std::string>& batch) {
  const std::vector<std::int64_t> eligible = cells_to_score(truth, batch);
  const std::vector<std::int64_t> chosen = sample_cells(eligible, kMaxIntegrationCells);
  IntegrationCells cells;
  cells.latents.width = model.student.latent_width();
  for_each_slice(query, chosen, [&](const CountMatrix& expression, std::int64_t first, const std::vector<std::int64_t>& of_slice) {
    add_slice(cells, model, run_student(model.student, expression), first, of_slice);
  });
  for (const std::int64_t cell : chosen) {
    cells.type.push_back(truth[static_cast<std::size_t>(cell)]);
    if (!batch.empty()) cells.batch.push_back(batch[static_cast<std::size_t>(cell)]);
  }
  IntegrationScores scores = integration_scores(cells);
  scores.drawn_from = static_cast<std::int64_t>(eligible.size());
  return scores;
}

std::vector<ViewScores> evaluate_views(Query& query, const Model& model, const std::vector<std::string>& truth) {
  if (query.report().used().size() < 2) return {};
  const std::vector<std::int64_t> chosen = sample_cells(cells_to_score(truth, {}), kMaxIntegrationCells / 2);
  std::vector<View> views = views_of(query.report().used(), model.student.latent_width());
  for_each_slice(query, chosen, [&](const CountMatrix& expression, std::int64_t first, const std::vector<std::int64_t>& of_slice) {
    for (View& view : views) {
      const std::vector<float> latent = run_student(model.student, only_modalities(expression, model.recipe.blocks, view.seen)).latent;
      for (const std::int64_t cell : of_slice) {
        const float* const row = latent.data() + (cell - first) * view.latents.width;
        view.latents.value.insert(view.latents.value.end(), row, row + view.latents.width);
      }
    }
  });
  std::vector<std::string> type;
  for (const std::int64_t cell : chosen) type.push_back(truth[static_cast<std::size_t>(cell)]);
  std::vector<ViewScores> all;
  for (std::size_t first = 0; first < views.size(); ++first) {
    for (std::size_t second = first + 1; second < views.size(); ++second) {
      all.push_back(view_scores(views[first].latents, views[second].latents, type));
      all.back().first = views[first].name;
      all.back().second = views[second].name;
    }
  }
  return all;
}

void print(const std::vector<ViewScores>& scores) {
  for (const ViewScores& pair : scores) {
    std::printf("the same cells by %s and by %s\n", pair.first.c_str(), pair.second.c_str());
    print_score("FOSCTTM", pair.foscttm, "cells of one nearer than the same cell, best at 0, 0.5 by chance");
    print_score("labels to second", pair.labels_to_second, ("types of " + pair.second + " by their neighbours in " + pair.first).c_str());
    print_score("labels to first", pair.labels_to_first, ("types of " + pair.first + " by their neighbours in " + pair.second).c_str());
    print_score("ASW label", pair.asw_label, "types apart");
    print_score("ASW view", pair.asw_view, "both views of a type on each other");
  }
}

void print(const IntegrationScores& scores) {
  std::printf("integration of %lld cells", static_cast<long long>(scores.cells));
  if (scores.drawn_from > scores.cells)
    std::printf(" drawn from %lld", static_cast<long long>(scores.drawn_from));
  std::printf(", %d types", scores.types);
  if (scores.batches > 0) std::printf(", %d batches", scores.batches);
  std::printf(" (1 is best, but for medians)\n");
  print_score("ASW label", scores.asw_label, "types apart");
  print_score("graph connectivity", scores.graph_connectivity, "types in one piece");
  print_score("cLISI", scores.clisi, "neighbours of one type");
  print_score("cLISI median", scores.clisi_median, "types among neighbours, best at 1");
  print_score("NMI given", scores.nmi_given, "given labels against true ones");
  print_score("ARI given", scores.ari_given, "given labels against true ones");
  print_score("NMI clusters", scores.nmi_clusters, "k-means on the latent against true labels");
  print_score("ARI clusters", scores.ari_clusters, "k-means on the latent against true labels");
  print_score("ASW batch", scores.asw_batch, "batches of a type on each other");
  print_score("iLISI", scores.ilisi, "neighbours of every batch");
  print_score("iLISI median", scores.ilisi_median, "batches among neighbours, best at their number");
}

}  // namespace plkd
