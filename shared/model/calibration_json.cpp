#include "shared/model/calibration_json.h"

#include <algorithm>
#include <cmath>

#include "shared/model/to_digits.h"

namespace plkd {

namespace {

using nlohmann::json;

// Three digits are more than any use of these numbers needs and keep a model file small.
json short_number(double value) {
  if (value == 0) return 0;
  return to_digits(value, 3);
}

template <class T>
json short_numbers(const std::vector<T>& values) {
  json list = json::array();
  for (const T value : values) list.push_back(short_number(static_cast<double>(value)));
  return list;
}

json promise_json(const Promise& promise) {
  json settings = json::array();
  for (const PromiseSetting& setting : promise.settings)
    settings.push_back({{"target", setting.target},
                        {"least_probability", short_number(static_cast<double>(setting.least_probability))},
                        {"error", short_number(setting.error)},
                        {"coverage", short_number(setting.coverage)},
                        {"broader", short_number(setting.broader)}});
  json shifts = json::array();
  for (const ShiftPoint& point : promise.shifts)
    shifts.push_back({{"shift", short_number(point.shift)}, {"error", short_numbers(point.error)}});
  json stored = {{"cells", promise.cells}, {"settings", settings}, {"shifts", shifts}};
  for (const PanelPoint& point : promise.panels)
    stored["panels"].push_back(
        {{"genes", short_number(point.genes)}, {"shift", short_number(point.shift)}, {"error", short_numbers(point.error)}});
  return stored;
}

Promise promise_of(const json& stored) {
  Promise promise;
  promise.cells = stored.at("cells");
  for (const json& setting : stored.at("settings"))
    promise.settings.push_back({setting.at("target"), setting.at("least_probability"), setting.at("error"),
                                setting.at("coverage"), setting.at("broader")});
  for (const json& point : stored.at("shifts"))
    promise.shifts.push_back({point.at("shift"), point.at("error")});
  for (const json& point : stored.value("panels", json::array()))
    promise.panels.push_back({point.at("genes"), point.at("shift"), point.at("error")});
  return promise;
}

json ontology_json(const Ontology& ontology) {
  json terms = json::array();
  for (const OntologyTerm& term : ontology.terms)
    terms.push_back({{"id", term.id}, {"name", term.name}, {"parents", term.parents}});
  return terms;
}

json class_means_json(const Model& model) {
  const auto genes = static_cast<std::size_t>(model.genes.size());
  json rows = json::array();
  for (std::size_t first = 0; first < model.class_means.size(); first += genes) {
    json row = json::array();
    for (std::size_t at = first; at < first + genes; ++at)
      row.push_back(short_number(static_cast<double>(model.class_means[at])));
    rows.push_back(std::move(row));
  }
  return rows;
}

bool promise_fits(const Promise& promise) {
  const auto by_target = [](const PromiseSetting& a, const PromiseSetting& b) { return a.target < b.target; };
  const auto by_shift = [](const ShiftPoint& a, const ShiftPoint& b) { return a.shift < b.shift; };
  const auto by_genes_missing = [](const PanelPoint& a, const PanelPoint& b) { return a.genes > b.genes; };
  if (promise.settings.empty()) return true;
  return std::is_sorted(promise.panels.begin(), promise.panels.end(), by_genes_missing) &&
         std::all_of(promise.panels.begin(), promise.panels.end(),
                     [&](const PanelPoint& point) { return point.error.size() == promise.settings.size(); }) &&
         !promise.shifts.empty() &&
         std::is_sorted(promise.settings.begin(), promise.settings.end(), by_target) &&
         std::is_sorted(promise.shifts.begin(), promise.shifts.end(), by_shift) &&
         std::all_of(promise.shifts.begin(), promise.shifts.end(),
                     [&](const ShiftPoint& point) { return point.error.size() == promise.settings.size(); });
}

bool novelty_fits(const Novelty& novelty, const Model& model) {
  if (novelty.width == 0) return novelty.whitening.empty() && novelty.centre.empty();
  const auto width = static_cast<std::size_t>(novelty.width);
  return novelty.width == model.student.latent_width() + model.student.classes() &&
         novelty.whitening.size() == width * (width + 1) / 2 && novelty.centre.size() == model.classes.size() * width;
}

bool ontology_fits(const Ontology& ontology) {
  const auto terms = static_cast<std::int32_t>(ontology.terms.size());
  for (const OntologyTerm& term : ontology.terms)
    for (const std::int32_t parent : term.parents)
      if (parent < 0 || parent >= terms) return false;
  return true;
}

bool class_means_fit(const Model& model) {
  const std::size_t whole = model.classes.size() * static_cast<std::size_t>(model.genes.size());
  if (!model.class_means.empty() && model.class_means.size() != whole) return false;
  return std::all_of(model.class_means.begin(), model.class_means.end(),
                     [](float mean) { return std::isfinite(mean) && mean >= 0; });
}

json calibration_json(const Calibration& calibration) {
  json stored = {{"temperature", calibration.temperature},
                 {"novelty_quantiles", calibration.novelty_quantiles},
                 {"unknown_above", calibration.unknown_above},
                 {"promise", promise_json(calibration.promise)}};
  if (calibration.likeness > 0) stored["likeness"] = short_number(static_cast<double>(calibration.likeness));
  if (calibration.novelty.width > 0)
    stored["novelty"] = {{"whitening", short_numbers(calibration.novelty.whitening)},
                         {"centre", short_numbers(calibration.novelty.centre)}};
  return stored;
}

Calibration calibration_of(const json& stored, std::size_t classes) {
  Calibration calibration;
  stored.at("temperature").get_to(calibration.temperature);
  // Version 1 had energies, at another temperature.
  stored.at(stored.contains("novelty_quantiles") ? "novelty_quantiles" : "energy_quantiles")
      .get_to(calibration.novelty_quantiles);
  if (stored.contains("novelty")) {
    Novelty& novelty = calibration.novelty;
    stored["novelty"].at("whitening").get_to(novelty.whitening);
    stored["novelty"].at("centre").get_to(novelty.centre);
    novelty.width = static_cast<std::int64_t>(novelty.centre.size() / classes);
  }
  stored.at("unknown_above").get_to(calibration.unknown_above);
  if (stored.contains("likeness")) stored["likeness"].get_to(calibration.likeness);
  if (stored.contains("promise")) calibration.promise = promise_of(stored["promise"]);
  return calibration;
}

}  // namespace

void write_calibration(json& stored, const Model& model) {
  stored["calibration"] = calibration_json(model.calibration);
  for (const PartialCalibration& partial : model.partial) {
    json present = json::array();
    for (const Modality modality : partial.present) present.push_back(name_of(modality));
    stored["partial"].push_back({{"present", present},
                                 {"accuracy", short_number(partial.accuracy)},
                                 {"macro_f1", short_number(partial.macro_f1)},
                                 {"calibration", calibration_json(partial.calibration)}});
  }
  if (!model.ontology.terms.empty()) stored["ontology"] = ontology_json(model.ontology);
  if (!model.class_means.empty()) stored["class_means"] = class_means_json(model);
}

void read_calibration(const json& stored, Model& model) {
  model.calibration = calibration_of(stored.at("calibration"), model.classes.size());
  for (const json& part : stored.value("partial", json::array())) {
    PartialCalibration partial;
    for (const json& name : part.at("present"))
      if (const auto modality = modality_named(name.get<std::string>())) partial.present.push_back(*modality);
    partial.accuracy = part.at("accuracy");
    partial.macro_f1 = part.at("macro_f1");
    partial.calibration = calibration_of(part.at("calibration"), model.classes.size());
    model.partial.push_back(std::move(partial));
  }
  if (stored.contains("ontology"))
    for (const json& term : stored["ontology"])
      model.ontology.terms.push_back({term.at("id"), term.at("name"), term.at("parents")});
  if (stored.contains("class_means"))
    for (const json& row : stored["class_means"])
      for (const json& mean : row) model.class_means.push_back(mean.get<float>());
}

std::string fault_in_calibration(const Model& model) {
  std::vector<const Calibration*> all = {&model.calibration};
  for (const PartialCalibration& partial : model.partial) all.push_back(&partial.calibration);
  for (const Calibration* calibration : all) {
    if (calibration->novelty_quantiles.size() < 2 || !(calibration->temperature > 0)) return "the calibration is not usable";
    if (!novelty_fits(calibration->novelty, model)) return "the novelty does not fit latent and types";
    if (!promise_fits(calibration->promise)) return "the promise is not usable";
  }
  if (!ontology_fits(model.ontology)) return "the ontology names a term that is not there";
  if (!class_means_fit(model)) return "the class means do not fit types and genes";
  return "";
}

}  // namespace plkd
