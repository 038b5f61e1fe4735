#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/genes/patterns.h"
#include "shared/genes/vocabulary.h"
#include "shared/model/model.h"
#include "trainer/teacher/teacher.h"

namespace plkd {

// What a Teacher's weights refer to: without it, its numbers mean nothing to another reference.
struct TeacherContext {
  const GeneVocabulary& genes;
  const std::vector<Pattern>& patterns;
  const std::vector<CellType>& classes;
};

// Writes a torch archive: "header", a JSON text with genes, patterns, classes and the tensors' names and
// shapes in order, and "tensor0", "tensor1", ... Throws BadInput when the file cannot be written.
void save_teacher(const std::string& path, Teacher& teacher, const TeacherContext& context);

struct WarmStart {
  std::int64_t taken = 0;  // tensors
  std::int64_t of = 0;     // tensors of the new Teacher
  std::string summary;     // "34 of 39 tensors taken; not taken: 3 of the pattern layer (other genes), ..."
};

// Starts a Teacher from a saved one. A tensor is taken when name and shape fit; the pattern layer only when
// genes and patterns are the same, the head only when the classes are, since its numbers belong to them.
// Throws BadInput when the file is no saved Teacher or nothing fits.
WarmStart warm_start(const std::string& path, Teacher& teacher, const TeacherContext& context);

}  // namespace plkd
