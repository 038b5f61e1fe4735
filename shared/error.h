#pragma once

#include <stdexcept>
#include <string>

namespace plkd {

enum class ErrorKind {
  BadInput,    // a file or its contents; exit code 1
  WrongUsage,  // options that make no sense together; exit code 2
  Internal,    // we broke a promise of our own; exit code 1, worth a bug report
};

// The only exception we throw. The message says where, what and what was expected; the hint says what to do next.
// It is translated once, at the edge: to an exit code in the programs, to a plain value in wasm/.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string hint = "");

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }

 private:
  ErrorKind kind_;
  std::string message_;
  std::string hint_;
};

}  // namespace plkd
