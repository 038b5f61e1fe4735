// The programs as a user starts them: exit codes, one-line errors that name the file and the remedy, and a whole walk
// from a model and a matrix to labels.csv.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <hdf5.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;

struct Outcome {
  int code = 0;
  std::string output;  // standard output and standard error
};

Outcome plkd(const std::string& arguments) {
  const std::string command = std::string(PLKD_PROGRAM) + " " + arguments + " 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Outcome outcome;
  std::array<char, 4096> block{};
  for (std::size_t got = 0; (got = fread(block.data(), 1, block.size(), pipe)) > 0;)
    outcome.output.append(block.data(), got);
  const int status = pclose(pipe);
  REQUIRE(WIFEXITED(status));
  outcome.code = WEXITSTATUS(status);
  return outcome;
}

// Peak resident memory of annotating with one thread, in MB.
double annotating_takes_mb(const std::string& model, const std::string& cells, const std::string& out) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    execl(PLKD_PROGRAM, "plkd", "annotate", "--quiet", "--threads", "1", "--model", model.c_str(), "--cells", cells.c_str(),
          "--out", out.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  REQUIRE(wait4(child, &status, 0, &usage) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// A folder with simulated cells, made once; removed when the program ends.
class Workshop {
 public:
  Workshop() : folder_(fs::temp_directory_path() / "plkd_cli_test") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    REQUIRE(plkd("simulate --quiet --profile pbmc --cells 300 --seed 5 --out " + path("query.h5ad")).code == 0);
  }
  ~Workshop() { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  fs::path folder_;
};

const Workshop& workshop() {
  static const Workshop made;
  return made;
}

const std::string kModel = PLKD_MODELS "/tiny.onnx";

// The error is one line that names the file; the remedy follows a semicolon.
void check_refused(const std::string& arguments, const std::string& file, const std::string& message) {
  const Outcome outcome = plkd(arguments);
  INFO(outcome.output);
  CHECK(outcome.code == 1);
  CHECK(std::count(outcome.output.begin(), outcome.output.end(), '\n') == 1);
  CHECK_THAT(outcome.output, Catch::Contains(file) && Catch::Contains(message) && Catch::Contains("; "));
}

std::string annotate_with(const std::string& model, const std::string& cells) {
  return "annotate --model " + model + " --cells " + cells + " --out " + workshop().path("never.csv");
}

// Two cells over genes named as in mouse, most of them of the model, too.
std::string mouse_cells() {
  const std::string folder = workshop().path("mouse");
  fs::create_directories(folder);
  const std::vector<std::string> genes = {"Cd3e", "Cd3d", "Ms4a1", "Cd79a", "Nkg7", "Gzmb", "Lyz1", "S100a8", "S100a9", "Cd14", "Cst3", "Il7r"};
  std::string matrix = "%%MatrixMarket matrix coordinate integer general\n" + std::to_string(genes.size()) + " 2 " + std::to_string(2 * genes.size()) + "\n";
  std::string names;
  for (std::size_t gene = 0; gene < genes.size(); ++gene) {
    const std::string row = std::to_string(gene + 1);
    matrix += row + " 1 5\n" + row + " 2 " + row + "\n";
    names += genes[gene] + "\t" + genes[gene] + "\n";
  }
  write(folder + "/matrix.mtx", matrix);
  write(folder + "/barcodes.tsv", "AAAC-1\nAAAG-1\n");
  write(folder + "/genes.tsv", names);
  return folder;
}

}  // namespace

TEST_CASE("annotate writes a line for every cell, in order", "[cli]") {
  const std::string out = workshop().path("labels.csv");
  const Outcome outcome = plkd("annotate --threads 2 --model " + kModel + " --cells " + workshop().path("query.h5ad") + " --out " + out);
  INFO(outcome.output);
  REQUIRE(outcome.code == 0);
  std::ifstream file(out);
  std::string line;
  std::getline(file, line);
  CHECK(line ==
        "cell,label,ontology_id,kind,probability,unknown_score,best_label,best_probability,second_label,second_probability");
  int cells = 0;
  while (std::getline(file, line)) ++cells;
  CHECK(cells == 300);
}

TEST_CASE("threads change nothing in labels.csv", "[cli]") {
  for (const char* threads : {"1", "3"})
    REQUIRE(plkd("annotate --quiet --label-all --threads " + std::string(threads) + " --model " + kModel + " --cells " +
                 workshop().path("query.h5ad") + " --out " + workshop().path(std::string("t") + threads))
                .code == 0);
  CHECK(bytes_of(workshop().path("t1")) == bytes_of(workshop().path("t3")));
  CHECK(bytes_of(workshop().path("t1")).find(",unknown,") == std::string::npos);
}

TEST_CASE("memory does not grow with the number of cells", "[cli][slow]") {  // 20 s: simulates 80,000 cells
  const std::string few = workshop().path("few.h5ad"), many = workshop().path("many.h5ad"), out = workshop().path("m.csv");
  REQUIRE(plkd("simulate --quiet --cells 20000 --out " + few).code == 0);
  REQUIRE(plkd("simulate --quiet --cells 60000 --out " + many).code == 0);
  const double few_mb = annotating_takes_mb(kModel, few, out);
  const double many_mb = annotating_takes_mb(kModel, many, out);
  INFO("peak " << few_mb << " MB for 20,000 cells, " << many_mb << " MB for 60,000");
  // HDF5's caches are full from some 10,000 cells on. 40,000 more cells are 200 MB as CSR.
  CHECK(many_mb < few_mb + 12);
}

TEST_CASE("evaluate writes its report", "[cli]") {
  const std::string report = workshop().path("scores.json");
  REQUIRE(plkd("evaluate --quiet --model " + kModel + " --cells " + workshop().path("query.h5ad") +
               " --labels cell_type --json " + report)
              .code == 0);
  const nlohmann::json scores = nlohmann::json::parse(bytes_of(report));
  for (const char* key : {"cells", "cells_known", "accuracy", "macro_f1", "balanced_accuracy", "ece", "reliability", "coverage",
                          "accuracy_at_coverage", "promised_error", "observed_error", "expected_error_at_shift", "unknown_auroc",
                          "fpr_at_95_tpr", "per_class", "confusion"})
    CHECK(scores.contains(key));
  CHECK(scores["cells"] == 300);
  CHECK(scores["accuracy"] > 0.8);
}

TEST_CASE("evaluate compares labels with any column, whatever its names", "[cli]") {
  const std::string table = workshop().path("confusion.csv");
  const std::string common = "evaluate --model " + kModel + " --cells " + workshop().path("query.h5ad");
  const Outcome of_types = plkd(common + " --labels cell_type --confusion " + table);
  CHECK_THAT(of_types.output, Catch::Contains("by the ontology: exact "));
  CHECK(bytes_of(table).rfind("given,", 0) == 0);
  const Outcome of_batches = plkd(common + " --labels batch --confusion " + table);
  CHECK(of_batches.code == 0);
  CHECK_THAT(of_batches.output, Catch::Contains("by the ontology:") && Catch::Contains("unplaced "));
}

TEST_CASE("evaluate scores how latents integrate, batches only where they are named", "[cli]") {
  const std::string common =
      "evaluate --model " + kModel + " --cells " + workshop().path("query.h5ad") + " --labels cell_type ";
  const std::string report = workshop().path("integration.json");
  const Outcome outcome = plkd(common + "--integration --batch batch --where 'cell_type=B cell' --where 'cell_type=NK cell' --json " + report);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.output, Catch::Contains("2 types, 1 batches") && !Catch::Contains("iLISI"));
  const nlohmann::json scores = nlohmann::json::parse(bytes_of(report));
  CHECK(scores["integration"]["cells"] == scores["cells"]);
  CHECK(scores["integration"]["drawn_from"] == scores["cells"]);
  CHECK(scores["integration"]["asw_label"] > 0.6);
  CHECK(scores["integration"]["nmi_given"] > 0.9);
  CHECK(scores["integration"]["asw_batch"].is_null());
  REQUIRE(plkd(common + "--quiet --integration --json " + report).code == 0);
  CHECK(nlohmann::json::parse(bytes_of(report))["integration"]["batches"] == 0);
  CHECK(plkd(common + "--batch batch").code == 2);
  check_refused(common + "--integration --batch planet", "query.h5ad", "planet");
}

