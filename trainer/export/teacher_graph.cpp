#include "trainer/export/teacher_graph.h"

#include <cmath>
#include <string>
#include <vector>

#include "shared/error.h"
#include "shared/model/graph_builder.h"

namespace plkd {
namespace {

constexpr const char* kInput = "rna";

// Parameters and buffers by their names in the module, so that the graph needs no access to its parts.
class TeacherTensors {
 public:
  explicit TeacherTensors(const Teacher& teacher)
      : parameters_(teacher->named_parameters()), buffers_(teacher->named_buffers()) {}

  bool has(const std::string& name) const { return buffers_.contains(name); }
  torch::Tensor operator[](const std::string& name) const {
    const torch::Tensor* found = parameters_.find(name);
    if (found == nullptr) found = buffers_.find(name);
    if (found == nullptr) throw Error(ErrorKind::Internal, "the Teacher has no tensor '" + name + "'");
    return found->detach().to(torch::kCPU);
  }

 private:
  torch::OrderedDict<std::string, torch::Tensor> parameters_, buffers_;
};

template <class Number>
std::vector<Number> values_of(const torch::Tensor& tensor, torch::ScalarType type) {
  const torch::Tensor flat = tensor.to(type).contiguous();
  return {flat.data_ptr<Number>(), flat.data_ptr<Number>() + flat.numel()};
}

class TeacherGraph {
 public:
  TeacherGraph(const Teacher& teacher, const TeacherOptions& options, const std::vector<float>& input_scale)
      : tensors_(teacher), options_(options), input_scale_(torch::tensor(input_scale)) {}

  onnx::Graph build(std::int64_t genes) {
    build_.graph.name = "plkd teacher";
    build_.graph.inputs = {{kInput, genes}};
    build_.graph.outputs = {{"logits", tensors_["head.bias"].size(0)}, {"attention", place().size(0)}};
    constants();
    std::string tokens = this->tokens();
    std::vector<std::string> attention;  // of each block, heads averaged
    for (std::int64_t block = 0; block < options_.blocks; ++block) {
      const bool is_last = block + 1 == options_.blocks;
      const std::string name = "block" + std::to_string(block);
      attention.push_back(attend(name, is_last, tokens));
    }
    const std::string latent = build_.node("Reshape", {layer_norm("norm", tokens), "row of a cell"}, "latent");
    build_.linear(latent, "head", linear_of("head"));
    build_.graph.nodes.back().outputs = {"logits"};
    roll_out(attention);
    build_.constants();
    return build_.graph;
  }

 private:
  torch::Tensor place() const { return tensors_["patterns.place"]; }

  void constants() {
    const std::int64_t tokens = place().size(0) + 2;
    std::vector<float> first(static_cast<std::size_t>(tokens), 0);
    first[0] = 1;
    build_.tensor("zero", {}, {0});
    build_.tensor("class token alone", {1, 1, tokens}, first);
    build_.integers("first", {1}, {0});
    // In a Reshape 0 keeps what was there and -1 takes what is left.
    build_.integers("one token", {3}, {0, 1, -1});
    build_.integers("row of a cell", {2}, {0, -1});
    build_.integers("by head", {4}, {0, 0, options_.heads, -1});
    build_.integers("heads together", {3}, {0, 0, -1});
  }

  void tensor(const std::string& name, const torch::Tensor& values) {
    build_.tensor(name, values.sizes().vec(), values_of<float>(values, torch::kFloat));
  }

  std::string transpose(const std::string& x, const std::vector<std::int64_t>& order, const std::string& output) {
    build_.node("Transpose", {x}, output);
    build_.graph.nodes.back().lists["perm"] = order;
    return output;
  }

  std::string gather(const std::string& x, const std::string& which, std::int64_t axis, const std::string& output) {
    build_.node("Gather", {x, which}, output);
    build_.graph.nodes.back().ints["axis"] = axis;
    return output;
  }

  std::string concatenate(const std::vector<std::string>& parts, std::int64_t axis, const std::string& output) {
    build_.node("Concat", parts, output);
    build_.graph.nodes.back().ints["axis"] = axis;
    return output;
  }

  // Of the last dimension, whatever is before it; `weight` [out x in] as LibTorch keeps it.
  std::string linear(const std::string& x, const std::string& name, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
    tensor(name + ".weight", weight.t());
    tensor(name + ".bias", bias);
    return build_.node("Add", {build_.node("MatMul", {x, name + ".weight"}, name + ".product"), name + ".bias"}, name);
  }

