#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/annotate/annotate.h"
#include "shared/cli/annotate_slices.h"
#include "shared/cli/query_flags.h"
#include "shared/counts/open_counts.h"
#include "shared/model/model.h"

namespace plkd {

struct AnnotationRequest {
  std::string model;
  std::string cells;
  OpenCountsOptions open;
  QueryFlags query;
  int threads = default_threads();
  double error_rate = DecideOptions{}.error_rate;
  bool adapt = false;
  std::string batch;
  std::vector<std::string> only;  // see choose_types.h
  bool label_all = false;
  bool quiet = false;

  UnknownPolicy policy() const { return label_all ? UnknownPolicy::LabelAll : UnknownPolicy::Allow; }
};

// The request that a receipt records, of these files.
AnnotationRequest request_of(const nlohmann::json& receipt, const std::string& model, const std::string& cells);

// One run from files to labels, as annotate does it and verify does it again.
class AnnotationRun {
 public:
  explicit AnnotationRun(const AnnotationRequest& request);
  ~AnnotationRun();
  AnnotationRun(const AnnotationRun&) = delete;
  AnnotationRun& operator=(const AnnotationRun&) = delete;

  const Model& model() const;
  CountsReader& reader();

  // Annotates all cells and hands them over by slices, in order, with their names. Call once.
  void run(const std::function<void(const Annotations&, const std::vector<std::string>& names)>& take);

  // After run: how many cells got which label, and what may be promised.
  void print() const;
  // After run: see results/receipt.h. Reads the cells once more, for their digest.
  nlohmann::json receipt();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plkd
