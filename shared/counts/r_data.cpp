#include "shared/counts/r_data.h"

#include <filesystem>

#include "shared/error.h"
#include "shared/text.h"

namespace plkd {
namespace {

bool has_extension(const std::string& path, std::initializer_list<const char*> extensions) {
  const std::string own = lower_case(std::filesystem::path(path).extension().string());
  for (const char* extension : extensions)
    if (own == extension) return true;
  return false;
}

}  // namespace

bool is_r_data(const std::string& path, const std::string& content_start) {
  const auto starts_with = [&](const char* start) { return content_start.rfind(start, 0) == 0; };
  // saveRDS: binary or text. save: the same behind a line of its own.
  for (const char* start : {"X\n", "A\n", "B\n", "RDX", "RDA"})
    if (starts_with(start)) return true;
  return (starts_with("BZh") || starts_with("\xFD" "7zXZ")) && has_extension(path, {".rds", ".rda", ".rdata"});
}

void refuse_r_data(const std::string& path) {
  const std::string name = '"' + std::filesystem::path(path).filename().string() + '"';
  const std::string object = has_extension(path, {".rda", ".rdata"}) ? "get(load(" + name + ")[1])" : "readRDS(" + name + ")";
  throw Error(ErrorKind::BadInput, path + ": an R data file, which is not read",
              "in R, for a Seurat object or a SingleCellExperiment, write the three 10x files and give their folder:\n"
              "  library(Matrix); x <- " + object +
                  "; m <- if (is(x, \"Seurat\")) Seurat::GetAssayData(x[[\"RNA\"]], \"counts\") else SingleCellExperiment::counts(x);\n"
                  "  writeMM(as(m, \"CsparseMatrix\"), \"matrix.mtx\"); writeLines(colnames(m), \"barcodes.tsv\");\n"
                  "  writeLines(rownames(m), \"features.tsv\")");
}

}  // namespace plkd
