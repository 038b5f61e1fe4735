#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "shared/model/model.h"
#include "shared/text.h"

namespace plkd {

namespace {

std::string or_unstated(const std::string& text) { return text.empty() ? "not stated" : text; }

std::string number(double value, const char* format) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string scores(const nlohmann::json& card) {
  std::vector<std::string> parts;
  for (const char* score : {"accuracy", "macro_f1", "balanced_accuracy", "ece"})
    if (card.contains(score) && card[score].is_number())
      parts.push_back(std::string(score) + " " + number(card[score].get<double>(), "%.3f"));
  return parts.empty() ? "not stated" : joined(parts, ", ");
}

// "2 % wrong of 81 % labelled; 5 % of 97 %", for cells like the reference.
std::string promise(const Promise& promise) {
  std::vector<std::string> parts;
  for (const PromiseSetting& setting : promise.settings) {
    std::string part = number(100 * setting.error, "%.2g %%") + (parts.empty() ? " wrong" : "") + " of " +
                       number(100 * setting.coverage, "%.0f %%") + (parts.empty() ? " labelled" : "");
    if (parts.empty() || parts.back() != part) parts.push_back(part);
  }
  return parts.empty() ? "nothing" : joined(parts, "; ");
}

// ", 2,100 with aliases", for the genes it knows by more names.
std::string other_names(const GeneVocabulary& genes) {
  const auto with = [](const std::vector<std::vector<std::string>>& names, const char* what) {
    const auto named = static_cast<std::int64_t>(names.size()) - std::count(names.begin(), names.end(), std::vector<std::string>());
    return named == 0 ? "" : ", " + std::to_string(named) + " with " + what;
  };
  return with(genes.alias, "aliases") + with(genes.orthologue, "orthologues");
}

std::string features(const Model& model) {
  const char* const what = model.recipe.blocks.empty() ? "genes        " : "features     ";
  return what + std::to_string(model.genes.size()) + other_names(model.genes) + "\n";
}

// A line for each modality, and how well it does with some of them; nothing for a model of RNA alone.
std::string modalities(const Model& model) {
  std::string text;
  for (const FeatureBlock& block : model.recipe.blocks)
    text += (text.empty() ? "takes        " : ", ") + std::to_string(block.size()) + " of " + in_words(block.modality);
  if (text.empty()) return text;
  text += "\n";
  for (const PartialCalibration& partial : model.partial) {
    std::vector<std::string> names;
    for (const Modality modality : partial.present) names.push_back(in_words(modality));
    text += "alone        " + joined(names, " and ") + ": accuracy " + number(partial.accuracy, "%.3f") + ", macro_f1 " + number(partial.macro_f1, "%.3f") + "\n";
  }
  return text;
}

}  // namespace

std::string describe(const Model& model) {
  std::vector<std::string> types;
  std::int64_t reference_cells = 0;
  for (const CellType& type : model.classes) {
    types.push_back(type.name + " (" + std::to_string(type.reference_cells) + ")");
    reference_cells += type.reference_cells;
  }
  const auto bytes_of = [](const Linear& layer) { return (layer.weight.size() + layer.bias.size()) * sizeof(float); };
  std::size_t bytes = bytes_of(model.student.head) + bytes_of(model.student.map) +
                      bytes_of(model.student.direct) + bytes_of(model.student.patterns);
  for (const Linear& layer : model.student.hidden) bytes += bytes_of(layer);

  return "model        " + model.card.name + "\n" +
         "organism     " + or_unstated(model.card.organism) + ", tissue " + or_unstated(model.card.tissue) + "\n" +
         "types        " + std::to_string(model.classes.size()) + ": " + joined(types, ", ") + "\n" +
         "reference    " + std::to_string(reference_cells) + " cells: " + or_unstated(joined(model.card.sources, "; ")) + "\n" +
         features(model) +
         modalities(model) +
         "patterns     " + std::to_string(model.patterns.size()) +
         (model.student.pattern_count() > 0 ? ", scored for every cell\n" : ", not scored\n") +
         "student      " + architecture_of(model.student) + ", weights " +
         number(static_cast<double>(bytes) / 1e6, "%.1f MB") + "\n" +
         "held out     " + scores(model.card.scores) + "\n" +
         "unknown      above " + number(static_cast<double>(model.calibration.unknown_above), "%.3g") +
         ", temperature " + number(static_cast<double>(model.calibration.temperature), "%.3g") + "\n" +
         "broader      " + std::to_string(model.broader.size()) + " terms to fall back to\n" +
         "promise      " + promise(model.calibration.promise) + "\n" +
         "licence      " + or_unstated(model.card.licence) + "\n";
}

}  // namespace plkd
