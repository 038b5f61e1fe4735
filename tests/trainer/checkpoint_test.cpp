#include "trainer/teacher/checkpoint.h"

#include <catch2/catch.hpp>

#include "tests/support/files.h"
#include "tests/support/matrices.h"
#include "tests/trainer/small_reference.h"

using namespace plkd::test;

namespace {

constexpr std::int64_t kGenes = 8;

std::vector<plkd::Pattern> two_patterns() { return {{"a", {0, 1, 2}}, {"b", {2, 3, 7}}}; }

std::vector<plkd::CellType> classes_of(const std::vector<std::string>& names) {
  std::vector<plkd::CellType> classes;
  for (const std::string& name : names) classes.push_back({name, "", 0});
  return classes;
}

// A Teacher and what its weights refer to.
struct Subject {
  plkd::GeneVocabulary genes = numbered_genes(kGenes);
  std::vector<plkd::Pattern> patterns = two_patterns();
  std::vector<plkd::CellType> classes = classes_of({"B", "T"});

  plkd::Teacher teacher(std::uint64_t seed, std::int64_t embed = 12) const {
    torch::manual_seed(seed);
    plkd::TeacherOptions options;
    options.embed = embed;
    options.heads = 2;
    plkd::Teacher drawn(patterns, genes.size(), static_cast<std::int64_t>(classes.size()), options);
    drawn->eval();
    return drawn;
  }
  plkd::TeacherContext context() const { return {genes, patterns, classes}; }
};

std::string starting(const std::string& path, const Subject& subject, plkd::Teacher teacher) {
  return plkd::warm_start(path, teacher, subject.context()).summary;
}

}  // namespace

TEST_CASE("a saved Teacher comes back as it was", "[unit]") {
  const ScratchFile file("checkpoint_test.pt");
  const Subject subject;
  plkd::Teacher saved = subject.teacher(1), other = subject.teacher(2);
  const torch::NoGradGuard no_gradient;
  const torch::Tensor cells = torch::rand({3, kGenes});
  REQUIRE_FALSE(torch::equal(saved->forward(cells).logits, other->forward(cells).logits));
  plkd::save_teacher(file.path(), saved, subject.context());
  const plkd::WarmStart start = plkd::warm_start(file.path(), other, subject.context());
  CHECK(torch::equal(saved->forward(cells).logits, other->forward(cells).logits));
  CHECK(start.taken == start.of);
  CHECK(start.summary == "checkpoint_test.pt: 37 of 37 tensors taken");
}

TEST_CASE("of a saved Teacher only what means the same is taken", "[unit]") {
  const ScratchFile file("checkpoint_test.pt");
  const Subject subject;
  plkd::Teacher saved = subject.teacher(1);
  plkd::save_teacher(file.path(), saved, subject.context());

  Subject genes = subject;
  std::swap(genes.genes.symbol[0], genes.genes.symbol[1]);
  CHECK(starting(file.path(), genes, genes.teacher(2)) ==
        "checkpoint_test.pt: 33 of 37 tensors taken; not taken: 4 of the pattern layer, other genes");

  Subject patterns = subject;
  patterns.patterns[1].genes.back() = 6;  // as large as before, so the shapes fit
  CHECK(starting(file.path(), patterns, patterns.teacher(2)) ==
        "checkpoint_test.pt: 33 of 37 tensors taken; not taken: 4 of the pattern layer, other patterns");

  Subject classes = subject;
  classes.classes = classes_of({"B", "NK"});
  CHECK(starting(file.path(), classes, classes.teacher(2)) ==
        "checkpoint_test.pt: 35 of 37 tensors taken; not taken: 2 of the head, other classes");
}

TEST_CASE("a file that is no Teacher, or one that nothing fits, is refused", "[unit]") {
  const ScratchFile file("checkpoint_test.pt");
  const Subject subject;
  write_file(file.path(), "no archive");
  CHECK(error_of([&] { starting(file.path(), subject, subject.teacher(1)); }) ==
        "checkpoint_test.pt: not a Teacher that plkd saved; give --warm-start a file written by "
        "--save-teacher");
  CHECK(error_of([&] { starting("absent.pt", subject, subject.teacher(1)); }) ==
        "absent.pt: cannot be opened; check the path given to --warm-start");

  plkd::Teacher saved = subject.teacher(1);
  plkd::save_teacher(file.path(), saved, subject.context());
  Subject other = subject;
  other.classes = classes_of({"B", "NK"});
  CHECK(error_of([&] { starting(file.path(), other, other.teacher(1, 16)); })
            .rfind("checkpoint_test.pt: 0 of 37 tensors taken; not taken: 35 of another shape, 2 of the head",
                   0) == 0);
}
