#include "shared/counts/r_data.h"

#include <catch2/catch.hpp>

#include "shared/counts/open_counts.h"
#include "tests/support/files.h"

using namespace plkd;
using namespace plkd::test;
using Catch::Matchers::Contains;

namespace {

const std::string kXz("\xFD" "7zXZ\0\0\4", 8);

}  // namespace

TEST_CASE("R's files are refused with the lines of R that convert them", "[unit]") {
  const TemporaryFolder folder;
  const auto [name, content] = GENERATE(table<std::string, std::string>({
      {"pbmc.rds", std::string("X\n\0\0\0\3", 6)},
      {"pbmc.rds", "A\n3\n262402\n"},
      {"renamed.bin", "RDX3\nX\n"},
      {"pbmc.RData", "RDA3\nA\n"},
      {"pbmc.RDS", "BZh91AY&SY"},
      {"pbmc.rda", kXz},
  }));
  CAPTURE(name);
  write_file(folder / name, content);
  const std::string message = error_of([&, path = folder / name] { open_counts(path); });
  CHECK_THAT(message, Contains("R data file") && Contains("writeMM(") && Contains("GetAssayData") && Contains("counts(x)"));
  const bool is_workspace = name == "pbmc.RData" || name == "pbmc.rda";
  CHECK_THAT(message, Contains(is_workspace ? "get(load(\"" + name + "\")[1])" : "readRDS(\"" + name + "\")"));
}

TEST_CASE("R's files are told behind gzip", "[unit]") {
  const TemporaryFolder folder;
  write_gzip(folder / "cells", std::string("X\n\0\0\0\2\0\4", 8));
  CHECK_THAT(error_of([&] { open_counts(folder / "cells"); }), Contains("R data file"));
}

TEST_CASE("what bzip2 and xz hide is not guessed", "[unit]") {
  const TemporaryFolder folder;
  write_file(folder / "cells.h5ad.bz2", "BZh91AY&SY");
  CHECK_THAT(error_of([&] { open_counts(folder / "cells.h5ad.bz2"); }), Contains("bzip2") && Contains("bunzip2"));
  write_file(folder / "cells.csv.xz", kXz);
  CHECK_THAT(error_of([&] { open_counts(folder / "cells.csv.xz"); }), Contains("xz") && Contains("unxz"));
}
