#include "shared/model/model.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "shared/digest.h"
#include "shared/error.h"
#include "shared/model/calibration_json.h"
#include "shared/model/graph_builder.h"
#include "shared/model/onnx.h"
#include "shared/model/teacher_file.h"
#include "shared/model/to_digits.h"

namespace plkd {

namespace {

using nlohmann::json;

constexpr int kFormatVersion = 2;
// Larger than any expression is small: what is measured at all saturates.
constexpr float kAnything = 1e12F;

// ---- the Student as a graph --------------------------------------------------------------------------------------

std::string hidden_name(std::size_t layer) { return "hidden." + std::to_string(layer); }

// Of one block: its features and behind them its flag, 1 in cells in which any of them is above zero.
std::string flagged(const FeatureBlock& block, onnx::GraphBuilder& build) {
  const std::string name = name_of(block.modality);
  const Linear sum{block.size(), 1, std::vector<float>(static_cast<std::size_t>(block.size()), kAnything), {0}};
  const std::string flag = build.node("Clip", {build.linear(name, name + ".any", sum), "zero", "one"}, name + ".flag");
  return build.concat({name, flag}, name + ".flagged");
}

// The graph's inputs, and the name of all that the first layer takes of them.
std::string features_of(const PreprocessRecipe& recipe, const Student& student, onnx::GraphBuilder& build) {
  if (recipe.blocks.empty()) {
    const std::string rna = name_of(Modality::Rna);
    build.graph.inputs = {{rna, student.genes()}};
    return rna;
  }
  std::vector<std::string> parts;
  for (const FeatureBlock& block : recipe.blocks) {
    build.graph.inputs.push_back({name_of(block.modality), block.size()});
    parts.push_back(flagged(block, build));
  }
  build.tensor("zero", {}, {0});
  return parts.size() == 1 ? parts.front() : build.concat(parts, "features");
}

onnx::Graph graph_of(const Student& student, const PreprocessRecipe& recipe) {
  onnx::GraphBuilder build;
  build.graph.name = "plkd student";
  const std::string features = features_of(recipe, student, build);
  build.graph.outputs = {{"logits", student.classes()}, {"latent", student.latent_width()}, {"map", 2}};
  std::string h = features;
  for (std::size_t layer = 0; layer < student.hidden.size(); ++layer) {
    const std::string name = hidden_name(layer);
    h = build.linear(h, name, student.hidden[layer]);
    if (!student.norm.empty()) h = build.layer_norm(h, name, student.norm[layer]);
    h = build.gelu(h, name, layer + 1 == student.hidden.size() ? "latent" : name + ".gelu");
  }
  build.linear(h, "head", student.head);
  if (student.has_direct()) {
    build.linear(features, "direct", student.direct);
    build.node("Add", {"head", "direct"}, "logits");
  } else {
    build.graph.nodes.back().outputs = {"logits"};
  }
  build.linear(h, "map", student.map);
  build.graph.nodes.back().outputs = {"map"};
  if (student.pattern_count() > 0) {
    build.graph.outputs.push_back({"patterns", student.pattern_count()});
    build.linear(h, "patterns", student.patterns);
    build.graph.nodes.back().outputs = {"patterns"};
  }
  build.constants();
  return build.graph;
}

[[noreturn]] void damaged(const std::string& source, const std::string& what) {
  throw Error(ErrorKind::BadInput, source + ": " + what, "the model file is damaged or was edited, copy it again");
}

const onnx::Tensor& tensor_of(const onnx::Graph& graph, const std::string& name, std::size_t dimensions,
                              const std::string& source) {
  const onnx::Tensor* tensor = graph.find(name);
  if (tensor == nullptr) damaged(source, "tensor '" + name + "' is missing");
  if (tensor->shape.size() != dimensions) damaged(source, "tensor '" + name + "' has the wrong number of dimensions");
  if (!tensor->integers.empty()) damaged(source, "tensor '" + name + "' holds whole numbers");
  for (const float value : tensor->values)
    if (!std::isfinite(value)) damaged(source, "tensor '" + name + "' holds a value that is not a number");
  return *tensor;
}

Linear linear_of(const onnx::Graph& graph, const std::string& name, const std::string& source) {
  const onnx::Tensor& weight = tensor_of(graph, name + ".weight", 2, source);
  const onnx::Tensor& bias = tensor_of(graph, name + ".bias", 1, source);
  if (bias.shape[0] != weight.shape[1]) damaged(source, "tensor '" + name + ".bias' does not fit its weights");
  return {weight.shape[0], weight.shape[1], weight.values, bias.values};
}

LayerNorm layer_norm_of(const onnx::Graph& graph, const std::string& name, std::int64_t width,
                        const std::string& source) {
  LayerNorm norm;
  norm.gain = tensor_of(graph, name + ".gain", 1, source).values;
  norm.shift = tensor_of(graph, name + ".shift", 1, source).values;
  if (static_cast<std::int64_t>(norm.gain.size()) != width || norm.shift.size() != norm.gain.size())
    damaged(source, "tensor '" + name + ".gain' does not fit its layer");
  for (const onnx::Node& node : graph.nodes)
    if (node.op == "LayerNormalization" && node.inputs.size() > 1 && node.inputs[1] == name + ".gain" &&
        node.floats.count("epsilon") > 0)
      norm.epsilon = node.floats.at("epsilon");
  return norm;
}

Student student_of(const onnx::Graph& graph, const std::string& source) {
  Student student;
  std::int64_t width = 0;
  while (graph.find(hidden_name(student.hidden.size()) + ".weight") != nullptr) {
    const std::string name = hidden_name(student.hidden.size());
    student.hidden.push_back(linear_of(graph, name, source));
    const Linear& layer = student.hidden.back();
    if (student.hidden.size() > 1 && layer.in != width) damaged(source, "layer '" + name + "' does not fit the one before");
    width = layer.out;
    if (graph.find(name + ".gain") != nullptr) student.norm.push_back(layer_norm_of(graph, name, width, source));
  }
  if (student.hidden.empty()) damaged(source, "tensor 'hidden.0.weight' is missing");
  if (!student.norm.empty() && student.norm.size() != student.hidden.size())
    damaged(source, "some hidden layers are normalised and some are not");
  student.head = linear_of(graph, "head", source);
  student.map = linear_of(graph, "map", source);
  if (graph.find("direct.weight") != nullptr) student.direct = linear_of(graph, "direct", source);
  if (student.has_direct() && (student.direct.in != student.genes() || student.direct.out != student.classes()))
    damaged(source, "the direct layer does not fit genes and classes");
  if (graph.find("patterns.weight") != nullptr) student.patterns = linear_of(graph, "patterns", source);
  if (student.head.in != width || student.map.in != width || student.map.out != 2 ||
      (student.pattern_count() > 0 && student.patterns.in != width))
    damaged(source, "the last layers do not fit the latent");
  return student;
}

std::string digest_of(const onnx::Graph& graph) {
  Digest digest;
  for (const onnx::Tensor& tensor : graph.initialisers) digest.add(std::span<const float>(tensor.values));
  return digest.hex();
}

bool same_structure(const onnx::Graph& a, const onnx::Graph& b) {
  const auto same_port = [](const onnx::Port& p, const onnx::Port& q) { return p.name == q.name && p.width == q.width; };
  const auto same_node = [](const onnx::Node& p, const onnx::Node& q) {
    return p.op == q.op && p.inputs == q.inputs && p.outputs == q.outputs && p.floats == q.floats && p.ints == q.ints;
  };
  return std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), b.inputs.end(), same_port) &&
         std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(), same_port) &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(), same_node);
}

