#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "shared/model/model.h"

namespace plkd {

// The parts of a model's description that labels are decided by, as models/README.md specifies them:
// "calibration", "ontology" and "class_means". The last two, and the promise in the first, are optional.
void write_calibration(nlohmann::json& stored, const Model& model);
void read_calibration(const nlohmann::json& stored, Model& model);

// What is wrong with these parts, empty when nothing is.
std::string fault_in_calibration(const Model& model);

}  // namespace plkd
