#include "trainer/reference_mode.h"

#include <algorithm>
#include <limits>
#include <set>
#include <sstream>

#include "shared/error.h"

namespace plkd {
namespace {

void as_published_layout(TrainOptions& options) { options.teacher.network.layout = TokenLayout::AsPublished; }

void as_published_clustering(TrainOptions& options) {
  options.teacher.clustering.form = ClusteringForm::AsPublished;
  options.teacher.clustering_weight = 1;
}

void as_published_self_entropy(TrainOptions& options) {
  options.student.self_entropy_form = SelfEntropyForm::AsPublished;
  options.student.self_entropy_weight = 1;
}

// Its classes are alike from then on.
void as_published_split(TrainOptions& options) {
  options.prepare.split = SplitOrder::OversampleFirst;
  options.teacher.shares = {.least = 0};
}

void as_published_loop(FitLoopOptions& loop, OptimiserKind optimiser) {
  loop.optimiser = optimiser;
  loop.batch = 8;
  loop.learning_rate = 1e-3;
  loop.memory = 0;
  loop.keep = Checkpoint::Last;
  loop.limits = {1, std::numeric_limits<std::int64_t>::max()};
}

void as_published_optimiser(TrainOptions& options) {
  as_published_loop(options.teacher.loop, OptimiserKind::PublishedTeacher);
  options.teacher.loop.weight_decay = 5e-5;
  options.teacher.epochs = 10;
  as_published_loop(options.student.loop, OptimiserKind::PublishedStudent);
  options.student.loop.weight_decay = 0;
  options.student.epochs = 10;
}

void without_augmentation(TrainOptions& options) {
  for (CorruptionOptions* corruption : {&options.teacher.corruption, &options.student.corruption}) {
    corruption->thinned_share = 0;
    corruption->max_masked = corruption->other_panels = 0;
    corruption->gene_spread = 0;
    corruption->modality_dropout = 0;
  }
  options.teacher.mixed_share = 0;
  options.student.mixed_share = 0;
}

void as_published_distillation(TrainOptions& options) {
  options.committee.standardised = 0;
  options.committee.expression = 0;
  options.student.teacher_share = 0.5;
  options.student.temperature = 4;
  options.student.pattern_weight = 0;
  options.student.shares = {.least = 0};
  options.student.prior = 1;
  options.teacher.label_smoothing = 0;
  options.student.label_smoothing = 0;
}

void as_published_network(TrainOptions& options) {
  TeacherOptions& teacher = options.teacher.network;
  teacher.dropout = 0.5;
  teacher.attention_dropout = 0.5;
  teacher.token_dropout = 0;
  teacher.drop_path = 0.5;
  teacher.start = TeacherStart::AsPublished;
  options.student.network.dropout = 0.1;
  options.student.network.norm = HiddenNorm::Layer;
  options.prepare.input = InputScale::Unscaled;
}

std::set<std::string> names_in(const std::string& list) {
  std::set<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) names.insert(name);
  return names;
}

void require_known(const std::set<std::string>& names) {
  std::string known;
  for (const Deviation& deviation : deviations())
    known += std::string(known.empty() ? "" : ", ") + deviation.name;
  for (const std::string& name : names) {
    const bool is_known = std::any_of(deviations().begin(), deviations().end(),
                                      [&](const Deviation& deviation) { return deviation.name == name; });
    if (!is_known)
      throw Error(ErrorKind::WrongUsage, "--reference-mode: '" + name + "' is none of its parts",
                  "they are " + known);
  }
}

}  // namespace

const std::vector<Deviation>& deviations() {
  static const std::vector<Deviation> all = {
      {"layout", "tokens reshaped the wrong way round from a dense masked layer", as_published_layout},
      {"ddc", "clustering loss on raw logits, weight 1", as_published_clustering},
      {"self-entropy", "with the sign that rewards collapse, weight 1", as_published_self_entropy},
      {"split", "classes oversampled before cells are held out, so that copies are on both sides",
       as_published_split},
      {"optimiser", "SGD for the Teacher, Adam for the Student, batches of 8, 10 epochs, the last checkpoint",
       as_published_optimiser},
      {"augmentation", "no corrupted and no mixed cells", without_augmentation},
      {"distillation",
       "the Transformer alone teaches; half Teacher, half labels, temperature 4, no label smoothing",
       as_published_distillation},
      {"network",
       "dropout and stochastic depth of 0.5, small initial weights, LayerNorm in the Student, expression not "
       "scaled",
       as_published_network}};
  return all;
}

void use_reference_mode(TrainOptions& options, const std::string& list) {
  std::set<std::string> names = names_in(list);
  const bool all = names.empty() || names == std::set<std::string>{"all"};
  if (!all) require_known(names);
  for (const Deviation& deviation : deviations()) {
    if (!all && names.count(deviation.name) == 0) continue;
    deviation.apply(options);
    options.as_published.push_back(deviation.name);
  }
}

}  // namespace plkd
