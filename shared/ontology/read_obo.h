#pragma once

#include <string>

#include "shared/ontology/ontology.h"

namespace plkd {

// Reads the terms of an ontology in OBO format (gzip or not): id, name and is_a of every [Term] that is not
// obsolete; all else is passed over. A parent that the file does not define, or that is obsolete, is left
// out. Throws BadInput with the line when a term has no id or name, an id comes twice, or there are no terms.
Ontology read_obo(const std::string& path);

}  // namespace plkd
