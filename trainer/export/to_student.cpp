#include "trainer/export/to_student.h"

#include <tuple>
#include <vector>

namespace plkd {
namespace {

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

// LibTorch keeps [out x in]; the file keeps [in x out], so that the genes a cell expresses are rows.
Linear linear_of(const LinearFunction& function, const std::vector<float>& input_scale) {
  return {function.weight.size(1), function.weight.size(0), values_of(function.weight.t() * torch::tensor(input_scale, function.weight.options()).unsqueeze(1)),
          values_of(function.bias)};
}

Linear linear_of(const torch::nn::Linear& layer, const std::vector<float>& input_scale = {1}) {
  return linear_of(LinearFunction{layer->weight, layer->bias}, input_scale);
}

// Each component is turned so that its largest loading is positive: an eigenvector's sign is arbitrary.
torch::Tensor turned(const torch::Tensor& component) {  // [width x 1]
  const torch::Tensor largest =
      component.flatten().index_select(0, component.abs().flatten().argmax().unsqueeze(0));
  return component * largest.sign();
}

Linear map_of(const torch::Tensor& latent) {  // [cells x width]
  const torch::Tensor wide = latent.to(torch::kCPU, torch::kDouble);
  const torch::Tensor mean = wide.mean(0, true);
  const torch::Tensor centred = wide - mean;
  const torch::Tensor vectors =
      std::get<1>(torch::linalg_eigh(centred.t().matmul(centred)));  // by rising eigenvalue
  const std::int64_t width = wide.size(1);
  const torch::Tensor axes =
      torch::cat({turned(vectors.narrow(1, width - 1, 1)), turned(vectors.narrow(1, width - 2, 1))}, 1);
  return {width, 2, values_of(axes), values_of(-mean.matmul(axes))};
}

// Principal components are settled long before this many cells.
constexpr std::int64_t kCellsForMap = 50000;

}  // namespace

Student to_student(StudentNet& network, const TrainingPart& part) {
  const torch::NoGradGuard no_gradient;
  network->eval();
  Student student;
  for (const torch::nn::Linear& layer : network->hidden()) {
    student.hidden.push_back(student.hidden.empty() ? linear_of(layer, part.input_scale) : linear_of(layer));
  }
  for (const torch::nn::LayerNorm& norm : network->norm()) {
    student.norm.push_back(
        {static_cast<float>(norm->options.eps()), values_of(norm->weight), values_of(norm->bias)});
  }
  student.head = linear_of(network->head());
  if (network->direct().weight.defined()) student.direct = linear_of(network->direct(), part.input_scale);
  if (network->patterns()) student.patterns = linear_of(network->patterns());
  std::vector<torch::Tensor> latent;
  for_each_slice(evenly_spaced(part.train, kCellsForMap),
                 [&](const Cells& slice) { latent.push_back(network->forward(part.input(slice)).latent); });
  student.map = map_of(torch::cat(latent));
  return student;
}

}  // namespace plkd
