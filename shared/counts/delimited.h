#pragma once

#include <memory>
#include <string>

#include "shared/counts/counts_reader.h"

namespace plkd {

// Reads a table of counts as text: CSV, TSV or separated by semicolons or spaces, plain or gzip, with or without quotes, with a
// first line of names that may lack its first field, as R writes it. Genes may be in rows or in columns: which is told by what
// genes and cells are usually called and said in format(). Other columns of words, before or after the counts, become names of
// genes or columns of cells. Streams when cells are in rows; a table with genes in rows is read once and its counts above 0 are
// held. Genes named twice are both kept; cells are not. Columns of numbers that are known never to be counts (nCount_RNA, leiden,
// Start) are words. Throws BadInput with the line number.
// `index`: CountsReader::index of another reader of the same file; without it the file is read through.
std::unique_ptr<CountsReader> open_delimited(const std::string& path, const nlohmann::json* index = nullptr);

}  // namespace plkd