TEST_CASE("evaluate keeps to --where and --drop", "[cli]") {
  const std::string common = "evaluate --model " + kModel + " --cells " + workshop().path("query.h5ad") + " --labels cell_type ";
  const std::string report = workshop().path("where.json");
  REQUIRE(plkd(common + "--where 'cell_type=B cell' --quiet --json " + report).code == 0);
  CHECK(nlohmann::json::parse(bytes_of(report))["per_class"].size() == 1);
  CHECK(plkd(common + "--where nonsense").code == 2);
  check_refused(common + "--drop cell_type=Martian", "query.h5ad", "has no value 'Martian'");
  check_refused(common + "--where planet=Mars", "query.h5ad", "planet");
}

TEST_CASE("describe knows a model from a matrix", "[cli]") {
  CHECK_THAT(plkd("describe " + kModel).output, Catch::StartsWith("model "));
  const Outcome matrix = plkd("describe " + workshop().path("query.h5ad"));
  CHECK_THAT(matrix.output, Catch::StartsWith("matrix ") && Catch::Contains("300") && Catch::Contains("counts") && Catch::Contains("cell_type"));
}

TEST_CASE("describe writes a model's card", "[cli]") {
  const std::string report = workshop().path("card.json");
  REQUIRE(plkd("describe " + kModel + " --json " + report).code == 0);
  const nlohmann::json described = nlohmann::json::parse(bytes_of(report));
  CHECK(described["card"]["name"] == "tiny");
  CHECK(described["card"]["scores"]["per_class"].size() > 5);
  CHECK(described["classes"][0]["reference_cells"] > 0);
  CHECK(described["genes"] == 200);
  CHECK_THAT(described["provenance"]["split"].get<std::string>(), Catch::Contains("held out"));
}