  std::string linear(const std::string& x, const std::string& name) {
    return linear(x, name, tensors_[name + ".weight"], tensors_[name + ".bias"]);
  }

  Linear linear_of(const std::string& name) {
    const torch::Tensor weight = tensors_[name + ".weight"];
    return {weight.size(1), weight.size(0), values_of<float>(weight.t(), torch::kFloat),
            values_of<float>(tensors_[name + ".bias"], torch::kFloat)};
  }

  std::string layer_norm(const std::string& name, const std::string& x) {
    constexpr float kEpsilon = 1e-6F;  // as everywhere in the Teacher
    return build_.layer_norm(x, name,
                             {kEpsilon, values_of<float>(tensors_[name + ".weight"], torch::kFloat),
                              values_of<float>(tensors_[name + ".bias"], torch::kFloat)});
  }

  // The class token, the patterns in the order of their buckets, the free token: [cells x tokens x embed].
  // Attention does not care for the order, so patterns are sorted only once, at the end.
  std::string tokens() {
    const torch::Tensor weight = tensors_["patterns.weight"];
    const torch::Tensor padded = torch::cat({weight, torch::zeros({1, weight.size(1)})});
    std::vector<std::string> buckets;
    for (int bucket = 0; tensors_.has("patterns.gene" + std::to_string(bucket)); ++bucket) {
      const std::string name = "patterns." + std::to_string(bucket);
      const torch::Tensor gene = tensors_["patterns.gene" + std::to_string(bucket)];
      const torch::Tensor pair = tensors_["patterns.pair" + std::to_string(bucket)];
      build_.integers(name + ".gene", gene.sizes().vec(), values_of<std::int64_t>(gene, torch::kLong));
      const torch::Tensor scale = input_scale_.numel() > 1 ? input_scale_.index_select(0, gene.flatten()) : input_scale_;
      const torch::Tensor scaled = padded.index_select(0, pair.flatten()) * scale.unsqueeze(1);
      tensor(name + ".weight", scaled.view({pair.size(0), pair.size(1), -1}));
      const std::string x = gather(kInput, name + ".gene", 1, name + ".expression");  // [cells x patterns x width]
      const std::string by_pattern = transpose(x, {1, 0, 2}, name + ".by_pattern");
      buckets.push_back(build_.node("MatMul", {by_pattern, name + ".weight"}, name));  // [patterns x cells x embed]
    }
    const std::string all = transpose(concatenate(buckets, 0, "patterns"), {1, 0, 2}, "patterns.by_cell");
    tensor("patterns.bias", tensors_["patterns.bias"].index_select(0, place().argsort()));
    std::string patterns = build_.node("Add", {all, "patterns.bias"}, "patterns.tokens");
    if (tensors_.has("modality_of_token")) patterns = embed_modalities(patterns);
    const std::string free_row =
        linear(kInput, "free", tensors_["patterns.free.weight"] * input_scale_, tensors_["patterns.free.bias"]);
    const std::string free = build_.node("Reshape", {free_row, "one token"}, "free.token");
    // Nothing times the free token gives the class token a row for every cell.
    tensor("class_token", tensors_["class_token"]);
    const std::string nothing = build_.node("Mul", {free, "zero"}, "nothing");
    const std::string of_class = build_.node("Add", {nothing, "class_token"}, "class_token.of_cells");
    return concatenate({of_class, patterns, free}, 1, "tokens");
  }

  // Each token's embedding where its modality was measured; in the order of the buckets, as the tokens are.
  std::string embed_modalities(const std::string& patterns) {
    const torch::Tensor of_token =
        tensors_["modality_of_token"].narrow(0, 0, place().size(0)).index_select(0, place().argsort());
    const torch::Tensor flag = tensors_["flag"].index_select(0, of_token);
    build_.integers("modality.flag", {flag.size(0), 1}, values_of<std::int64_t>(flag, torch::kLong));
    tensor("modality.embedding", tensors_["modality_embedding"].index_select(0, of_token));
    const std::string is_measured = gather(kInput, "modality.flag", 1, "modality.is_measured");  // [cells x patterns x 1]
    return build_.node("Add", {patterns, build_.node("Mul", {is_measured, "modality.embedding"}, "modality")}, "patterns.embedded");
  }

