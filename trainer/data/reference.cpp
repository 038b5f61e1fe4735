#include "trainer/data/reference.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "shared/cli/select_cells.h"
#include "shared/digest.h"
#include "shared/error.h"
#include "shared/preprocess/inspect.h"
#include "trainer/data/label_map.h"
#include "trainer/data/modalities.h"
#include "trainer/data/reference_features.h"

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

void add_counts(Digest& digest, const CountMatrix& counts) {
  digest.add(std::span<const std::int64_t>(counts.row_begin));
  digest.add(std::span<const std::int32_t>(counts.gene));
  digest.add(std::span<const float>(counts.count));
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
    if (file == 0) begin(*reader, reference);
    Inspection inspection;
    if (reader->genes().size() > 0) {
      inspection = inspect(*reader);
      require_counts(inspection, reader->path());
    }
    reference.files.push_back({reader->path(), inspection, genes_of(*reader, reference)});
    const std::vector<OtherModality> others = others_of(*reader, reference);
    Progress progress("read " + std::filesystem::path(reader->path()).filename().string(), reader->cells(),
                      verbosity_);
    for (std::int64_t first = 0; first < reader->cells(); first += kSlice) {
      const std::int64_t end = std::min(first + kSlice, reader->cells());
      const auto begin_chosen = std::lower_bound(chosen.begin(), chosen.end(), first);
      const auto end_chosen = std::lower_bound(begin_chosen, chosen.end(), end);
      if (begin_chosen == end_chosen) continue;
      const CountMatrix counts = read_as_counts(*reader, inspection, first, end);
      const std::vector<double> library = library_sizes(counts);
      const CountMatrix of_others = counts_of(others, *reader, first, end);
      std::vector<std::int64_t> rows;
      for (auto cell = begin_chosen; cell != end_chosen; ++cell) {
        const std::size_t row = at(*cell - first);
        if (library[row] <= 0 && of_others.row_begin[row] == of_others.row_begin[row + 1]) {
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
      add_counts(digest, select_cells(counts, rows));
      if (!others.empty()) add_counts(digest, select_cells(of_others, rows));
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

  // The first file says which features there are.
  void begin(const CountsReader& reader, Reference& reference) {
    ReferenceFeatures all = features_to_learn(reader, options_.features);
    reference.genes = std::move(all.names);
    reference.blocks = std::move(all.blocks);
    files_with_gene_.assign(at(reference.genes.size()), 0);
  }

  std::vector<OtherModality> others_of(CountsReader& reader, Reference& reference) {
    std::vector<OtherModality> others = match_others(reader, reference.genes, reference.blocks);
    auto other = others.begin();
    for (const FeatureBlock& block : reference.blocks) {
      ++files_with_gene_[at(block.end)];  // flags are everybody's
      if (block.modality == Modality::Rna) continue;
      const ModalityReport& found = other++->report();
      if (!found.unfit.empty())
        throw Error(ErrorKind::BadInput, reader.path() + ": '" + found.where + "': " + found.unfit,
                    "train on counts, or leave " + in_words(block.modality) + " out");
      if (!found.is_used)
        throw Error(ErrorKind::BadInput,
                    reader.path() + ": has " + std::to_string(found.matched) + " of the " + std::to_string(block.size()) +
                        " " + in_words(block.modality) + " of " + options_.files.front(),
                    "train on files with the same panel, or leave this one out");
      reference.notes.push_back(reader.path() + ": " + found.found + ", in '" + found.where + "'");
      const std::set<std::string> missing(found.missing.begin(), found.missing.end());
      for (std::int64_t feature = block.first; feature < block.end; ++feature)
        files_with_gene_[at(feature)] += missing.count(name_of(reference.genes, at(feature))) == 0;
    }
    return others;
  }

  GeneAlignment genes_of(CountsReader& reader, Reference& reference) {
    genes_in_file_.push_back(reader.genes().size());
    GeneAlignment alignment = align(reader.genes(), genes_alone(reference.genes, reference.blocks));
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
  std::vector<std::int64_t> files_with_gene_;              // [features of the first file]
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

// The same alignment to only those of its model's genes. Features of other modalities are behind all genes.
GeneAlignment only(GeneAlignment alignment, const std::vector<std::int32_t>& genes) {
  const std::int64_t features = genes.empty() ? 0 : genes.back() + 1;
  std::vector<std::int32_t> place(at(std::max(alignment.report.model_genes, features)), -1);
  for (std::size_t i = 0; i < genes.size(); ++i) place[at(genes[i])] = static_cast<std::int32_t>(i);
  for (std::int32_t& gene : alignment.model_gene) gene = gene < 0 ? -1 : place[at(gene)];
  alignment.report.model_genes = static_cast<std::int64_t>(genes.size());
  return alignment;
}

void keep_genes_in_common(Reference& reference, const std::vector<std::int32_t>& genes,
                          const ReferenceOptions& options) {
  const std::int64_t all = end_of_rna(reference.blocks, reference.genes.size());
  const auto left = std::count_if(genes.begin(), genes.end(), [&](std::int32_t gene) { return gene < all; });
  if (all > 0 && left < kMinGenes) {
    throw Error(ErrorKind::BadInput,
                options.files.front() + ": only " + std::to_string(left) +
                    " genes are left to train on (of " + std::to_string(all) +
                    " in this file)",
                "give files of one organism with the same kind of gene names, of " +
                    std::to_string(kMinGenes) + " genes or more");
  }
  if (options.files.size() > 1 && all > 0) {
    reference.notes.push_back(std::to_string(left) + " genes are in all " +
                              std::to_string(options.files.size()) + " files; only those are used");
  }
  for (ReferenceFile& file : reference.files) file.genes = only(file.genes, genes);
  reference.genes = select_genes(reference.genes, genes);
  reference.blocks = blocks_of_chosen(reference.blocks, genes);
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
  std::vector<OtherModality> others;
  for (std::size_t first = 0, end = 0; first < origin.size(); first = end) {
    const ReferenceFile& file = reference.files[at(origin[first].file)];
    if (first == 0 || origin[first].file != origin[first - 1].file) {
      reader.reset();
      reader = open_counts(file.path, reference.open);
      alignment = only(file.genes, genes);
      others = match_others(*reader, reference.genes, reference.blocks);
    }
    const std::int64_t begin = origin[first].cell / kSlice * kSlice;
    const std::int64_t slice_end = std::min(begin + kSlice, reader->cells());
    Cells slice;
    std::vector<std::int64_t> rows;
    for (end = first; end < origin.size() && origin[end].file == origin[first].file &&
           origin[end].cell < begin + kSlice;
         ++end) {
      rows.push_back(origin[end].cell - begin);
      slice.library.push_back(reference.library[end]);
      slice.label.push_back(reference.label[end]);
    }
    const CountMatrix counts = read_as_counts(*reader, file.inspection, begin, slice_end);
    slice.counts = apply(alignment, select_cells(counts, rows));
    if (!others.empty()) {
      CountMatrix of_others = select_cells(counts_of(others, *reader, begin, slice_end), rows);
      of_others.genes = reference.genes.size();
      slice.counts = beside(slice.counts, select_features(of_others, genes));
      slice.counts.genes = static_cast<std::int64_t>(genes.size());
    }
    work(static_cast<std::int64_t>(first), slice);
    progress.set(static_cast<std::int64_t>(end));
  }
  progress.finish();
}

}  // namespace plkd