TEST_CASE("describe says of a matrix whose genes it has, what its values are and how it fits a model", "[cli]") {
  const std::string report = workshop().path("matrix.json");
  const Outcome outcome = plkd("describe " + workshop().path("query.h5ad") + " --model " + kModel + " --json " + report);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.output, Catch::Contains("organism     human: ") && Catch::Contains("values       counts: whole numbers") &&
                                 Catch::Contains("verdict      fits"));
  const nlohmann::json described = nlohmann::json::parse(bytes_of(report));
  CHECK(described["cells"] == 300);
  CHECK(described["organism"]["guess"] == "human");
  CHECK(described["values"]["kind"] == "counts");
  CHECK(described["match"]["passes"] == true);
  CHECK(described["match"]["matched"] == 200);
}

TEST_CASE("a mouse matrix on a human model is refused unless forced, and describe says so before", "[cli]") {
  const std::string folder = mouse_cells();
  check_refused(annotate_with(kModel, folder), "mouse", "the genes are of mouse");
  const Outcome evaluated =
      plkd("evaluate --model " + kModel + " --cells " + workshop().path("query.h5ad") + " --labels cell_type --panel 0.04");
  CHECK(evaluated.code == 0);
  CHECK_THAT(evaluated.output, Catch::Contains("warning: only ") && Catch::Contains("genes are in this file"));
  const Outcome described = plkd("describe " + folder + " --model " + kModel);
  CHECK_THAT(described.output, Catch::Contains("organism     mouse: ") && Catch::Contains("verdict      refused: "));
  const Outcome forced = plkd(annotate_with(kModel, folder) + " --force");
  CHECK(forced.code == 0);
  CHECK_THAT(forced.output, Catch::Contains("warning: the genes are of mouse") && Catch::Contains("nothing is promised: the genes are of mouse"));
  check_refused(annotate_with(kModel, folder) + " --orthologues", "tiny", "knows no orthologues");
}

