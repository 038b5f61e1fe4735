#include "shared/cli/write_file.h"

#include <fstream>

#include "shared/error.h"

namespace plkd {

void write_file(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary);
  out << content;
  out.close();
  if (!out) throw Error(ErrorKind::BadInput, path + ": cannot be written", "check the folder and the free space");
}

}  // namespace plkd
