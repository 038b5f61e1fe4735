#include "trainer/fit/resume_file.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "shared/error.h"

namespace plkd {
namespace {

using nlohmann::json;

constexpr const char* kFirstLine = "plkd training 1";

Error not_a_training(const std::string& path) {
  return {ErrorKind::BadInput, path + ": not an unfinished training that plkd kept",
          "give --checkpoint another name, or remove the file to begin anew"};
}

// The first line in which two descriptions differ.
std::string difference(const std::string& here, const std::string& there) {
  std::istringstream ours(here), theirs(there);
  std::string a, b;
  while (a == b) {
    const bool has_ours = static_cast<bool>(std::getline(ours, a)), has_theirs = static_cast<bool>(std::getline(theirs, b));
    if (!has_ours) a = "nothing";
    if (!has_theirs) b = "nothing";
    if (!has_ours && !has_theirs) break;
  }
  return "'" + b + "' there, '" + a + "' here";
}

void write_to_disk(const std::string& path, const std::vector<const std::string*>& parts) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool is_good = file != nullptr;
  for (const std::string* part : parts)
    is_good = is_good && std::fwrite(part->data(), 1, part->size(), file) == part->size();
  is_good = is_good && std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  if (file != nullptr && std::fclose(file) != 0) is_good = false;
  if (!is_good) {
    throw Error(ErrorKind::BadInput, path + ": the training cannot be kept",
                "check the folder of --checkpoint and the space left");
  }
}

}  // namespace

ResumeFile::ResumeFile(std::string path, std::string training, double every_s)
    : path_(std::move(path)),
      training_(std::move(training)),
      every_s_(every_s),
      written_(std::chrono::steady_clock::now()) {
  was_there_ = std::filesystem::exists(path_);
  if (was_there_) read();
}

void ResumeFile::read() {
  std::ifstream file(path_, std::ios::binary);
  std::string first, header_line;
  if (!std::getline(file, first) || first != kFirstLine || !std::getline(file, header_line)) throw not_a_training(path_);
  try {
    const json header = json::parse(header_line);
    const std::string training = header.at("training");
    if (training != training_) {
      throw Error(ErrorKind::BadInput, path_ + ": is of another training: " + difference(training_, training),
                  "repeat the command that was interrupted, or remove the file to begin anew");
    }
    for (const std::size_t length : header.at("states").get<std::vector<std::size_t>>()) {
      std::string state(length, '\0');
      file.read(state.data(), static_cast<std::streamsize>(length));
      if (file.gcount() != static_cast<std::streamsize>(length)) throw not_a_training(path_);
      finished_.push_back(std::move(state));
    }
    if (header.at("last_is_finished").get<bool>() || finished_.empty()) return;
    running_ = std::move(finished_.back());
    finished_.pop_back();
  } catch (const json::exception&) {
    throw not_a_training(path_);
  }
}

void ResumeFile::write() {
  std::vector<std::size_t> lengths;
  std::vector<const std::string*> parts = {nullptr};
  for (const std::string& state : finished_) parts.push_back(&state);
  if (running_) parts.push_back(&*running_);
  for (std::size_t i = 1; i < parts.size(); ++i) lengths.push_back(parts[i]->size());
  const json header = {{"training", training_}, {"states", lengths}, {"last_is_finished", !running_.has_value()}};
  const std::string beginning = std::string(kFirstLine) + "\n" + header.dump() + "\n";
  parts.front() = &beginning;
  const std::string unfinished = path_ + ".unfinished";
  write_to_disk(unfinished, parts);
  std::filesystem::rename(unfinished, path_);
  written_ = std::chrono::steady_clock::now();
}

std::optional<ResumeFile::Fit> ResumeFile::next() {
  if (next_ < finished_.size()) return Fit{finished_[next_++], true};
  if (!running_) return {};
  return Fit{*running_, false};
}

bool ResumeFile::is_due() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - written_).count() >= every_s_;
}

void ResumeFile::keep(std::string state) {
  running_ = std::move(state);
  write();
}

void ResumeFile::finish(std::string state) {
  finished_.push_back(std::move(state));
  next_ = finished_.size();
  running_.reset();
  write();
}

}  // namespace plkd
