#include "shared/counts/h5ad.h"
#include "shared/counts/h5ad_encoding.h"
#include "shared/counts/hdf5_file.h"
#include "shared/error.h"

#include <array>
#include <cstdio>
#include <utility>

namespace plkd {
namespace {

using hdf5::Dataset;
using hdf5::Group;
using h5ad::create_texts;
using h5ad::declare;

Group create_table(const Group& root, const std::string& name) {
  Group table = root.create_group(name);
  declare(table, "dataframe", "0.2.0");
  table.write_attribute("_index", std::string("_index"));
  return table;
}

// A gene goes by its symbol, or by its id where no symbol is known.
std::vector<std::string> names_of(const GeneVocabulary& genes) {
  std::vector<std::string> names = genes.symbol;
  for (std::size_t gene = 0; gene < names.size(); ++gene) {
    if (names[gene].empty()) names[gene] = genes.id[gene];
  }
  return names;
}

bool has_ids(const GeneVocabulary& genes) {
  for (const std::string& id : genes.id) {
    if (!id.empty()) return true;
  }
  return false;
}

void write_genes(const Group& root, const GeneVocabulary& genes) {
  const Group var = create_table(root, "var");
  create_texts(var, "_index").append(names_of(genes));
  if (!has_ids(genes)) {
    var.write_attribute("column-order", std::vector<std::string>());
    return;
  }
  create_texts(var, "gene_ids").append(genes.id);
  var.write_attribute("column-order", std::vector<std::string>{"gene_ids"});
}

}  // namespace

struct H5adWriter::Impl {
  Impl(const std::string& path, const GeneVocabulary& genes, int compression)
      : root(hdf5::create_file(path)),
        matrix(root.create_group("X")),
        obs(create_table(root, "obs")),
        value(matrix.create_list("data", Group::ListType::Float32, compression)),
        gene(matrix.create_list("indices", Group::ListType::Int32, compression)),
        row_begin(matrix.create_list("indptr", Group::ListType::Int64)),
        names(create_texts(obs, "_index")),
        n_genes(genes.size()) {
    declare(root, "anndata", "0.1.0");
    declare(matrix, "csr_matrix", "0.1.0");
    write_genes(root, genes);
    row_begin.append(std::array<std::int64_t, 1>{0});
  }

  Group root;
  Group matrix;
  Group obs;
  Dataset value;
  Dataset gene;
  Dataset row_begin;
  Dataset names;
  std::int64_t n_genes = 0;
  bool is_finished = false;
};

H5adWriter::H5adWriter(const std::string& path, const GeneVocabulary& genes, int compression)
    : impl_(std::make_unique<Impl>(path, genes, compression)) {}

// A file that was not finished would only be mistaken for a whole one.
H5adWriter::~H5adWriter() {
  const std::string path = impl_->root.file();
  const bool is_finished = impl_->is_finished;
  impl_.reset();
  if (!is_finished) std::remove(path.c_str());
}

void H5adWriter::append(const CountMatrix& counts, const std::vector<std::string>& cell_names) {
  if (counts.genes != impl_->n_genes || counts.cells() != static_cast<std::int64_t>(cell_names.size())) {
    throw Error(ErrorKind::Internal, "H5adWriter::append: counts do not fit the genes or the cell names");
  }
  std::vector<std::int64_t> ends(counts.row_begin.begin() + 1, counts.row_begin.end());
  for (std::int64_t& end : ends) end += impl_->value.length();
  impl_->value.append(counts.count);
  impl_->gene.append(counts.gene);
  impl_->row_begin.append(ends);
  impl_->names.append(cell_names);
}

void H5adWriter::finish(const std::vector<CellColumn>& columns) {
  const std::int64_t cells = impl_->names.length();
  std::vector<std::string> order;
  for (const CellColumn& column : columns) {
    if (static_cast<std::int64_t>(column.code.size()) != cells) {
      throw Error(ErrorKind::Internal, "H5adWriter::finish: column '" + column.name + "' does not fit the cells");
    }
    h5ad::write_category(impl_->obs, column);
    order.push_back(column.name);
  }
  impl_->obs.write_attribute("column-order", order);
  impl_->matrix.write_attribute("shape", std::vector<std::int64_t>{cells, impl_->n_genes});
  for (const char* group : {"layers", "obsm", "obsp", "uns", "varm", "varp"}) {
    h5ad::create_dictionary(impl_->root, group);
  }
  impl_->root.flush();
  impl_->is_finished = true;
}

}  // namespace plkd
