#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/genes/patterns.h"
#include "shared/genes/vocabulary.h"
#include "shared/model/calibration.h"
#include "shared/ontology/ontology.h"
#include "shared/preprocess/recipe.h"
#include "shared/student/student.h"

namespace plkd {

struct CellType {
  std::string name;
  std::string ontology_id;           // "CL:0000624", empty when the reference gave none
  std::int64_t reference_cells = 0;  // cells of this type the model was trained on
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

// How sure labels are of cells in which not all was measured that the model takes.
struct PartialCalibration {
  std::vector<Modality> present;  // in the model's order
  Calibration calibration;
  // Held-out cells seen so: accuracy and macro F1 of the best types.
  double accuracy = 0;
  double macro_f1 = 0;
};

// A trained model: one .onnx file that holds the Student's graph and weights, and everything else as one JSON in
// metadata_props["plkd"]. The format is specified in models/README.md.
struct Model {
  ModelCard card;
  PreprocessRecipe recipe;
  // What it takes of a cell, in the order of its first layer. Of a model with several modalities, or of proteins or chromatin alone, the
  // recipe has the blocks: a protein's symbol is its name and its aliases are its genes, a stretch of chromatin has its place as its id
  // ("chr1:9776-10668"), and the flag behind each block is a feature, too.
  GeneVocabulary genes;
  std::vector<CellType> classes;
  Calibration calibration;
  std::vector<PartialCalibration> partial;  // for files that lack some modality; empty for a model of one
  Ontology ontology;                  // what lies above the types; empty when the model was trained without one
  std::vector<BroaderTerm> broader;   // follows from ontology and classes, not kept in the file: see set_ontology
  // Mean counts per 10,000 of the training cells of each type, to 3 digits; empty in a model that cannot adapt.
  std::vector<float> class_means;     // [classes x genes]
  std::vector<Pattern> patterns;  // the Teacher's tokens
  Student student;
  nlohmann::json provenance = nlohmann::json::object();  // data digests, seed, options, versions
};

// Keeps the part of an ontology that lies above the model's types, and the terms to fall back to.
void set_ontology(Model& model, const Ontology& ontology);

// From now on the model is calibrated for files that have these modalities alone; nothing changes when they
// are all. It promises nothing where that was not measured.
void calibrate_for(Model& model, const std::vector<Modality>& present);

// The name of a block's flag among the features.
std::string flag_name(Modality modality);  // "rna measured"

// Everything but the weights, as the file holds it: the keys of models/README.md.
nlohmann::json description_of(const Model& model);

// The file's bytes. Throws Internal when the parts do not fit each other.
std::string encode_model(const Model& model);

// Throws BadInput, naming `source`, when the bytes are no model of ours, a tensor does not fit the architecture, the
// JSON has an unknown key in its recipe, or its format is newer than this program.
Model decode_model(std::string_view bytes, const std::string& source);

Model read_model(const std::string& path);
void write_model(const Model& model, const std::string& path);

// Twelve lines for people: what it knows, what it was trained on, how well it did.
std::string describe(const Model& model);

}  // namespace plkd
