#include "shared/genes/organism.h"

#include <catch2/catch.hpp>

namespace plkd {

namespace {

OrganismGuess guess(const std::vector<std::string>& names) { return guess_organism(vocabulary_from_names(names)); }

const std::vector<std::string> kHuman = {"CD3E", "CD3D", "CD8A", "MS4A1", "LYZ", "NKG7", "GNLY", "C1orf43", "IL7R", "CST3", "FCER1A", "PPBP"};
const std::vector<std::string> kMouse = {"Cd3e", "Cd3d", "Cd8a", "Ms4a1", "Lyz2", "Nkg7", "Gzma", "mt-Co1", "Il7r", "Cst3", "Fcer1a", "Ppbp"};

std::vector<std::string> with_prefix(const std::string& prefix, const std::vector<std::string>& names) {
  std::vector<std::string> prefixed;
  for (const std::string& name : names) prefixed.push_back(prefix + name);
  return prefixed;
}

}  // namespace

TEST_CASE("ids tell the organism by their prefix", "[unit]") {
  const OrganismGuess human = guess({"ENSG00000153563", "ENSG00000153564.2", "CD3E"});
  CHECK(human.organism == Organism::Human);
  CHECK(human.evidence == "100 % of Ensembl ids begin with ENSG");
  CHECK(guess({"ENSMUSG00000030336", "ENSMUSG00000030337.4"}).organism == Organism::Mouse);
  CHECK(guess({"ENSRNOG00000030336", "ENSRNOG00000030337"}).organism == Organism::Other);
}

TEST_CASE("symbols tell the organism by their case", "[unit]") {
  CHECK(guess(kHuman).organism == Organism::Human);
  const OrganismGuess mouse = guess(kMouse);
  CHECK(mouse.organism == Organism::Mouse);
  CHECK_THAT(mouse.evidence, Catch::Contains("written like mouse genes (Cd3e)"));
  CHECK(guess({"G1", "G2", "G3"}).organism == Organism::Unknown);
}

TEST_CASE("symbols of genes that only one organism has count for more than their case", "[unit]") {
  std::vector<std::string> capitals = {"CD3E", "CD3D", "CD8A", "MS4A1", "NKG7", "IL7R", "CST3", "FCER1A", "PPBP", "CD19",
                                       "H2-AA", "GM10263", "2610507I01RIK"};
  const OrganismGuess mouse = guess(capitals);
  CHECK(mouse.organism == Organism::Mouse);
  CHECK_THAT(mouse.evidence, Catch::Contains("only mouse has (H2-AA)"));
}

TEST_CASE("two organisms side by side are recognised, by genome or by id", "[unit]") {
  std::vector<std::string> both = with_prefix("GRCh38_", kHuman);
  for (const std::string& name : with_prefix("mm10___", kMouse)) both.push_back(name);
  const OrganismGuess mixed = guess(both);
  CHECK(mixed.organism == Organism::Mixed);
  CHECK(mixed.evidence == "50 % of names begin with a human genome's name (GRCh38_), 50 % with a mouse genome's (mm10_)");
  CHECK(guess({"ENSG00000153563", "ENSMUSG00000030336"}).organism == Organism::Mixed);
  CHECK(guess(with_prefix("hg19_", kHuman)).organism == Organism::Human);
}

TEST_CASE("the genome before a name is taken off, and the other genome's genes lose their name", "[unit]") {
  const GeneVocabulary both = vocabulary_from_names({"GRCh38_CD3E", "mm10___Cd3e", "GRCh38_ENSG00000153563", "LYZ"});
  const GeneVocabulary human = genes_of(both, Organism::Human);
  CHECK(human.symbol == std::vector<std::string>{"CD3E", "", "", "LYZ"});
  CHECK(human.id == std::vector<std::string>{"", "", "ENSG00000153563", ""});
  const GeneVocabulary by_id{{"CD3E", "Cd3e"}, {"ENSG00000198851", "ENSMUSG00000032093"}};
  CHECK(genes_of(by_id, Organism::Human).symbol == std::vector<std::string>{"CD3E", ""});
}

TEST_CASE("an organism is known by its common and its Latin name", "[unit]") {
  CHECK(organism_named("human") == Organism::Human);
  CHECK(organism_named("Homo sapiens") == Organism::Human);
  CHECK(organism_named("Mus musculus (C57BL/6)") == Organism::Mouse);
  CHECK(organism_named("zebrafish") == Organism::Other);
  CHECK(organism_named("") == Organism::Unknown);
}

}  // namespace plkd
