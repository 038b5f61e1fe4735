#include "shared/preprocess/pack_counts.h"

#include <utility>

#include <catch2/catch.hpp>

#include "tests/support/matrices.h"

namespace plkd {

TEST_CASE("whole counts take one word each", "[unit]") {
  const PackedCounts packed = pack(test::matrix_of({{1, 0, 65535}, {0, 2, 0}}));
  CHECK(packed.words_per_entry == 1);
  CHECK(packed.words == std::vector<std::uint32_t>{1U << 16, 2U | 65535U << 16, 1U | 2U << 16});
}

TEST_CASE("one count that needs more makes all take two words", "[unit]") {
  const auto [count, bits] = GENERATE(std::pair(0.5F, 0x3f000000U), std::pair(65536.0F, 0x47800000U));
  const PackedCounts packed = pack(test::matrix_of({{1, count}}));
  CHECK(packed.words_per_entry == 2);
  CHECK(packed.words == std::vector<std::uint32_t>{0, 0x3f800000U, 1, bits});
}

TEST_CASE("genes past 65,536 do not fit half a word", "[unit]") {
  CountMatrix counts = test::matrix_of({{1}});
  counts.genes = 65536;
  CHECK(pack(counts).words_per_entry == 1);
  ++counts.genes;
  CHECK(pack(counts).words_per_entry == 2);
}

TEST_CASE("no entries make no words", "[unit]") {
  CHECK(pack(test::matrix_of({{0, 0}})).words.empty());
}

}  // namespace plkd
