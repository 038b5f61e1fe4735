#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace plkd {

// A training is a row of fits, always the same for the same command. This is the file that knows how far along that
// row it is: the state of each fit that is done and of the one that runs. Whoever was killed calls the same fits
// again and gets from `next` what each of them had reached.
//
// The file: a line "plkd training 1", a line of JSON with what the training is, the lengths of the states and whether
// the last one is finished, then the states. It is written beside its place and moved there, so that a kill leaves
// either the old or the new one.
class ResumeFile {
 public:
  // `training` says in lines what is trained, from what and how: a file that says otherwise is refused. Writes no
  // more often than every `every_s`. Throws BadInput when the file is no such file or of another training.
  ResumeFile(std::string path, std::string training, double every_s);

  struct Fit {
    std::string state;
    bool is_finished = false;
  };
  // What the next fit had reached; nothing when it had not begun.
  std::optional<Fit> next();

  bool is_due() const;              // has the running fit gone unkept for long enough
  void keep(std::string state);     // of the running fit
  void finish(std::string state);   // of the fit that has ended
  std::size_t finished() const { return finished_.size(); }  // fits, when it was opened and since
  bool was_there() const { return was_there_; }

 private:
  void read();
  void write();

  std::string path_, training_;
  double every_s_;
  bool was_there_ = false;
  std::size_t next_ = 0;
  std::vector<std::string> finished_;
  std::optional<std::string> running_;
  std::chrono::steady_clock::time_point written_;
};

}  // namespace plkd
