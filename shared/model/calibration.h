#pragma once

#include <cstdint>
#include <vector>

namespace plkd {

// One way to trade labels for errors, fitted on held-out cells of the reference.
struct PromiseSetting {
  double target = 0;            // share of wrong labels it was fitted for
  float least_probability = 0;  // a label is given when the probabilities of the types it covers sum to this
  // Of the labels given to held-out cells, types and broader terms, this share was wrong: (wrong + 1) /
  // (given + 1), never above the target. A broader term is right when it covers the true type.
  double error = 0;
  double coverage = 0;  // share of held-out cells that got a label
  double broader = 0;   // share of held-out cells that got a broader term
};

// Held-out cells as a more and more different laboratory would have seen them: what became of the errors.
struct ShiftPoint {
  double shift = 0;           // how unlike the reference they look: see shift_of
  std::vector<double> error;  // [settings]
};

// Held-out cells as if no more than a share of the model's genes, drawn at random, had been measured.
struct PanelPoint {
  double genes = 1;           // share of the model's
  double shift = 0;           // as above: missing genes alone make cells look unlike the reference
  std::vector<double> error;  // [settings]
};

// What a model may say about its own errors. Empty when there were too few held-out cells to promise
// anything.
struct Promise {
  std::vector<PromiseSetting> settings;  // targets ascending
  std::vector<ShiftPoint> shifts;        // shift and errors ascending; the first is the cells as they are
  std::int64_t cells = 0;                // held out
  std::vector<PanelPoint> panels = {};   // genes descending from 1, shift and errors ascending; empty in older models
};

// The space in which distances from the reference's types are measured: see annotate/novelty.h.
struct Novelty {
  // z = whitening * (latent, logits) has unit covariance within the types of the reference.
  std::int64_t width = 0;        // of latent and logits together; 0 when nothing was fitted
  std::vector<float> whitening;  // [width x width], lower triangle, row by row
  std::vector<float> centre;     // [classes x width], the types' means in z
  // Taken off every mean square distance: how far a query's types have moved, see annotate/displace.h; 0 in a
  // model.
  float allowance = 0;
};

constexpr float kLeastLikeness = 0.4F;

// Turns logits into probabilities, and these into a label or "unknown".
struct Calibration {
  // Logits are divided by it before the softmax; fitted on held-out reference cells.
  float temperature = 1;
  Novelty novelty;
  // novelty_quantiles[k]: the novelty below which k % of held-out reference cells lie; in a model without the
  // space above, the energy at temperature 2.
  std::vector<float> novelty_quantiles;  // [101], ascending
  // Median over held-out reference cells of what they have in common with their type, see
  // annotate/likeness.h; 0 when it was not measured; not used without class means. A cell with less than
  // kLeastLikeness of it is unknown, whatever the network makes of it.
  float likeness = 0;
  // A cell whose unknown score is above this is called unknown. Raising it gives more cells a label; 1 gives
  // all.
  float unknown_above = 0.99f;
  Promise promise;
};

}  // namespace plkd