TEST_CASE("verify passes on a model of ours, with and without cells", "[cli]") {
  CHECK_THAT(plkd("verify --model " + kModel).output, Catch::Contains("verified"));
  CHECK_THAT(plkd("verify --model " + kModel + " --cells " + workshop().path("query.h5ad")).output, Catch::Contains("verified"));
}

TEST_CASE("a truncated file is refused", "[cli]") {
  const std::string whole = bytes_of(workshop().path("query.h5ad"));
  for (const std::size_t part : {2U, 3U, 10U, 100U}) {
    write(workshop().path("cut.h5ad"), whole.substr(0, whole.size() / part));
    check_refused(annotate_with(kModel, workshop().path("cut.h5ad")), "cut.h5ad", "");
  }
}

TEST_CASE("a file of another kind is refused", "[cli]") {
  write(workshop().path("notes.h5ad"), "these are my notes, not cells\n");
  check_refused(annotate_with(kModel, workshop().path("notes.h5ad")), "notes.h5ad", "h5ad");
  check_refused(annotate_with(kModel, workshop().path("absent.h5ad")), "absent.h5ad", "");
}

TEST_CASE("an h5ad without X is refused", "[cli]") {
  const std::string path = workshop().path("no_x.h5ad");
  fs::copy_file(workshop().path("query.h5ad"), path, fs::copy_options::overwrite_existing);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  REQUIRE(file >= 0);
  REQUIRE(H5Ldelete(file, "X", H5P_DEFAULT) >= 0);
  H5Fclose(file);
  check_refused(annotate_with(kModel, path), "no_x.h5ad", "X");
}

TEST_CASE("a model that is no model is refused", "[cli]") {
  write(workshop().path("fake.onnx"), "not a model");
  check_refused(annotate_with(workshop().path("fake.onnx"), workshop().path("query.h5ad")), "fake.onnx", "not a model file");
  check_refused("verify --model " + workshop().path("fake.onnx"), "fake.onnx", "not a model file");
}

TEST_CASE("a query with none of the model's genes is refused", "[cli]") {
  const std::string folder = workshop().path("martian");
  fs::create_directories(folder);
  write(folder + "/matrix.mtx", "%%MatrixMarket matrix coordinate integer general\n2 1 2\n1 1 5\n2 1 7\n");
  write(folder + "/barcodes.tsv", "AAAC-1\n");
  write(folder + "/genes.tsv", "MARS1\tMARS1\nMARS2\tMARS2\n");
  check_refused(annotate_with(kModel, folder), "martian", "only 0 of the model's");
}

TEST_CASE("adapting to a file of the reference's own kind hardly changes a label, and says what it did", "[cli]") {
  const std::string cells = workshop().path("query.h5ad");
  const auto labels = [&](const std::string& name, const std::string& option) {
    const std::string out = workshop().path(name);
    const Outcome outcome = plkd("annotate --label-all --model " + kModel + " --cells " + cells + " --out " + out + option);
    INFO(outcome.output);
    REQUIRE(outcome.code == 0);
    return lines_of(out);
  };
  const std::vector<std::string> plain = labels("plain.csv", ""), adapted = labels("adapted.csv", " --adapt");
  REQUIRE(adapted.size() == plain.size());
  const auto label_of = [](const std::string& line) { return line.substr(0, line.find(',', line.find(',') + 1)); };
  std::size_t changed = 0;
  for (std::size_t line = 1; line < plain.size(); ++line) changed += label_of(plain[line]) != label_of(adapted[line]);
  CHECK(changed < plain.size() / 20);
  CHECK(plain != adapted);
}

