#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/genes/vocabulary.h"

namespace plkd {

// What an antibody-derived tag stands for.
enum class TagKind {
  Protein,
  Isotype,  // an antibody that binds nothing: its counts are background
  Hashtag,  // tells samples apart, not cells
};

struct ProteinTag {
  TagKind kind = TagKind::Protein;
  std::string name;                // as people call the protein, whatever the file calls the antibody: "CD16"
  std::vector<std::string> genes;  // symbols that encode it: {"FCGR3A", "FCGR3B"}
};

// By a table of the usual antibodies: "CD8a", "CD16", "anti-human CD127 (IL7Ra)", "HLA.DR", "CD56_TotalSeqB" are found under their other
// names, too. A name that is not in it stays what it is and is taken for its own gene.
ProteinTag resolve_protein(const std::string& name);

// Whether a list of features is one of antibodies and not of genes: more have names that only antibodies have
// than names of genes alone. CD4 and CD19 are both, and count for neither.
bool look_like_proteins(const std::vector<std::string>& names);

// What was found in a list of tags; shown to people.
struct ProteinReport {
  std::int64_t proteins = 0;
  std::vector<std::string> unknown;   // taken as they are: not in the table
  std::vector<std::string> isotypes;  // left out
  std::vector<std::string> hashtags;  // left out
};

struct ProteinVocabulary {
  // Symbol: the protein; alias: its genes. Several antibodies against one protein are one; their counts are summed.
  GeneVocabulary proteins;
  std::vector<std::int32_t> protein_of_tag;  // [tags], -1 for isotypes and hashtags
  ProteinReport report;
};

ProteinVocabulary proteins_of(const std::vector<std::string>& tags);

// "45 proteins (2 not in the table: ...), without 1 isotype control (IgG1.K.Isotype.Control)".
std::string describe(const ProteinReport& report);

}  // namespace plkd
