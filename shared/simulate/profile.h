#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/counts/counts_reader.h"
#include "shared/genes/vocabulary.h"

namespace plkd {

// What simulating cells of one type needs to know about it.
struct TypeProfile {
  std::string name;
  std::string ontology_id;   // "CL:0000624", empty when the reference gave none
  double proportion = 0;     // of all cells; the proportions of a profile sum to 1
  double library_size = 0;   // median over the type's cells, of the profile's genes alone
  std::vector<float> mean;   // [genes], counts per 10,000
};

// Mean expression of cell types over real genes: enough to simulate cells like those of the reference it comes from,
// and small enough to be committed and read.
struct Profile {
  std::string name;
  std::vector<std::string> sources;  // provenance, one sentence each
  GeneVocabulary genes;
  std::vector<float> dispersion;     // [genes], variance of a gene within a type = mean + dispersion * mean^2
  double library_spread = 0;         // standard deviation of a type's log library sizes
  std::vector<TypeProfile> types;
};

// A profile as text: "# key: value" lines, then a table gene, dispersion, one column a type. Three significant
// digits, and four of library sizes.
// Throws BadInput with the line number.
Profile read_profile(const std::string& path);
Profile parse_profile(const std::string& text, const std::string& source);
void write_profile(const Profile& profile, const std::string& path);
std::string format_profile(const Profile& profile);

// A profile compiled into the program, of models/profiles. Throws BadInput that lists the names there are.
Profile built_in_profile(const std::string& name);

// A file's profile when `name` is a path that exists or ends in .tsv, else the built-in one.
Profile find_profile(const std::string& name);

}  // namespace plkd