TEST_CASE("labels come back in the user's own h5ad, whose receipt verifies", "[cli]") {
  const std::string cells = workshop().path("query.h5ad"), out = workshop().path("mine.h5ad"), receipt = workshop().path("receipt.json");
  const std::string before = bytes_of(cells);
  const Outcome outcome = plkd("annotate --threads 1 --model " + kModel + " --cells " + cells + " --out " + out + " --receipt " + receipt);
  INFO(outcome.output);
  REQUIRE(outcome.code == 0);
  CHECK(bytes_of(cells) == before);
  CHECK_THAT(plkd("describe " + out).output, Catch::Contains("plkd_label") && Catch::Contains("cell_type"));
  CHECK_THAT(plkd("verify --model " + kModel + " --cells " + cells + " --receipt " + receipt).output, Catch::Contains("the same bit for bit"));
  // The annotated file has the same cells.
  CHECK_THAT(plkd("verify --model " + kModel + " --cells " + out + " --receipt " + receipt).output, Catch::Contains("the same bit for bit"));
  const nlohmann::json written = nlohmann::json::parse(bytes_of(receipt));
  std::int64_t counted = 0;
  for (const auto& [label, n] : written["labels"]["counts"].items()) counted += n.get<std::int64_t>();
  CHECK(counted == 300);
  CHECK(plkd("annotate --model " + kModel + " --cells " + cells + " --out " + cells).code == 2);
}

TEST_CASE("a receipt depends on no thread, and says what differs", "[cli]") {
  const std::string cells = workshop().path("query.h5ad"), common = "annotate --quiet --model " + kModel + " --cells " + cells + " --out " + workshop().path("r.csv");
  const std::string one = workshop().path("one.json"), three = workshop().path("three.json"), other = workshop().path("other.h5ad");
  REQUIRE(plkd(common + " --threads 1 --adapt --receipt " + one).code == 0);
  REQUIRE(plkd(common + " --threads 3 --adapt --receipt " + three).code == 0);
  CHECK(bytes_of(one) == bytes_of(three));
  REQUIRE(plkd("simulate --quiet --profile pbmc --cells 300 --seed 6 --out " + other).code == 0);
  check_refused("verify --model " + kModel + " --cells " + other + " --receipt " + one, "one.json", "cells.digest");
  check_refused("verify --model " PLKD_MODELS "/pbmc.onnx --cells " + cells + " --receipt " + one, "one.json", "model.digest");
  nlohmann::json changed = nlohmann::json::parse(bytes_of(one));
  changed["options"]["label_all"] = true;
  write(three, changed.dump());
  check_refused("verify --model " + kModel + " --cells " + cells + " --receipt " + three, "three.json", "labels.digest");
  write(three, "{}");
  CHECK_THAT(plkd("verify --model " + kModel + " --cells " + cells + " --receipt " + three).output, Catch::Contains("no receipt"));
}

TEST_CASE("only the types that are possible are given", "[cli]") {
  const std::string cells = workshop().path("query.h5ad"), out = workshop().path("only.csv"), receipt = workshop().path("only.json");
  REQUIRE(plkd("annotate --quiet --label-all --only 'B cell,NK cell' --model " + kModel + " --cells " + cells + " --out " + out + " --receipt " + receipt).code == 0);
  const nlohmann::json written = nlohmann::json::parse(bytes_of(receipt));
  CHECK(written["labels"]["counts"].size() == 2);
  CHECK(written["decisions"]["types_possible"].size() == 2);
  CHECK_THAT(plkd("verify --model " + kModel + " --cells " + cells + " --receipt " + receipt).output, Catch::Contains("the same bit for bit"));
  const Outcome unknown = plkd("annotate --only Bcell --model " + kModel + " --cells " + cells + " --out " + out);
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.output, Catch::Contains("no type 'Bcell'; the nearest are 'B cell'"));
  const std::string report = workshop().path("only_scores.json");
  REQUIRE(plkd("evaluate --quiet --only 'B cell,NK cell' --labels cell_type --model " + kModel + " --cells " + cells + " --json " + report).code == 0);
  CHECK(nlohmann::json::parse(bytes_of(report))["per_class"].size() == 2);
}