  // Takes tokens [cells x tokens x embed] one block on, in the last one the class token alone, and returns the
  // attention, heads averaged: [cells x queries x tokens].
  std::string attend(const std::string& name, bool is_last, std::string& tokens) {
    const std::string normed = layer_norm(name + ".attention_norm", tokens);
    const std::string asking = is_last ? gather(normed, "first", 1, name + ".asking") : normed;
    const std::string updated = is_last ? gather(tokens, "first", 1, name + ".updated") : tokens;

    const torch::Tensor key_value = tensors_[name + ".key_value.weight"], bias = tensors_[name + ".key_value.bias"];
    const std::int64_t embed = key_value.size(1);
    const double scale = 1 / std::sqrt(static_cast<double>(embed) / static_cast<double>(options_.heads));
    const auto by_head = [&](const std::string& x, const std::vector<std::int64_t>& order) {
      return transpose(build_.node("Reshape", {x, "by head"}, x + ".heads"), order, x + ".by_head");
    };
    const std::string query = by_head(linear(asking, name + ".query", tensors_[name + ".query.weight"] * scale,
                                             tensors_[name + ".query.bias"] * scale),
                                      {0, 2, 1, 3});
    const std::string key =
        by_head(linear(normed, name + ".key", key_value.narrow(0, 0, embed), bias.narrow(0, 0, embed)), {0, 2, 3, 1});
    const std::string value = by_head(
        linear(normed, name + ".value", key_value.narrow(0, embed, embed), bias.narrow(0, embed, embed)), {0, 2, 1, 3});

    const std::string scores = build_.node("MatMul", {query, key}, name + ".scores");
    // [cells x heads x queries x tokens]
    const std::string attention = build_.node("Softmax", {scores}, name + ".attention");
    build_.graph.nodes.back().ints["axis"] = -1;
    const std::string mixed =
        transpose(build_.node("MatMul", {attention, value}, name + ".mixed"), {0, 2, 1, 3}, name + ".mixed.by_token");
    const std::string together = build_.node("Reshape", {mixed, "heads together"}, name + ".mixed.together");
    const std::string half_way = build_.node("Add", {updated, linear(together, name + ".project")}, name + ".half_way");

    const std::string wide = linear(layer_norm(name + ".mlp_norm", half_way), name + ".widen");
    const std::string narrow = linear(build_.gelu(wide, name + ".gelu", name + ".hidden"), name + ".narrow");
    tokens = build_.node("Add", {half_way, narrow}, name + ".tokens");

    build_.node("ReduceMean", {attention}, name + ".attention.mean");
    build_.graph.nodes.back().lists["axes"] = {1};
    build_.graph.nodes.back().ints["keepdims"] = 0;
    return name + ".attention.mean";
  }

  // See rollout: half of a block's flow passes by. A row of attention sums to 1, so with the residual it sums to 2.
  void roll_out(const std::vector<std::string>& attention) {
    std::string flow = "class token alone";  // [cells x 1 x tokens]
    for (std::size_t i = attention.size(); i-- > 0;) {
      const std::string name = "flow." + std::to_string(i);
      const bool is_last = i + 1 == attention.size();
      const std::string through =
          is_last ? attention[i] : build_.node("MatMul", {flow, attention[i]}, name + ".through");
      flow = build_.node("Mul", {build_.node("Add", {through, flow}, name + ".sum"), "half"}, name);
    }
    // The class token is before the patterns.
    const torch::Tensor where = place() + 1;
    build_.integers("patterns.place", where.sizes().vec(), values_of<std::int64_t>(where, torch::kLong));
    build_.node("Reshape", {gather(flow, "patterns.place", 2, "flow.patterns"), "row of a cell"}, "attention");
  }

  onnx::GraphBuilder build_;
  TeacherTensors tensors_;
  TeacherOptions options_;
  torch::Tensor input_scale_;  // [features], or one for all
};

}  // namespace

onnx::Graph graph_of(const Teacher& teacher, const TeacherOptions& options, std::int64_t genes,
                     const std::vector<float>& input_scale) {
  const torch::NoGradGuard no_gradient;
  return TeacherGraph(teacher, options, input_scale).build(genes);
}

}  // namespace plkd
