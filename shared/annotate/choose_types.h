#pragma once

#include <string>
#include <vector>

#include "shared/model/model.h"

namespace plkd {

// Which types of a model a user leaves possible. Each text is one name or several with commas between them: the name or ontology id of
// a type, in any case, or of a term of the model's ontology, which stands for all types below it. Every type of that name or id is
// meant. Throws WrongUsage that lists the nearest names when nothing is meant by one.
std::vector<char> choose_types(const Model& model, const std::vector<std::string>& texts);  // [classes]; empty for no texts

}  // namespace plkd
