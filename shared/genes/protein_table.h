#pragma once

namespace plkd {

// Surface proteins that antibodies are sold against: lines of "name|genes|other names", blanks between genes and between names. To add a
// protein, add a line: names are compared without case, blanks and punctuation.
extern const char* const kProteinTable;

}  // namespace plkd
