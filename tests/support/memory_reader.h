#pragma once

#include <string>
#include <utility>
#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/error.h"

namespace plkd::test {

// A matrix held in memory as a reader, so that a test can say what the file holds.
class MemoryReader : public CountsReader {
 public:
  MemoryReader(CountMatrix counts, GeneVocabulary genes) : counts_(std::move(counts)), genes_(std::move(genes)) {}

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return path_; }
  std::int64_t cells() const override { return counts_.cells(); }
  const GeneVocabulary& genes() const override { return genes_; }

  CountMatrix read(std::int64_t first, std::int64_t end) override {
    return select_cells(counts_, first, end);
  }
  std::vector<std::string> cell_names(std::int64_t first, std::int64_t end) override {
    std::vector<std::string> names;
    for (std::int64_t cell = first; cell < end; ++cell) names.push_back("cell" + std::to_string(cell));
    return names;
  }
  std::vector<std::string> column_names() const override {
    std::vector<std::string> names;
    for (const CellColumn& column : columns) names.push_back(column.name);
    return names;
  }
  CellColumn column(const std::string& name) override {
    for (const CellColumn& column : columns)
      if (column.name == name) return column;
    throw Error(ErrorKind::BadInput, "memory: no column '" + name + "'");
  }

  const std::vector<OtherFeatures>& other_features() const override { return others; }
  CountMatrix read_other(std::size_t which, std::int64_t first, std::int64_t end) override {
    return select_cells(other_counts.at(which), first, end);
  }

  std::vector<CellColumn> columns;
  std::vector<OtherFeatures> others;
  std::vector<CountMatrix> other_counts;  // [others]

 private:
  std::string path_ = "memory";
  CountMatrix counts_;
  GeneVocabulary genes_;
};

}  // namespace plkd::test
