// Times the Student's inference in processor time, native and in WebAssembly alike: student.mjs starts it.
//
//   plkd_student_bench write FOLDER   the model and some cells, for other engines
//   plkd_student_bench time           one line of JSON for each kernel: microseconds a cell, the best of many passes

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>

#include "shared/annotate/calibrate.h"
#include "shared/preprocess/log_normalise.h"
#include "shared/student/run_with.h"
#include "tests/support/matrices.h"
#include "tests/support/random_model.h"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
// clang-format off
EM_JS(double, processor_us, (), { const used = process.cpuUsage(); return used.user + used.system; });
// clang-format on
#else
#include <ctime>
static double processor_us() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}
#endif

namespace {

using namespace plkd;

constexpr std::int64_t kGenes = 3000, kFirst = 256, kSecond = 128, kClasses = 20, kCells = 256;
constexpr double kDensity = 0.07;

Model model_to_time() {
  std::mt19937_64 rng(1);
  Model model = test::random_model(1, kGenes, kClasses);
  const auto layer = [&](std::int64_t in, std::int64_t out) {
    return Linear{in, out, test::random_values(rng, in * out, 0.1F), test::random_values(rng, out, 0.1F)};
  };
  model.student.hidden = {layer(kGenes, kFirst), layer(kFirst, kSecond)};
  model.student.head = layer(kSecond, kClasses);
  model.student.map = layer(kSecond, 2);
  model.student.norm.clear();
  model.student.direct = {};
  model.student.patterns = {};
  model.patterns.clear();
  return model;
}

CountMatrix cells_to_time() {
  std::mt19937_64 rng(2);
  return test::random_counts(rng, kCells, kGenes, kDensity);
}

CountMatrix log_normalised(CountMatrix counts) {
  log_normalise(counts, library_sizes(counts));
  return counts;
}

std::vector<float> label(const Model& model, CountMatrix& counts, const Kernel& kernel) {
  const std::vector<double> library = library_sizes(counts);
  const float target_sum = model.recipe.target_sum;
  for (std::size_t cell = 0; cell < library.size(); ++cell) {
    const std::int64_t begin = counts.row_begin[cell], end = counts.row_begin[cell + 1];
    kernel.log_scaled(counts.count.data() + begin, end - begin, target_sum / static_cast<float>(library[cell]));
  }
  const StudentOutput output = run_student(model.student, counts, StudentTask::Label, kernel);
  std::vector<float> probability;
  probability.reserve(output.logits.size());
  for (std::size_t first = 0; first < output.logits.size(); first += kClasses) {
    const std::vector<float> of_cell = probabilities({output.logits.data() + first, kClasses}, 1);
    probability.insert(probability.end(), of_cell.begin(), of_cell.end());
  }
  return probability;
}

// Microseconds a cell; `prepare` is not timed.
double best_us(const std::function<void()>& prepare, const std::function<void()>& run) {
  double best = 1e12, spent = 0;
  for (int pass = 0; pass < 20 || (spent < 4e5 && pass < 300); ++pass) {
    prepare();
    const double begin = processor_us();
    run();
    const double taken = processor_us() - begin;
    best = std::min(best, taken);
    spent += taken;
  }
  return best / kCells;
}

// Reads the rows that the first layer multiplies, four at a time and 16 or 32 bytes at once, and adds them up, which takes no time beside.
template <class Lanes>
inline __attribute__((always_inline)) float read_rows(const Linear& layer, const std::int32_t* gene, std::int64_t entries) {
  constexpr std::int64_t kLanes = sizeof(Lanes) / sizeof(float);
  constexpr int kUnrolled = 2;
  Lanes sum[4][kUnrolled] = {};
  for (std::int64_t k = 0; k + 4 <= entries; k += 4)
    for (std::int64_t h = 0; h < layer.out; h += kUnrolled * kLanes)
      for (int row = 0; row < 4; ++row)
        for (int part = 0; part < kUnrolled; ++part)
          sum[row][part] += *reinterpret_cast<const Lanes*>(layer.weight.data() + gene[k + row] * layer.out + h + part * kLanes);
  float total = 0;
  for (const auto& row : sum)
    for (const Lanes& part : row) total += part[0];
  return total;
}

typedef float FourLanes __attribute__((vector_size(16), aligned(4)));
__attribute__((noinline)) float read_rows_16(const Linear& layer, const std::int32_t* gene, std::int64_t entries) {
  return read_rows<FourLanes>(layer, gene, entries);
}
#ifdef __x86_64__
typedef float EightLanes __attribute__((vector_size(32), aligned(4)));
__attribute__((noinline, target("avx2"))) float read_rows_32(const Linear& layer, const std::int32_t* gene, std::int64_t entries) {
  return read_rows<EightLanes>(layer, gene, entries);
}
#endif

// The first layer's reading alone: cell after cell, or as the kernels do it, `block` genes of kCellsTogether cells at a time.
using ReadRows = float (*)(const Linear&, const std::int32_t*, std::int64_t);
float read_all(const Linear& layer, const CountMatrix& cells, std::int64_t block, ReadRows read) {
  float total = 0;
  std::vector<std::int64_t> next(cells.row_begin.begin(), cells.row_begin.end() - 1);
  for (std::int64_t first = 0; first < cells.cells(); first += kCellsTogether)
    for (std::int64_t end_gene = block; end_gene < layer.in + block; end_gene += block)
      for (std::int64_t cell = first; cell < std::min(first + kCellsTogether, cells.cells()); ++cell) {
        const std::int64_t begin = next[static_cast<std::size_t>(cell)];
        std::int64_t end = begin;
        while (end < cells.row_begin[static_cast<std::size_t>(cell) + 1] && cells.gene[static_cast<std::size_t>(end)] < end_gene) ++end;
        next[static_cast<std::size_t>(cell)] = end;
        total += read(layer, cells.gene.data() + begin, (end - begin) / 4 * 4);
      }
  return total;
}

Weights weights_of(const Linear& layer) { return {layer.in, layer.out, layer.weight.data(), layer.bias.data()}; }

void time_kernel(const Kernel& kernel, const Model& model, const CountMatrix& counts) {
  const Student& student = model.student;
  const CountMatrix expression = log_normalised(counts);
  CountMatrix changed = counts;
  std::vector<float> first(kCells * kFirst), second(kCells * kSecond), logits(kCells * kClasses);
  const auto nothing = [] {};
  float kept = 0;

  const double whole = best_us([&] { changed = counts; }, [&] { kept += label(model, changed, kernel)[0]; });
  const double log = best_us([&] { changed = counts; }, [&] { kernel.log_scaled(changed.count.data(), changed.entries(), 3); });
  const double first_layer = best_us([&] { std::fill(first.begin(), first.end(), 0.0F); }, [&] {
    for (std::int64_t cell = 0; cell < kCells; cell += kCellsTogether)
      kernel.add_expressed(weights_of(student.hidden[0]),
                           {kCellsTogether, expression.row_begin.data() + cell, expression.gene.data(), expression.count.data()},
                           first.data() + cell * kFirst);
  });
  const double gelu = best_us(nothing, [&] { kernel.gelu(first.data(), kCells * kFirst), kernel.gelu(second.data(), kCells * kSecond); });
  const auto run_all = [&](const Linear& layer, const float* x, float* y) {
    for (std::int64_t cell = 0; cell < kCells; cell += kCellsTogether)
      kernel.run_linear(weights_of(layer), x + cell * layer.in, kCellsTogether, y + cell * layer.out);
  };
  const double second_layer = best_us(nothing, [&] { run_all(student.hidden[1], first.data(), second.data()); });
  const double head = best_us(nothing, [&] { run_all(student.head, second.data(), logits.data()); });
  const double softmax = best_us(nothing, [&] {
    for (std::size_t cell = 0; cell < kCells; ++cell) kept += probabilities({logits.data() + cell * kClasses, kClasses}, 1)[0];
  });
  ReadRows read = read_rows_16;
#ifdef __x86_64__
  if (&kernel != kernels().front()) read = read_rows_32;
#endif
  const std::int64_t block = (1 << 17) / kFirst;
  const double rows = best_us(nothing, [&] { kept += read_all(student.hidden[0], expression, kGenes, read); });
  const double blocked_rows = best_us(nothing, [&] { kept += read_all(student.hidden[0], expression, block, read); });
  std::printf("{\"kernel\":\"%s\",\"whole\":%.4f,\"log\":%.4f,\"first\":%.4f,\"second\":%.4f,\"head\":%.4f,\"gelu\":%.4f,"
              "\"softmax\":%.4f,\"rows\":%.4f,\"blocked_rows\":%.4f,\"bytes\":%.0f,\"kept\":%d}\n",
              kernel.name, whole, log, first_layer, second_layer, head, gelu, softmax, rows, blocked_rows,
              static_cast<double>(expression.entries()) / kCells * kFirst * 4, kept > 0);
}

template <class T>
void write_values(const std::string& path, const std::vector<T>& values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

void write_for_others(const std::string& folder) {
  const Model model = model_to_time();
  CountMatrix counts = cells_to_time();
  write_model(model, folder + "/model.onnx");
  write_values(folder + "/row_begin.i32", std::vector<std::int32_t>(counts.row_begin.begin(), counts.row_begin.end()));
  write_values(folder + "/gene.i32", counts.gene);
  write_values(folder + "/count.f32", counts.count);
  const CountMatrix expression = log_normalised(counts);
  write_values(folder + "/expression.f32", expression.count);
  write_values(folder + "/logits.f32", run_student(model.student, expression).logits);
  write_values(folder + "/probability.f32", label(model, counts, best_kernel()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 2 && words[0] == "write") {
    write_for_others(words[1]);
    return 0;
  }
  if (words.size() != 1 || words[0] != "time") {
    std::fputs("plkd_student_bench write FOLDER | time\n", stderr);
    return 2;
  }
  const Model model = model_to_time();
  const CountMatrix counts = cells_to_time();
  for (const Kernel* kernel : kernels()) time_kernel(*kernel, model, counts);
  return 0;
}