// ---- everything else as JSON -------------------------------------------------------------------------------------

json to_json(const Pattern& pattern) {
  json weight = json::array();
  // Four digits rank genes as well as nine and take half the room.
  for (const float value : pattern.weight) weight.push_back(to_digits(static_cast<double>(value), 4));
  return {{"name", pattern.name}, {"genes", pattern.genes}, {"weight", weight}};
}

// Names beyond symbol and id only where there are any.
json to_json(const GeneVocabulary& genes) {
  json stored = {{"symbol", genes.symbol}, {"id", genes.id}};
  if (!genes.alias.empty()) stored["alias"] = genes.alias;
  if (!genes.orthologue.empty()) stored["orthologue"] = genes.orthologue;
  return stored;
}

// A recipe we half understand would give wrong labels in silence, so an unknown key is an error.
void refuse_unknown(const json& stored, const std::set<std::string>& known, const std::string& source) {
  for (const auto& item : stored.items())
    if (known.count(item.key()) == 0)
      throw Error(ErrorKind::BadInput, source + ": the recipe has an unknown key '" + item.key() + "'",
                  "use a newer version of plkd");
}

// How a modality's counts are normalised, as the file says it.
const char* normalisation_of(Modality modality) { return modality == Modality::Protein ? "clr" : "log1p"; }

