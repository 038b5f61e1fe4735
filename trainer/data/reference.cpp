#include "trainer/data/reference.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "shared/cli/select_cells.h"
#include "shared/digest.h"
#include "shared/error.h"
#include "shared/preprocess/inspect.h"
#include "trainer/data/label_map.h"

namespace plkd {
namespace {

constexpr std::int64_t kSlice = 2000;
constexpr std::int64_t kMinGenes = 50;

// Labels as names while files are still being added; classes are numbered when all names are known.
struct Columns {
  std::vector<std::string> label;        // [cells]
  std::vector<std::string> ontology_id;  // [cells], empty when unknown
  std::vector<std::string> batch;        // [cells]
};

bool has_column(CountsReader& reader, const std::string& name) {
  const std::vector<std::string> names = reader.column_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> ontology_ids_of(CountsReader& reader, const ReferenceOptions& options) {
  if (!options.ontology_ids.empty()) return names_in(reader.column(options.ontology_ids));
  for (const char* usual : {"cell_ontology_id", "cell_type_ontology_term_id"}) {
    if (has_column(reader, usual)) return names_in(reader.column(usual));
  }
  return std::vector<std::string>(at(reader.cells()));
}

std::string file_name(CountsReader& reader) {
  return std::filesystem::path(reader.path()).filename().string();
}

std::vector<std::string> batches_of(CountsReader& reader, const ReferenceOptions& options) {
  const std::string file = file_name(reader);
  const bool is_one_batch =
      options.batch.empty() || (options.files.size() > 1 && !has_column(reader, options.batch));
  if (is_one_batch) return std::vector<std::string>(at(reader.cells()), file);
  std::vector<std::string> names = names_in(reader.column(options.batch));
  if (options.files.size() > 1) {
    for (std::string& name : names) name = file + ":" + name;
  }
  return names;
}

// Reads one file's chosen, labelled, non-empty cells and appends them over the first file's genes.
class FileLoader {
 public:
  FileLoader(const ReferenceOptions& options, Verbosity verbosity)
      : options_(options), verbosity_(verbosity) {
    if (!options.label_map.empty()) label_map_ = LabelMap(options.label_map);
  }

  void add(std::int32_t file, Reference& reference, Columns& columns, Digest& digest) {
    const std::unique_ptr<CountsReader> reader = open_counts(options_.files[at(file)], options_.open);
    const std::vector<std::string> given = names_in(reader->column(options_.labels));
    const std::vector<std::string> label = label_map_.renamed(reader->path(), given);
    const std::vector<std::string> id = ontology_ids_of(*reader, options_);
    const std::vector<std::string> batch = batches_of(*reader, options_);
    std::vector<std::int64_t> chosen;
    std::int64_t unlabelled = 0, unwanted = 0, empty = 0;
    for (const std::int64_t cell : cells_of(*reader, reference)) {
      if (given[at(cell)].empty())
        ++unlabelled;
      else if (label[at(cell)].empty())
        ++unwanted;
      else
        chosen.push_back(cell);
    }
    const Inspection inspection = inspect(*reader);
    require_counts(inspection, reader->path());
    reference.files.push_back({reader->path(), inspection, genes_of(*reader, reference)});
    Progress progress("read " + std::filesystem::path(reader->path()).filename().string(), reader->cells(),
                      verbosity_);
    for (std::int64_t first = 0; first < reader->cells(); first += kSlice) {
      const std::int64_t end = std::min(first + kSlice, reader->cells());
      const auto begin_chosen = std::lower_bound(chosen.begin(), chosen.end(), first);
      const auto end_chosen = std::lower_bound(begin_chosen, chosen.end(), end);
      if (begin_chosen == end_chosen) continue;
      const CountMatrix counts = read_as_counts(*reader, inspection, first, end);
      const std::vector<double> library = library_sizes(counts);
      std::vector<std::int64_t> rows;
      for (auto cell = begin_chosen; cell != end_chosen; ++cell) {
        if (library[at(*cell - first)] <= 0) {
          ++empty;
          continue;
        }
        rows.push_back(*cell - first);
        reference.library.push_back(library[at(*cell - first)]);
        reference.origin.push_back({file, *cell});
        columns.label.push_back(label[at(*cell)]);
        columns.ontology_id.push_back(id[at(*cell)]);
        columns.batch.push_back(batch[at(*cell)]);
      }
      const CountMatrix read = select_cells(counts, rows);
      digest.add(std::span<const std::int64_t>(read.row_begin));
      digest.add(std::span<const std::int32_t>(read.gene));
      digest.add(std::span<const float>(read.count));
      progress.set(end);
    }
    progress.finish();
    note(reference, unlabelled,
         reader->path() + ": " + std::to_string(unlabelled) + " cells have no label in '" + options_.labels +
             "' and were left out");
    note(reference, unwanted,
         reader->path() + ": " + std::to_string(unwanted) + " cells were left out by " + options_.label_map);
    note(reference, empty,
         reader->path() + ": " + std::to_string(empty) + " cells have no counts and were left out");
  }

  // What can only be said when all files are read. Throws BadInput for a condition that no file knows.
  void finish(Reference& reference) const {
    for (const auto& [condition, files] : files_not_meeting_) {
      if (files < static_cast<std::int64_t>(options_.files.size())) continue;
      throw Error(ErrorKind::BadInput,
                  condition + ": none of the " + std::to_string(files) + " files has this",
                  "check the names of column and value");
    }
    for (const std::string& text : label_map_.notes()) reference.notes.push_back(text);
    note_genes_lost(reference);
  }

  // Genes every file has, once all are read.
  std::vector<std::int32_t> genes_in_common() const {
    std::vector<std::int32_t> genes;
    for (std::size_t g = 0; g < files_with_gene_.size(); ++g) {
      if (files_with_gene_[g] == static_cast<std::int64_t>(options_.files.size())) {
        genes.push_back(static_cast<std::int32_t>(g));
      }
    }
    return genes;
  }

 private:
  // One file alone has to know every condition.
  std::vector<std::int64_t> cells_of(CountsReader& reader, Reference& reference) {
    if (options_.files.size() == 1) return cells_where(reader, options_.where, options_.drop);
    const ChosenCells chosen = cells_where_known(reader, options_.where, options_.drop);
    for (const UnmetCondition& condition : chosen.unmet) {
      ++files_not_meeting_[condition.text];
      const bool lacks_column = condition.lack == UnmetCondition::Lack::Column;
      reference.notes.push_back(
          reader.path() +
          (lacks_column ? ": has no such column, so it is not subject to " : ": no cell of it meets ") +
          condition.text);
    }
    if (chosen.cells.empty()) reference.notes.push_back(reader.path() + ": none of its cells is used");
    if (!options_.batch.empty() && !has_column(reader, options_.batch)) {
      ++files_not_meeting_["--batch " + options_.batch];
      reference.notes.push_back(reader.path() + ": has no column '" + options_.batch +
                                "', its cells are one batch");
    }
    return chosen.cells;
  }

  // Rare types suffer first.
  void note_genes_lost(Reference& reference) const {
    const auto [smallest, largest] = std::minmax_element(genes_in_file_.begin(), genes_in_file_.end());
    const auto common = static_cast<std::int64_t>(genes_in_common().size());
    if (common * 2 >= *largest) return;
    const auto file = [&](auto place) { return options_.files[at(place - genes_in_file_.begin())]; };
    reference.notes.push_back("the files share only " + std::to_string(common) + " of the " +
                              std::to_string(*largest) + " genes of " + file(largest) + "; without " +
                              file(smallest) + ", which has " + std::to_string(*smallest) +
                              ", they may share more");
  }

  GeneAlignment genes_of(CountsReader& reader, Reference& reference) {
    if (reference.genes.size() == 0) {
      reference.genes = reader.genes();
      files_with_gene_.assign(at(reference.genes.size()), 0);
    }
    genes_in_file_.push_back(reader.genes().size());
    GeneAlignment alignment = align(reader.genes(), reference.genes);
    std::vector<bool> is_here(files_with_gene_.size());
    for (const std::int32_t gene : alignment.model_gene) {
      if (gene >= 0) is_here[at(gene)] = true;
    }
    for (std::size_t g = 0; g < is_here.size(); ++g) files_with_gene_[g] += is_here[g];
    return alignment;
  }

  static void note(Reference& reference, std::int64_t count, const std::string& text) {
    if (count > 0) reference.notes.push_back(text);
  }

  const ReferenceOptions& options_;
  Verbosity verbosity_;
  LabelMap label_map_;
  std::map<std::string, std::int64_t> files_not_meeting_;  // by condition
  std::vector<std::int64_t> genes_in_file_;                // [files]
  std::vector<std::int64_t> files_with_gene_;              // [genes of the first file]
};

// Numbers names in ascending order.
std::vector<std::int32_t> numbered(const std::vector<std::string>& names,
                                   std::vector<std::string>& distinct) {
  distinct = names;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::int32_t> numbers;
  for (const std::string& name : names) {
    const auto place = std::lower_bound(distinct.begin(), distinct.end(), name);
    numbers.push_back(static_cast<std::int32_t>(place - distinct.begin()));
  }
  return numbers;
}

// The id most cells of a class carry; ties to the first in order. Only Cell Ontology ids: "unknown" is none.
std::string commonest_id(const std::map<std::string, std::int64_t>& cells_of) {
  std::string best;
  std::int64_t most = 0;
  for (const auto& [id, cells] : cells_of) {
    if (id.rfind("CL:", 0) != 0 || cells <= most) continue;
    best = id;
    most = cells;
  }
  return best;
}

void number_classes(Reference& reference, const Columns& columns) {
  std::vector<std::string> names;
  reference.label = numbered(columns.label, names);
  reference.batch = numbered(columns.batch, reference.batch_names);
  for (const std::string& name : names) reference.classes.push_back({name, "", 0});
  std::vector<std::map<std::string, std::int64_t>> ids(names.size());
  for (std::size_t cell = 0; cell < columns.label.size(); ++cell) {
    const std::size_t c = at(reference.label[cell]);
    ++ids[c][columns.ontology_id[cell]];
    ++reference.classes[c].reference_cells;
  }
  for (std::size_t c = 0; c < names.size(); ++c) reference.classes[c].ontology_id = commonest_id(ids[c]);
}

void require_classes(Reference& reference, const ReferenceOptions& options) {
  std::int64_t largest = 0;
  for (const CellType& type : reference.classes) {
    largest = std::max(largest, type.reference_cells);
    if (type.reference_cells >= 3) continue;
    reference.notes.push_back("'" + type.name + "' has " + std::to_string(type.reference_cells) +
                              " cells: too few to be learnt or checked well; --drop " + options.labels +
                              "='" + type.name + "' leaves it out");
  }
  if (reference.classes.size() < 2 || largest < 3) {
    throw Error(
        ErrorKind::BadInput,
        options.files.front() + ": column '" + options.labels + "' gives " +
            std::to_string(reference.classes.size()) + " labels on " +
            std::to_string(reference.size()) + " cells",
        "training needs two labels or more, with several cells each; check --labels, --where and --drop");
  }
}

// The same alignment to only those of its model's genes.
GeneAlignment only(GeneAlignment alignment, const std::vector<std::int32_t>& genes) {
  std::vector<std::int32_t> place(at(alignment.report.model_genes), -1);
  for (std::size_t i = 0; i < genes.size(); ++i) place[at(genes[i])] = static_cast<std::int32_t>(i);
  for (std::int32_t& gene : alignment.model_gene) gene = gene < 0 ? -1 : place[at(gene)];
  alignment.report.model_genes = static_cast<std::int64_t>(genes.size());
  return alignment;
}

void keep_genes_in_common(Reference& reference, const std::vector<std::int32_t>& genes,
                          const ReferenceOptions& options) {
  if (static_cast<std::int64_t>(genes.size()) < kMinGenes) {
    throw Error(ErrorKind::BadInput,
                options.files.front() + ": only " + std::to_string(genes.size()) +
                    " genes are left to train on (of " + std::to_string(reference.genes.size()) +
                    " in this file)",
                "give files of one organism with the same kind of gene names, of " +
                    std::to_string(kMinGenes) + " genes or more");
  }
  if (options.files.size() > 1) {
    reference.notes.push_back(std::to_string(genes.size()) + " genes are in all " +
                              std::to_string(options.files.size()) + " files; only those are used");
  }
  for (ReferenceFile& file : reference.files) file.genes = only(file.genes, genes);
  reference.genes = select_genes(reference.genes, genes);
}

}  // namespace

Reference load_reference(const ReferenceOptions& options, Verbosity verbosity) {
  Reference reference;
  reference.open = options.open;
  Columns columns;
  Digest digest;
  FileLoader loader(options, verbosity);
  for (std::size_t file = 0; file < options.files.size(); ++file) {
    loader.add(static_cast<std::int32_t>(file), reference, columns, digest);
  }
  loader.finish(reference);
  number_classes(reference, columns);
  require_classes(reference, options);
  keep_genes_in_common(reference, loader.genes_in_common(), options);
  digest.add(std::span<const std::int32_t>(reference.label));
  reference.digest = digest.hex();
  return reference;
}

void read_cells(const Reference& reference, const std::vector<std::int32_t>& genes, const std::string& doing,
                Verbosity verbosity, const std::function<void(std::int64_t first, const Cells& slice)>& work) {
  const std::vector<Origin>& origin = reference.origin;
  Progress progress(doing, reference.size(), verbosity);
  std::unique_ptr<CountsReader> reader;
  GeneAlignment alignment;
  for (std::size_t first = 0, end = 0; first < origin.size(); first = end) {
    const ReferenceFile& file = reference.files[at(origin[first].file)];
    if (first == 0 || origin[first].file != origin[first - 1].file) {
      reader.reset();
      reader = open_counts(file.path, reference.open);
      alignment = only(file.genes, genes);
    }
    const std::int64_t begin = origin[first].cell / kSlice * kSlice;
    Cells slice;
    std::vector<std::int64_t> rows;
    for (end = first; end < origin.size() && origin[end].file == origin[first].file &&
           origin[end].cell < begin + kSlice;
         ++end) {
      rows.push_back(origin[end].cell - begin);
      slice.library.push_back(reference.library[end]);
      slice.label.push_back(reference.label[end]);
    }
    const CountMatrix counts =
        read_as_counts(*reader, file.inspection, begin, std::min(begin + kSlice, reader->cells()));
    slice.counts = apply(alignment, select_cells(counts, rows));
    work(static_cast<std::int64_t>(first), slice);
    progress.set(static_cast<std::int64_t>(end));
  }
  progress.finish();
}

}  // namespace plkd