TEST_CASE("explain names each cell's patterns and those that mark each type", "[cli]") {
  const std::string cells = workshop().path("patterns.csv"), markers = workshop().path("markers.csv");
  const Outcome outcome = plkd("explain --quiet --top 2 --model " + kModel + " --cells " + workshop().path("query.h5ad") +
                               " --labels cell_type --out " + cells + " --markers " + markers);
  INFO(outcome.output);
  REQUIRE(outcome.code == 0);
  const std::vector<std::string> by_cell = lines_of(cells), by_type = lines_of(markers);
  CHECK(by_cell.front() == "cell,label,probability,pattern_1,score_1,pattern_2,score_2");
  CHECK(by_cell.size() == 301);
  CHECK(by_type.front() == "label,pattern,difference,auc,p_value,q_value,top_genes");
  // B cells are marked by the module that holds their immunoglobulin and MS4A1 genes, before any other.
  const auto first = std::find_if(by_type.begin(), by_type.end(), [](const std::string& line) { return line.rfind("B cell,", 0) == 0; });
  REQUIRE(first != by_type.end());
  CHECK((first->find("CD79A") != std::string::npos || first->find("MS4A1") != std::string::npos));
}

TEST_CASE("a query's batches are named only to adapt to them", "[cli]") {
  const Outcome outcome = plkd(annotate_with(kModel, workshop().path("query.h5ad")) + " --batch batch");
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.output, Catch::Contains("--adapt"));
}

TEST_CASE("wrong usage is exit code 2 and says what was wrong", "[cli]") {
  CHECK(plkd("annotate --model " + kModel).code == 2);
  CHECK(plkd("dance").code == 2);
  const Outcome outcome = plkd("annotate --sideways");
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.output, Catch::Contains("--help"));
  CHECK(plkd("--help").code == 0);
  CHECK(plkd("annotate --help").code == 0);
}

TEST_CASE("labels come as TSV and packed, with the same fields", "[cli]") {
  const std::string cells = workshop().path("query.h5ad"), csv = workshop().path("plain.csv"), packed = workshop().path("packed.tsv.gz");
  const std::string common = "annotate --quiet --model " + kModel + " --cells " + cells + " --out ";
  REQUIRE(plkd(common + csv).code == 0);
  REQUIRE(plkd(common + packed).code == 0);
  CHECK(bytes_of(packed).substr(0, 2) == "\x1f\x8b");
  REQUIRE(std::system(("gzip -d " + packed).c_str()) == 0);
  std::string tabs = bytes_of(workshop().path("packed.tsv"));
  std::replace(tabs.begin(), tabs.end(), '\t', ',');
  CHECK(tabs == bytes_of(csv));  // no name here holds either
}

TEST_CASE("the cells of a cluster vote, in the table, in the h5ad and in the receipt", "[cli]") {
  const std::string cells = workshop().path("query.h5ad"), csv = workshop().path("voted.csv"), h5ad = workshop().path("voted.h5ad"),
                    receipt = workshop().path("voted.json");
  const std::string common = "annotate --clusters cell_type --model " + kModel + " --cells " + cells;
  const Outcome outcome = plkd(common + " --receipt " + receipt + " --out " + csv);
  INFO(outcome.output);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.output, Catch::Contains("label by majority"));
  const std::vector<std::string> lines = lines_of(csv);
  REQUIRE(lines.size() == 301);
  CHECK_THAT(lines[0], Catch::EndsWith(",second_probability,cluster,cluster_label,cluster_ontology_id,cluster_share"));
  CHECK(std::any_of(lines.begin(), lines.end(), [](const std::string& line) { return line.find(",B cell,B cell,CL:0000236,") != std::string::npos; }));
  CHECK(nlohmann::json::parse(bytes_of(receipt))["labels"]["clusters"]["B cell"]["label"] == "B cell");
  CHECK_THAT(plkd("verify --model " + kModel + " --cells " + cells + " --receipt " + receipt).output, Catch::Contains("the same bit for bit"));
  REQUIRE(plkd(common + " --quiet --out " + h5ad).code == 0);
  CHECK_THAT(plkd("describe " + h5ad).output, Catch::Contains("plkd_cluster_label") && Catch::Contains("plkd_cluster_share"));
  check_refused("annotate --clusters leiden --model " + kModel + " --cells " + cells, "query.h5ad", "leiden");
}