void read_modalities(const json& stored, PreprocessRecipe& recipe, const std::string& source) {
  std::int64_t first = 0;
  for (const json& part : stored) {
    refuse_unknown(part, {"name", "normalise", "features", "typical"}, source);
    const std::optional<Modality> modality = modality_named(part.at("name").get<std::string>());
    if (!modality || part.at("normalise") != normalisation_of(*modality))
      throw Error(ErrorKind::BadInput, source + ": the recipe has an unknown modality " + part.dump(), "use a newer version of plkd");
    const std::int64_t end = first + part.at("features").get<std::int64_t>();
    recipe.blocks.push_back({*modality, first, end});
    if (*modality == Modality::Protein) recipe.typical_proteins = part.value("typical", std::vector<float>());
    first = end + 1;  // behind the flag
  }
}

json to_json(const PreprocessRecipe& recipe) {
  json stored = {{"normalise", "log1p"}, {"target_sum", recipe.target_sum}};
  for (const FeatureBlock& block : recipe.blocks) {
    json part = {{"name", name_of(block.modality)}, {"normalise", normalisation_of(block.modality)}, {"features", block.size()}};
    if (block.modality == Modality::Protein)
      for (const float value : recipe.typical_proteins) part["typical"].push_back(to_digits(static_cast<double>(value), kTypicalDigits));
    stored["modalities"].push_back(std::move(part));
  }
  return stored;
}

PreprocessRecipe recipe_of(const json& stored, const std::string& source) {
  refuse_unknown(stored, {"normalise", "target_sum", "modalities"}, source);
  if (stored.at("normalise") != "log1p")
    throw Error(ErrorKind::BadInput, source + ": unknown normalisation " + stored.at("normalise").dump(),
                "use a newer version of plkd");
  PreprocessRecipe recipe{.target_sum = stored.at("target_sum").get<float>()};
  read_modalities(stored.value("modalities", json::array()), recipe, source);
  return recipe;
}

Model from_json(const json& stored, const std::string& source) {
  Model model;
  const int version = stored.at("version").get<int>();
  if (version > kFormatVersion)
    throw Error(ErrorKind::BadInput,
                source + ": model format " + std::to_string(version) + " is newer than this program, which reads " +
                    std::to_string(kFormatVersion),
                "use a newer version of plkd");
  const json& card = stored.at("card");
  model.card = {card.at("name"),    card.at("organism"),
                card.at("tissue"),  card.at("licence"),
                card.at("sources"), card.value("scores", json::object())};
  model.recipe = recipe_of(stored.at("recipe"), source);
  stored.at("genes").at("symbol").get_to(model.genes.symbol);
  stored.at("genes").at("id").get_to(model.genes.id);
  model.genes.alias = stored.at("genes").value("alias", model.genes.alias);
  model.genes.orthologue = stored.at("genes").value("orthologue", model.genes.orthologue);
  for (const json& type : stored.at("classes"))
    model.classes.push_back({type.at("name"), type.at("ontology_id"), type.at("reference_cells")});
  read_calibration(stored, model);
  for (const json& pattern : stored.at("patterns"))
    model.patterns.push_back({pattern.at("name"), pattern.at("genes"), pattern.value("weight", std::vector<float>())});
  model.provenance = stored.at("provenance");
  return model;
}

void check_parts_fit(const Model& model, const std::string& source) {
  const auto is_list_of_genes = [&](const auto& names) { return names.empty() || names.size() == model.genes.symbol.size(); };
  if (!is_list_of_genes(model.genes.alias) || !is_list_of_genes(model.genes.orthologue))
    damaged(source, "the genes' aliases or orthologues are not one list for each gene");
  if (model.genes.id.size() != model.genes.symbol.size() || model.genes.size() != model.student.genes())
    damaged(source, "the list of genes does not fit the first layer");
  if (!model.recipe.blocks.empty() && model.recipe.blocks.back().end + 1 != model.genes.size())
    damaged(source, "the modalities do not fit the list of features");
  const FeatureBlock* const proteins = block_of(model.recipe, Modality::Protein);
  if (proteins != nullptr && !model.recipe.typical_proteins.empty() &&
      static_cast<std::int64_t>(model.recipe.typical_proteins.size()) != proteins->size())
    damaged(source, "the typical values do not fit the proteins");
  if (static_cast<std::int64_t>(model.classes.size()) != model.student.classes())
    damaged(source, "the list of classes does not fit the last layer");
  const std::string fault = fault_in_calibration(model);
  if (!fault.empty()) damaged(source, fault);
  const auto scored = static_cast<std::size_t>(model.student.pattern_count());
  if (scored != 0 && scored != model.patterns.size())
    damaged(source, "the list of patterns does not fit the layer that scores them");
  for (const Pattern& pattern : model.patterns) {
    if (!pattern.weight.empty() && pattern.weight.size() != pattern.genes.size())
      damaged(source, "pattern '" + pattern.name + "' does not have one weight for each gene");
    for (const std::int32_t gene : pattern.genes)
      if (gene < 0 || gene >= model.genes.size()) damaged(source, "pattern '" + pattern.name + "' names a gene that is not there");
  }
}

}  // namespace

