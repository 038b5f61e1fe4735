#include "trainer/teacher/checkpoint.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "shared/error.h"

namespace plkd {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "plkd teacher 1";

json genes_of(const GeneVocabulary& genes) { return {{"symbol", genes.symbol}, {"id", genes.id}}; }

json patterns_of(const std::vector<Pattern>& patterns) {
  json list = json::array();
  for (const Pattern& pattern : patterns) list.push_back({{"name", pattern.name}, {"genes", pattern.genes}});
  return list;
}

json classes_of(const std::vector<CellType>& classes) {
  json list = json::array();
  for (const CellType& type : classes) list.push_back(type.name);
  return list;
}

json tensors_of(Teacher& teacher) {
  json list = json::array();
  for (const auto& parameter : teacher->named_parameters()) {
    list.push_back({{"name", parameter.key()}, {"shape", parameter.value().sizes().vec()}});
  }
  return list;
}

bool starts_with(const std::string& text, const std::string& beginning) {
  return text.rfind(beginning, 0) == 0;
}

Error not_a_teacher(const std::string& path) {
  return {ErrorKind::BadInput, path + ": not a Teacher that plkd saved",
          "give --warm-start a file written by --save-teacher"};
}

struct SavedTeacher {
  json header;
  std::map<std::string, torch::Tensor> tensors;
};

SavedTeacher read_teacher(const std::string& path) {
  if (!std::ifstream(path, std::ios::binary)) {
    throw Error(ErrorKind::BadInput, path + ": cannot be opened", "check the path given to --warm-start");
  }
  SavedTeacher saved;
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(path, torch::kCPU);
    c10::IValue header;
    archive.read("header", header);
    saved.header = json::parse(header.toStringRef());
    if (saved.header.at("format") != kFormat) throw not_a_teacher(path);
    for (std::size_t i = 0; i < saved.header.at("tensors").size(); ++i) {
      torch::Tensor tensor;
      archive.read("tensor" + std::to_string(i), tensor);
      saved.tensors.emplace(saved.header["tensors"][i].at("name").get<std::string>(), tensor);
    }
  } catch (const c10::Error&) {
    throw not_a_teacher(path);
  } catch (const json::exception&) {
    throw not_a_teacher(path);
  }
  return saved;
}

// Why a tensor cannot be taken; empty when it can.
std::string objection(const std::string& name, const torch::Tensor& tensor, const SavedTeacher& saved,
                      const TeacherContext& context) {
  const auto found = saved.tensors.find(name);
  if (found == saved.tensors.end()) return "not in the file";
  if (starts_with(name, "patterns.") && saved.header.at("genes") != genes_of(context.genes)) {
    return "of the pattern layer, other genes";
  }
  if (starts_with(name, "patterns.") && saved.header.at("patterns") != patterns_of(context.patterns)) {
    return "of the pattern layer, other patterns";
  }
  if (starts_with(name, "head.") && saved.header.at("classes") != classes_of(context.classes)) {
    return "of the head, other classes";
  }
  return found->second.sizes() == tensor.sizes() ? "" : "of another shape";
}

}  // namespace

void save_teacher(const std::string& path, Teacher& teacher, const TeacherContext& context) {
  const json header = {{"format", kFormat},
                       {"genes", genes_of(context.genes)},
                       {"patterns", patterns_of(context.patterns)},
                       {"classes", classes_of(context.classes)},
                       {"tensors", tensors_of(teacher)}};
  torch::serialize::OutputArchive archive;
  archive.write("header", c10::IValue(header.dump()));
  std::size_t number = 0;
  for (const torch::Tensor& parameter : teacher->parameters()) {
    archive.write("tensor" + std::to_string(number++), parameter.detach().to(torch::kCPU));
  }
  try {
    archive.save_to(path);
  } catch (const c10::Error&) {
    throw Error(ErrorKind::BadInput, path + ": the Teacher cannot be written",
                "check the folder and the space left");
  }
}

WarmStart warm_start(const std::string& path, Teacher& teacher, const TeacherContext& context) {
  const torch::NoGradGuard no_gradient;
  const SavedTeacher saved = read_teacher(path);
  WarmStart result;
  std::map<std::string, std::int64_t> objections;
  for (auto& parameter : teacher->named_parameters()) {
    ++result.of;
    const std::string why = objection(parameter.key(), parameter.value(), saved, context);
    if (!why.empty()) {
      ++objections[why];
      continue;
    }
    parameter.value().detach().copy_(saved.tensors.at(parameter.key()));
    ++result.taken;
  }
  result.summary =
      path + ": " + std::to_string(result.taken) + " of " + std::to_string(result.of) + " tensors taken";
  for (const auto& [why, count] : objections) {
    result.summary +=
        (why == objections.begin()->first ? "; not taken: " : ", ") + std::to_string(count) + " " + why;
  }
  if (result.taken == 0) {
    throw Error(ErrorKind::BadInput, result.summary,
                "a warm start needs a Teacher of the same --teacher-width at least; leave --warm-start out");
  }
  return result;
}

}  // namespace plkd
