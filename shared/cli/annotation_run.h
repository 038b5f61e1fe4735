#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/annotate/annotate.h"
#include "shared/annotate/vote.h"
#include "shared/cli/annotate_slices.h"
#include "shared/counts/counts_reader.h"
#include "shared/model/model.h"
#include "shared/results/receipt.h"

namespace plkd {

struct AnnotationRequest {
  std::string model;
  std::string cells;
  ReceiptOptions options;
  int threads = default_threads();
  bool quiet = false;

  UnknownPolicy policy() const { return options.label_all ? UnknownPolicy::LabelAll : UnknownPolicy::Allow; }
};

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

  // After run: what each of the user's clusters is; nullptr without --clusters.
  const ClusterVote* vote() const;

  // After run: how many cells got which label, what clusters are, and what may be promised.
  void print() const;
  // After run: see results/receipt.h. Reads the cells once more, for their digest.
  nlohmann::json receipt();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plkd
