#include "shared/genes/gene_evidence.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "shared/genes/vocabulary.h"
#include "shared/text.h"

namespace plkd {

namespace {

constexpr std::size_t kShortestBarcode = 8;
constexpr std::size_t kLongestSymbol = 20;

bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }
bool is_letter(char letter) { return std::isalpha(static_cast<unsigned char>(letter)) != 0; }

// "AAACATACAACCAC-1", "donor2_AAACCTGAGAAACCAT": a run of bases that no gene's name has.
bool looks_like_barcode(const std::string& name) {
  std::size_t run = 0;
  for (const char letter : name) {
    const bool is_base = letter == 'A' || letter == 'C' || letter == 'G' || letter == 'T';
    run = is_base ? run + 1 : 0;
    if (run == kShortestBarcode) return true;
  }
  return false;
}

// "GSM2282137", "SRR5818088".
bool looks_like_accession(const std::string& name) {
  for (const char* archive : {"GSM", "SRR", "ERR", "DRR", "SAMN"}) {
    const std::size_t length = std::char_traits<char>::length(archive);
    if (name.compare(0, length, archive) == 0 && name.size() > length && is_digit(name[length])) return true;
  }
  return false;
}

// CD3D, Cd3e, HLA-DRA, C1orf43, RP11-34P13.7, 1700001P01Rik.
bool looks_like_symbol(const std::string& name) {
  const auto is_allowed = [](char letter) { return is_digit(letter) || is_letter(letter) || letter == '-' || letter == '.'; };
  return name.size() >= 2 && name.size() <= kLongestSymbol && name[0] != '-' && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), is_allowed) && std::any_of(name.begin(), name.end(), is_letter);
}

// 0610007L01Rik: a list of mouse genes begins with hundreds of them, which have no stem.
bool looks_like_riken_clone(const std::string& name) {
  return name.size() == 13 && is_digit(name[0]) && name.compare(10, 3, "Rik") == 0;
}

// "hla" of HLA-DRA.
std::string stem(const std::string& symbol) {
  const auto end = std::find_if_not(symbol.begin(), symbol.end(), is_letter);
  return lower_case(std::string(symbol.begin(), end));
}

}  // namespace

double gene_evidence(const std::vector<std::string>& names) {
  if (names.empty()) return 0;
  double sure = 0, symbols = 0, cells = 0;
  std::set<std::string> stems;
  for (const std::string& name : names) {
    if (looks_like_ensembl_id(name) || looks_like_riken_clone(name)) {
      ++sure;
    } else if (looks_like_barcode(name) || looks_like_accession(name)) {
      ++cells;
    } else if (looks_like_symbol(name)) {
      ++symbols;
      stems.insert(stem(name));
    }
  }
  // cell1, cell2, ... have the shape of symbols, but one stem; of genes every other one has a stem of its own.
  const double variety = symbols > 1 ? std::min(1.0, 2 * static_cast<double>(stems.size() - 1) / (symbols - 1)) : 0.5;
  return (sure + symbols * variety - cells) / static_cast<double>(names.size());
}

}  // namespace plkd