void calibrate_for(Model& model, const std::vector<Modality>& present) {
  for (const PartialCalibration& partial : model.partial) {
    if (partial.present != present) continue;
    model.calibration = partial.calibration;
    return;
  }
  const bool has_all =
      std::equal(present.begin(), present.end(), model.recipe.blocks.begin(), model.recipe.blocks.end(),
                 [](Modality modality, const FeatureBlock& block) { return modality == block.modality; });
  if (!has_all && !model.recipe.blocks.empty()) model.calibration.promise = {};
}

std::string flag_name(Modality modality) { return name_of(modality) + " measured"; }

void set_ontology(Model& model, const Ontology& ontology) {
  std::vector<std::string> ids;
  for (const CellType& type : model.classes) ids.push_back(type.ontology_id);
  model.ontology = part_above(ontology, ids);
  model.broader = broader_terms(model.ontology, ids);
}

json description_of(const Model& model) {
  json classes = json::array();
  for (const CellType& type : model.classes)
    classes.push_back(
        {{"name", type.name}, {"ontology_id", type.ontology_id}, {"reference_cells", type.reference_cells}});
  json patterns = json::array();
  for (const Pattern& pattern : model.patterns) patterns.push_back(to_json(pattern));
  json stored = {
      {"version", kFormatVersion},
      {"architecture", architecture_of(model.student)},
      {"card",
       {{"name", model.card.name},
        {"organism", model.card.organism},
        {"tissue", model.card.tissue},
        {"licence", model.card.licence},
        {"sources", model.card.sources},
        {"scores", model.card.scores}}},
      {"recipe", to_json(model.recipe)},
      {"genes", to_json(model.genes)},
      {"classes", classes},
      {"patterns", patterns},
      {"provenance", model.provenance},
  };
  write_calibration(stored, model);
  return stored;
}

std::string encode_model(const Model& model) {
  check_parts_fit(model, model.card.name);
  onnx::Graph graph = graph_of(model.student, model.recipe);
  json stored = description_of(model);
  stored["weights"] = digest_of(graph);
  graph.metadata[onnx::kMetadataKey] = stored.dump();
  return onnx::encode(graph);
}

Model decode_model(std::string_view bytes, const std::string& source) {
  const onnx::Graph graph = onnx::decode(bytes, source);
  const auto metadata = graph.metadata.find(onnx::kMetadataKey);
  if (metadata == graph.metadata.end())
    throw Error(ErrorKind::BadInput, source + ": an ONNX file, but not a plkd model",
                "give an .onnx file written by plkd train");
  try {
    const json stored = json::parse(metadata->second);
    if (is_teacher(stored))
      throw Error(ErrorKind::BadInput, source + ": the Teacher of the model '" + stored.value("name", "") + "', not a model",
                  "give the .onnx file that plkd train wrote with --out");
    Model model = from_json(stored, source);
    model.student = student_of(graph, source);
    check_parts_fit(model, source);
    set_ontology(model, model.ontology);
    const std::string architecture = architecture_of(model.student);
    if (stored.at("architecture") != architecture)
      damaged(source, "architecture " + stored.at("architecture").dump() + " does not fit the tensors, which are '" +
                          architecture + "'");
    if (stored.at("weights") != digest_of(graph)) damaged(source, "the weights differ from those that were written");
    // What any ONNX engine would run must be what our own engine runs.
    if (!same_structure(graph, graph_of(model.student, model.recipe))) damaged(source, "the graph is not the Student's");
    return model;
  } catch (const json::exception& error) {
    damaged(source, std::string("the model's description cannot be read (") + error.what() + ")");
  }
}

Model read_model(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorKind::BadInput, path + ": cannot be opened", "check the path of the model file");
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return decode_model(bytes, path);
}

void write_model(const Model& model, const std::string& path) {
  const std::string bytes = encode_model(model);
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw Error(ErrorKind::BadInput, path + ": cannot be written", "check the folder and the free space");
}

}  // namespace plkd
