#include "shared/genes/patterns.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "shared/error.h"

namespace {

// A GMT file in the working directory that is gone when the test is.
class GmtFile {
 public:
  explicit GmtFile(const std::string& text) { std::ofstream(path(), std::ios::binary) << text; }
  ~GmtFile() { std::remove(path().c_str()); }
  GmtFile(const GmtFile&) = delete;
  GmtFile& operator=(const GmtFile&) = delete;
  static std::string path() { return "patterns_test.gmt"; }
};

plkd::GeneVocabulary numbered_genes(int count) {
  std::vector<std::string> names;
  for (int g = 0; g < count; ++g) names.push_back("GENE" + std::to_string(g));
  return plkd::vocabulary_from_names(names);
}

std::string set_of(const std::string& name, int first, int end) {
  std::string line = name + "\tdescription";
  for (int g = first; g < end; ++g) line += "\tGENE" + std::to_string(g);
  return line + "\n";
}

std::vector<std::string> names_of(const std::vector<plkd::Pattern>& patterns) {
  std::vector<std::string> names;
  for (const plkd::Pattern& pattern : patterns) names.push_back(pattern.name);
  return names;
}

std::string message_of(const std::string& text, int genes) {
  const GmtFile file(text);
  try {
    plkd::read_gmt(GmtFile::path(), numbered_genes(genes));
  } catch (const plkd::Error& error) {
    CHECK(error.kind() == plkd::ErrorKind::BadInput);
    CHECK_FALSE(error.hint().empty());
    return error.message();
  }
  return "no error";
}

// 18 genes in three modules that rise and fall together, and four that go their own way.
plkd::CountMatrix planted_modules(int cells) {
  std::mt19937_64 rng(7);
  std::uniform_real_distribution<float> noise(0.0f, 0.3f);
  plkd::CountMatrix expression;
  expression.genes = 22;
  for (int cell = 0; cell < cells; ++cell) {
    for (int gene = 0; gene < 22; ++gene) {
      const bool is_high = gene < 18 ? gene % 3 == cell % 3 : rng() % 2 == 0;
      expression.gene.push_back(gene);
      expression.count.push_back((is_high ? 2.0f : 0.1f) + noise(rng));
    }
    expression.row_begin.push_back(expression.entries());
  }
  return expression;
}

}  // namespace

TEST_CASE("read_gmt keeps the genes in use, each once, in ascending order", "[unit]") {
  const GmtFile file(
      "T CELL\turl\tGENE4\tGENE2\tABSENT\tGENE2\tgene0\tGENE1\tGENE3\r\n\nB CELL\t\tGENE9\tGENE8\n");
  const auto patterns = plkd::read_gmt(GmtFile::path(), numbered_genes(10));
  REQUIRE(names_of(patterns) == std::vector<std::string>{"T CELL"});
  CHECK(patterns[0].genes == std::vector<std::int32_t>{0, 1, 2, 3, 4});
}

TEST_CASE("read_gmt leaves out sets too large in the file or too small among the genes", "[unit]") {
  const GmtFile file(set_of("small", 0, 4) + set_of("right", 0, 5) + set_of("large", 0, 301));
  CHECK(names_of(plkd::read_gmt(GmtFile::path(), numbered_genes(400))) == std::vector<std::string>{"right"});
}

TEST_CASE("read_gmt keeps the sets with most genes, ties and the result in file order", "[unit]") {
  const GmtFile file(set_of("a", 0, 5) + set_of("b", 0, 8) + set_of("c", 5, 10) + set_of("d", 0, 9));
  plkd::PatternLimits limits;
  limits.max_patterns = 3;
  CHECK(names_of(plkd::read_gmt(GmtFile::path(), numbered_genes(10), limits)) ==
        std::vector<std::string>{"a", "b", "d"});
}

TEST_CASE("read_gmt names the line that is no gene set", "[unit]") {
  CHECK(message_of(set_of("fine", 0, 6) + "no tabs here\n", 10) ==
        "patterns_test.gmt:2: not a gene set in GMT format");
}

TEST_CASE("read_gmt refuses a file whose genes are not ours", "[unit]") {
  CHECK(message_of("mouse\turl\tActb\tCd3e\n", 10) ==
        "patterns_test.gmt: none of its 1 gene sets has 5 genes among the 10 in use (the best has 0)");
  CHECK_THROWS_AS(plkd::read_gmt("no_such_file.gmt", numbered_genes(3)), plkd::Error);
}

TEST_CASE("learn_patterns finds planted modules", "[unit]") {
  plkd::LearnPatternsOptions options;
  options.patterns = 4;
  options.min_genes = 3;
  const auto patterns = plkd::learn_patterns(planted_modules(90), numbered_genes(22), options);
  std::set<std::vector<std::int32_t>> found;
  for (const plkd::Pattern& pattern : patterns) {
    std::vector<std::int32_t> planted;
    for (const std::int32_t gene : pattern.genes) {
      if (gene < 18) planted.push_back(gene);
    }
    found.insert(planted);
  }
  for (int module = 0; module < 3; ++module) {
    std::vector<std::int32_t> expected;
    for (std::int32_t gene = module; gene < 18; gene += 3) expected.push_back(gene);
    CHECK(found.count(expected) == 1);
  }
}

TEST_CASE("learn_patterns keeps its size limits and names modules after their central genes", "[unit]") {
  plkd::LearnPatternsOptions options;
  options.patterns = 3;
  options.min_genes = 2;
  options.max_genes = 4;
  const plkd::GeneVocabulary genes = numbered_genes(22);
  const auto patterns = plkd::learn_patterns(planted_modules(60), genes, options);
  REQUIRE_FALSE(patterns.empty());
  for (const plkd::Pattern& pattern : patterns) {
    CHECK(pattern.genes.size() >= 2);
    CHECK(pattern.genes.size() <= 4);
    CHECK(std::is_sorted(pattern.genes.begin(), pattern.genes.end()));
    const std::string first = pattern.name.substr(0, pattern.name.find(' '));
    const auto place = std::find(genes.symbol.begin(), genes.symbol.end(), first);
    CHECK(std::count(pattern.genes.begin(), pattern.genes.end(), place - genes.symbol.begin()) == 1);
  }
}

TEST_CASE("learn_patterns gives the same modules for the same seed", "[unit]") {
  const plkd::CountMatrix expression = planted_modules(60);
  plkd::LearnPatternsOptions options;
  options.min_genes = 2;
  const auto once = plkd::learn_patterns(expression, numbered_genes(22), options);
  const auto again = plkd::learn_patterns(expression, numbered_genes(22), options);
  REQUIRE(names_of(once) == names_of(again));
  for (std::size_t p = 0; p < once.size(); ++p) CHECK(once[p].genes == again[p].genes);
}

TEST_CASE("learn_patterns has nothing to learn from genes that never vary", "[unit]") {
  plkd::CountMatrix flat;
  flat.genes = 3;
  flat.row_begin = {0, 3, 6};
  flat.gene = {0, 1, 2, 0, 1, 2};
  flat.count = {1, 1, 1, 1, 1, 1};
  CHECK(plkd::learn_patterns(flat, numbered_genes(3)).empty());
}
