#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/model/calibration.h"
#include "shared/ontology/ontology.h"

namespace plkd {

// Held-out reference cells as the Student sees them, as they are (strength 0) or corrupted. The same cells in
// every view, once or several times over, each time corrupted anew.
struct HeldOutView {
  double strength = 0;
  std::vector<float> logits;       // [cells x classes]
  std::vector<float> latent = {};  // [cells x latent width], only where a novelty is measured in it

  std::int64_t cells(std::int64_t classes) const { return static_cast<std::int64_t>(logits.size()) / classes; }
  std::span<const float> logits_of(std::int64_t cell, std::int64_t classes) const {
    return {logits.data() + cell * classes, static_cast<std::size_t>(classes)};
  }
  std::span<const float> latent_of(std::int64_t cell, std::int64_t classes) const {
    const std::int64_t width = static_cast<std::int64_t>(latent.size()) / cells(classes);
    return {latent.data() + cell * width, static_cast<std::size_t>(width)};
  }
};

// Beyond this strength nothing is promised: corrupted so much, cells hide what real laboratories differ in.
constexpr double kMostPromised = 2;

// The same cells without some of the genes.
struct PanelView {
  double genes = 1;  // share of the model's genes left
  HeldOutView cells;
};

// Fits the settings to the cells as they are and follows their errors through the corrupted views, which come
// by strength, and through the panels, which come by falling share of genes. The calibration must have its temperature and
// quantiles already.
Promise fit_promise(const std::vector<HeldOutView>& views, const std::vector<std::int32_t>& label,
                    std::int64_t classes, const Calibration& calibration,
                    const std::vector<BroaderTerm>& broader, const std::vector<PanelView>& panels = {});

// The setting for a wanted error rate: the one with the largest target not above it, else the strictest there
// is. A model that promises nothing gives every cell that is not unknown its type.
PromiseSetting setting_for(const Promise& promise, double error_rate);

// How unlike the reference a query looks, from its cells' unknown scores one slice at a time: their mean,
// 0.5 for cells like the reference.
class ShiftMeter {
 public:
  void add(const std::vector<float>& unknown_score);
  double shift() const;
  double beyond_95() const;  // share of cells with a score above 0.95, of which the reference has 5 %

 private:
  std::int64_t cells_ = 0;
  std::int64_t beyond_95_ = 0;
  double sum_ = 0;
};

// What may be said about the labels of a query.
struct ExpectedError {
  PromiseSetting setting;
  double shift = 0;
  bool is_promised =
      false;  // false: the model promises nothing, or the query is shifted beyond what was tried
  bool is_shifted = false;  // clearly less like the reference than the reference's own held-out cells, of as many genes
  double genes_missing = 0;  // share of the model's; 0 when the model was not tried without genes
  // Share of wrong labels to expect at this shift, at the least; only when promised. Corruption knows shallow
  // sequencing and genes that are missing or caught differently, not laboratories that draw the line between
  // two types elsewhere.
  double error = 0;
};

// `genes_found`: share of the model's genes that the query has. What missing genes do to the shift of the reference's own cells is
// taken off the query's, on the scale of log odds, for a shift ends at 1; what they do to errors is added. Beyond the shifts that were tried
// there is a promise only where missing genes explain all of it.
ExpectedError expected_error(const Promise& promise, double error_rate, double shift, double genes_found = 1);

// For people: "about 5 % of given labels are wrong on cells like the reference; ..."
std::string statement(const ExpectedError& expected, double beyond_95);

}  // namespace plkd
