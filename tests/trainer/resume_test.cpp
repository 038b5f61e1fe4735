#include "trainer/fit/resume_file.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/files.h"
#include "tests/trainer/small_reference.h"
#include "trainer/fit/fit_loop.h"

using namespace plkd::test;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Starts `plkd train` and returns at once.
pid_t start_training(std::vector<std::string> words) {
  words.insert(words.begin(), "plkd train");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    execv(PLKD_TRAIN, arguments.data());
    _exit(127);
  }
  return child;
}

int end_of(pid_t child) {
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}

}  // namespace

TEST_CASE("a training that is killed twice goes on and gives the bytes of one that was not", "[slow]") {
  // 15 s: trains two models of 90 cells, in programs of their own.
  const ScratchFile cells("resume_test_cells.h5ad"), whole("resume_test_whole.onnx"), parts("resume_test_parts.onnx"),
      kept("resume_test.training"), report("resume_test.json");
  write_cells(cells.path(), typed_counts(90, 120, 3), numbered_genes(120), {type_column(90)});
  const std::vector<std::string> common = {"--cells", cells.path(), "--labels",  "cell_type", "--name", "small",
                                           "--seed",  "3",          "--threads", "1",    "--quiet"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), common.begin(), common.end());
    return more;
  };
  REQUIRE(end_of(start_training(with({"--out", whole.path(), "--json", report.path()}))) == 0);

  const std::vector<std::string> kept_every_step =
      with({"--out", parts.path(), "--checkpoint", kept.path(), "--checkpoint-every", "0"});
  // Killed in the Teacher's fit, then in a later one.
  for (const std::size_t fits : {std::size_t{0}, std::size_t{3}}) {
    const pid_t child = start_training(kept_every_step);
    bool was_killed = false;
    while (!was_killed && waitpid(child, nullptr, WNOHANG) == 0) {
      std::ifstream file(kept.path());
      std::string first, header;
      if (std::getline(file, first) && std::getline(file, header)) {
        const nlohmann::json said = nlohmann::json::parse(header, nullptr, false);
        was_killed = said.is_object() && said.at("states").size() > fits && !said.at("last_is_finished").get<bool>();
      }
      if (was_killed) kill(child, SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    REQUIRE(was_killed);
    CHECK(WIFSIGNALED(end_of(child)));
    CHECK(std::filesystem::exists(kept.path()));
    CHECK_FALSE(std::filesystem::exists(parts.path()));
  }
  REQUIRE(end_of(start_training(kept_every_step)) == 0);
  CHECK(bytes_of(parts.path()) == bytes_of(whole.path()));
  CHECK_FALSE(std::filesystem::exists(kept.path()));

  const nlohmann::json memory = nlohmann::json::parse(bytes_of(report.path())).at("memory_mb");
  CHECK(memory.at("peak").get<double>() > 0);
  CHECK(memory.at("peak").get<double>() <= memory.at("planned").get<double>());
}

TEST_CASE("what is kept comes back fit by fit", "[unit]") {
  const ScratchFile file("resume_test_file.training");
  std::filesystem::remove(file.path());
  plkd::ResumeFile first(file.path(), "a training", 0);
  CHECK_FALSE(first.was_there());
  CHECK_FALSE(first.next());
  first.keep("half");
  first.finish("first");
  CHECK_FALSE(first.next());
  first.keep(std::string("half\0way", 8));

  plkd::ResumeFile second(file.path(), "a training", 1000);
  CHECK(second.was_there());
  CHECK(second.finished() == 1);
  CHECK_FALSE(second.is_due());
  const auto done = second.next(), running = second.next();
  REQUIRE(done);
  CHECK(done->is_finished);
  CHECK(done->state == "first");
  REQUIRE(running);
  CHECK_FALSE(running->is_finished);
  CHECK(running->state == std::string("half\0way", 8));
  second.finish("second");
  CHECK_FALSE(second.next());
  std::filesystem::remove(file.path());
}

TEST_CASE("a checkpoint of another training, or a file that is none, is refused and stays", "[unit]") {
  const ScratchFile file("resume_test_other.training");
  plkd::ResumeFile(file.path(), "plkd 1\nseed 1", 0).keep("state");
  CHECK(error_of([&] { plkd::ResumeFile(file.path(), "plkd 1\nseed 2", 0); }) ==
        file.path() +
            ": is of another training: 'seed 1' there, 'seed 2' here; repeat the command that was interrupted, or "
            "remove the file to begin anew");
  CHECK(std::filesystem::exists(file.path()));
  const std::string whole = bytes_of(file.path());
  for (const std::string& bad : {std::string("no training at all"), whole.substr(0, whole.size() - 2)}) {
    std::ofstream(file.path(), std::ios::binary) << bad;
    CHECK(error_of([&] { plkd::ResumeFile(file.path(), "plkd 1\nseed 1", 0); })
              .rfind(file.path() + ": not an unfinished training that plkd kept", 0) == 0);
  }
}
