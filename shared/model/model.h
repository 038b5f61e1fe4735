#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/genes/patterns.h"
#include "shared/genes/vocabulary.h"
#include "shared/preprocess/recipe.h"
#include "shared/student/student.h"

namespace plkd {

struct CellType {
  std::string name;
  std::string ontology_id;           // "CL:0000624", empty when the reference gave none
  std::int64_t reference_cells = 0;  // cells of this type the model was trained on
};

// Turns logits into probabilities and into "unknown".
struct Calibration {
  // Logits are divided by it before the softmax; fitted on held-out reference cells.
  float temperature = 1;
  // energy_quantiles[k]: the energy, -T log sum exp(logits / T), below which k % of held-out reference cells lie.
  std::vector<float> energy_quantiles;  // [101], ascending
  // A cell whose unknown score is above this is called unknown. Raising it gives more cells a label; 1 gives all.
  float unknown_above = 0.99f;
};

// What people read before they trust a model; everything is optional but the name.
struct ModelCard {
  std::string name;
  std::string organism;
  std::string tissue;
  std::string licence;
  std::vector<std::string> sources;
  nlohmann::json scores = nlohmann::json::object();  // held-out scores, as `plkd evaluate --json` writes them
};

// A trained model: one .onnx file that holds the Student's graph and weights, and everything else as one JSON in
// metadata_props["plkd"]. The format is specified in models/README.md.
struct Model {
  ModelCard card;
  PreprocessRecipe recipe;
  GeneVocabulary genes;
  std::vector<CellType> classes;
  Calibration calibration;
  std::vector<Pattern> patterns;  // the Teacher's tokens
  Student student;
  nlohmann::json provenance = nlohmann::json::object();  // data digests, seed, options, versions
};

// The file's bytes. Throws Internal when the parts do not fit each other.
std::string encode_model(const Model& model);

// Throws BadInput, naming `source`, when the bytes are no model of ours, a tensor does not fit the architecture, the
// JSON has an unknown key in its recipe, or its format is newer than this program.
Model decode_model(std::string_view bytes, const std::string& source);

Model read_model(const std::string& path);
void write_model(const Model& model, const std::string& path);

// Ten lines for people: what it knows, what it was trained on, how well it did.
std::string describe(const Model& model);

}  // namespace plkd
