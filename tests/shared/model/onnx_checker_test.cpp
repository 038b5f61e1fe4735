// libonnx as oracle; native only, and its own program because libonnx and protobuf register themselves globally.

#define ONNX_ML 1
#define ONNX_NAMESPACE onnx
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

#include <catch2/catch.hpp>

#include "shared/model/model.h"
#include "tests/support/random_model.h"

namespace plkd {

TEST_CASE("the model file passes the ONNX checker and says what it takes and gives", "[golden]") {
  ::onnx::ModelProto model;
  REQUIRE(model.ParseFromString(encode_model(test::random_model(1))));
  CHECK_NOTHROW(::onnx::checker::check_model(model));
  CHECK(model.opset_import(0).version() == 17);
  REQUIRE(model.graph().input_size() == 1);
  CHECK(model.graph().input(0).name() == "rna");
  CHECK(model.graph().input(0).type().tensor_type().shape().dim(1).dim_value() == 37);
  REQUIRE(model.graph().output_size() == 4);
  CHECK(model.graph().output(0).name() == "logits");
  CHECK(model.graph().output(1).name() == "latent");
  CHECK(model.graph().output(2).name() == "map");
  CHECK(model.graph().output(3).name() == "patterns");
  CHECK(model.metadata_props(0).key() == "plkd");
}

}  // namespace plkd
