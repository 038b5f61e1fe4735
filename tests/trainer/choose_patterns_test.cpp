#include "trainer/data/choose_patterns.h"

#include <catch2/catch.hpp>

#include "shared/preprocess/log_normalise.h"
#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/trainer/small_reference.h"

using namespace plkd::test;

namespace {

constexpr std::int64_t kGenes = 400;

std::vector<plkd::Pattern> chosen(const plkd::ChoosePatternsOptions& options) {
  plkd::CountMatrix expression = typed_counts(60, kGenes, 1);
  plkd::log_normalise(expression, plkd::library_sizes(expression), {});
  return plkd::choose_patterns(expression, numbered_genes(kGenes), options);
}

}  // namespace

TEST_CASE("random patterns hold 1.5 % of the genes each, by the seed", "[unit]") {
  plkd::ChoosePatternsOptions options;
  options.source = "random";
  options.min_genes = 1;
  const std::vector<plkd::Pattern> patterns = chosen(options);
  double pairs = 0;
  for (const plkd::Pattern& pattern : patterns) pairs += static_cast<double>(pattern.genes.size());
  CHECK(patterns.size() == 300);
  // 300 patterns x 400 genes x 0.015 = 1,800 expected, standard deviation 42.
  CHECK(pairs == Approx(1800).margin(170));
  CHECK(chosen(options)[7].genes == patterns[7].genes);
  options.seed = 2;
  CHECK(chosen(options)[7].genes != patterns[7].genes);
}

TEST_CASE("limits hold for every kind of pattern", "[unit]") {
  const ScratchFile gmt("choose_patterns_test.gmt");
  std::string sets;
  for (int set = 0; set < 40; ++set) {
    sets += "set " + std::to_string(set) + "\turl";
    for (int gene = 0; gene < 4 + set; ++gene) sets += "\tG" + std::to_string(gene);
    sets += "\n";
  }
  write_file(gmt.path(), sets);
  plkd::ChoosePatternsOptions options;
  options.min_genes = 7;
  options.max_genes = 12;
  options.max_patterns = 3;
  for (const std::string& source : {std::string("learned"), std::string("random"), gmt.path()}) {
    INFO(source);
    options.source = source;
    const std::vector<plkd::Pattern> patterns = chosen(options);
    CHECK(patterns.size() <= 3);
    for (const plkd::Pattern& pattern : patterns) {
      CHECK(pattern.genes.size() >= 7);
      CHECK(pattern.genes.size() <= 12);
    }
  }
  CHECK(chosen(options).size() == 3);  // the gene sets
}

TEST_CASE("random patterns that no genes fill are refused with the way out", "[unit]") {
  plkd::ChoosePatternsOptions options;
  options.source = "random";
  options.min_genes = 100;
  CHECK(error_of([&] {
          chosen(options);
        }).rfind("no random pattern of 400 genes has 100 to 400 of them; each takes 1.5 % of the genes", 0) ==
        0);
}
