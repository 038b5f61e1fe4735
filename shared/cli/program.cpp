#include "shared/cli/program.h"

#include <cstdio>
#include <exception>
#include <new>

#include <CLI/CLI.hpp>

#include "shared/error.h"

namespace plkd {

namespace {

int fail(const CLI::App& app, const std::string& message, int code) {
  std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), message.c_str());
  return code;
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv) {
  constexpr int kBadInput = 1;
  constexpr int kWrongUsage = 2;
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return 0;
  } catch (const CLI::CallForAllHelp&) {
    std::fputs(app.help("", CLI::AppFormatMode::All).c_str(), stdout);
    return 0;
  } catch (const CLI::CallForVersion& version) {
    std::puts(version.what());
    return 0;
  } catch (const CLI::ParseError& error) {
    return fail(app, std::string(error.what()) + "; try --help", kWrongUsage);
  } catch (const Error& error) {
    return fail(app, error.what(), error.kind() == ErrorKind::WrongUsage ? kWrongUsage : kBadInput);
  } catch (const std::bad_alloc&) {
    return fail(app, "out of memory; close other programs or use a smaller file", kBadInput);
  } catch (const std::exception& error) {
    return fail(app, std::string("unexpected error: ") + error.what() + "; please report it", kBadInput);
  }
}

}  // namespace plkd
