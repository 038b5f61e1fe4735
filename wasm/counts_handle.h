#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/genes/organism.h"
#include "shared/genes/proteins.h"
#include "shared/preprocess/inspect.h"
#include "shared/results/write_annotated_h5ad.h"
#include "wasm/values.h"

namespace plkd::page {

// A file of cells that was opened.
class CountsHandle {
 public:
  explicit CountsHandle(std::unique_ptr<CountsReader> reader) : reader_(std::move(reader)) {
    for (std::size_t which = 0; which < reader_->other_features().size(); ++which)
      unfit_.push_back(unfit_values(*reader_, which));
  }

  CountsReader& reader() { return *reader_; }

  val summary() const {
    val summary = val::object();
    summary.set("format", reader_->format());
    summary.set("slots", val::array(reader_->slots()));
    summary.set("slot", reader_->slot());
    summary.set("cells", number(reader_->cells()));
    summary.set("genes", number(reader_->genes().size()));
    summary.set("organism", name_of(guess_organism(reader_->genes()).organism));
    summary.set("columns", val::array(reader_->column_names()));
    summary.set("keepsResults", keeps_results(*reader_));
    summary.set("modalities", modalities());
    return summary;
  }

  // In one piece: a string each would cost more than reading them.
  val cell_names(double first, double end) {
    return guarded([&] {
      std::vector<std::uint8_t> bytes;
      std::vector<std::uint32_t> begin = {0};
      for (const std::string& name : reader_->cell_names(static_cast<std::int64_t>(first), static_cast<std::int64_t>(end))) {
        bytes.insert(bytes.end(), name.begin(), name.end());
        begin.push_back(static_cast<std::uint32_t>(bytes.size()));
      }
      val names = val::object();
      names.set("bytes", copy_of(bytes));
      names.set("begin", copy_of(begin));
      return names;
    });
  }

  val index() const {
    const nlohmann::json index = reader_->index();
    return index.is_null() ? val::null() : copy_of(nlohmann::json::to_cbor(index));
  }

  val column(const std::string& name) {
    return guarded([&] {
      const CellColumn column = reader_->column(name);
      val result = val::object();
      result.set("categories", val::array(column.categories));
      result.set("code", copy_of(column.code));
      return result;
    });
  }

 private:
  val modalities() const {
    val all = val::array();
    for (std::size_t which = 0; which < unfit_.size(); ++which) {
      const OtherFeatures& each = reader_->other_features()[which];
      ProteinReport found{.proteins = static_cast<std::int64_t>(each.names.size())};
      if (each.modality == Modality::Protein) found = proteins_of(each.names).report;
      val item = val::object();
      item.set("name", name_of(each.modality));
      item.set("where", each.where);
      item.set("features", number(found.proteins));
      item.set("isotypes", val::array(found.isotypes));
      item.set("hashtags", val::array(found.hashtags));
      item.set("unfit", unfit_[which]);
      all.call<void>("push", item);
    }
    return all;
  }

  std::unique_ptr<CountsReader> reader_;
  std::vector<std::string> unfit_;  // [other features], see inspect.h
};

}  // namespace plkd::page
