#include "shared/model/onnx.h"

#include <cstring>

#include <protozero/pbf_message.hpp>
#include <protozero/pbf_writer.hpp>

#include "shared/error.h"

namespace plkd::onnx {

namespace {

// Field numbers of onnx.proto, one enumeration a message; only what we write or read.
enum class ModelField : protozero::pbf_tag_type { IrVersion = 1, ProducerName = 2, Graph = 7, OpsetImport = 8, Metadata = 14 };
enum class OpsetField : protozero::pbf_tag_type { Domain = 1, Version = 2 };
enum class EntryField : protozero::pbf_tag_type { Key = 1, Value = 2 };
enum class GraphField : protozero::pbf_tag_type { Node = 1, Name = 2, Initialiser = 5, Input = 11, Output = 12 };
enum class NodeField : protozero::pbf_tag_type { Input = 1, Output = 2, OpType = 4, Attribute = 5 };
enum class AttributeField : protozero::pbf_tag_type { Name = 1, Float = 2, Int = 3, Ints = 8, Type = 20 };
enum class TensorField : protozero::pbf_tag_type { Dims = 1, DataType = 2, Name = 8, RawData = 9 };
enum class ValueField : protozero::pbf_tag_type { Name = 1, Type = 2 };
enum class TypeField : protozero::pbf_tag_type { Tensor = 1 };
enum class TensorTypeField : protozero::pbf_tag_type { ElementType = 1, Shape = 2 };
enum class ShapeField : protozero::pbf_tag_type { Dim = 1 };
enum class DimField : protozero::pbf_tag_type { Value = 1, Param = 2 };

constexpr std::int32_t kFloat = 1;           // TensorProto.DataType
constexpr std::int32_t kInt64 = 7;
constexpr std::int32_t kAttributeFloat = 1;  // AttributeProto.AttributeType
constexpr std::int32_t kAttributeInt = 2;
constexpr std::int32_t kAttributeInts = 7;
constexpr std::int64_t kIrVersion = 8;
constexpr std::int64_t kOpset = 17;

// Writes one message into a string of its own; the caller adds it as a field.
template <class Fill>
std::string message(Fill fill) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  fill(writer);
  return bytes;
}

template <class Field>
constexpr protozero::pbf_tag_type tag(Field field) {
  return static_cast<protozero::pbf_tag_type>(field);
}

std::string encode(const Tensor& tensor) {
  return message([&](protozero::pbf_writer& out) {
    for (const std::int64_t extent : tensor.shape) out.add_int64(tag(TensorField::Dims), extent);
    out.add_int32(tag(TensorField::DataType), tensor.integers.empty() ? kFloat : kInt64);
    out.add_string(tag(TensorField::Name), tensor.name);
    // raw_data is little-endian, as are all machines we build for.
    const auto add_raw = [&](const auto& values) {
      out.add_bytes(tag(TensorField::RawData), reinterpret_cast<const char*>(values.data()),
                    values.size() * sizeof values[0]);
    };
    tensor.integers.empty() ? add_raw(tensor.values) : add_raw(tensor.integers);
  });
}

std::string encode_attribute(const std::string& name, std::int32_t type, auto add_value) {
  return message([&](protozero::pbf_writer& out) {
    out.add_string(tag(AttributeField::Name), name);
    add_value(out);
    out.add_int32(tag(AttributeField::Type), type);
  });
}

std::string encode(const Node& node) {
  return message([&](protozero::pbf_writer& out) {
    for (const std::string& input : node.inputs) out.add_string(tag(NodeField::Input), input);
    for (const std::string& output : node.outputs) out.add_string(tag(NodeField::Output), output);
    out.add_string(tag(NodeField::OpType), node.op);
    for (const auto& [name, value] : node.floats)
      out.add_message(tag(NodeField::Attribute),
                      encode_attribute(name, kAttributeFloat, [&, v = value](protozero::pbf_writer& attribute) {
                        attribute.add_float(tag(AttributeField::Float), v);
                      }));
    for (const auto& [name, value] : node.ints)
      out.add_message(tag(NodeField::Attribute),
                      encode_attribute(name, kAttributeInt, [&, v = value](protozero::pbf_writer& attribute) {
                        attribute.add_int64(tag(AttributeField::Int), v);
                      }));
    for (const auto& [name, list] : node.lists)
      out.add_message(tag(NodeField::Attribute),
                      encode_attribute(name, kAttributeInts, [&, &values = list](protozero::pbf_writer& attribute) {
                        for (const std::int64_t value : values) attribute.add_int64(tag(AttributeField::Ints), value);
                      }));
  });
}

// float [cells x width], the number of cells left open.
std::string encode(const Port& port) {
  const std::string cells =
      message([](protozero::pbf_writer& dim) { dim.add_string(tag(DimField::Param), "cells"); });
  const std::string width =
      message([&](protozero::pbf_writer& dim) { dim.add_int64(tag(DimField::Value), port.width); });
  const std::string shape = message([&](protozero::pbf_writer& out) {
    out.add_message(tag(ShapeField::Dim), cells);
    out.add_message(tag(ShapeField::Dim), width);
  });
  const std::string tensor = message([&](protozero::pbf_writer& out) {
    out.add_int32(tag(TensorTypeField::ElementType), kFloat);
    out.add_message(tag(TensorTypeField::Shape), shape);
  });
  const std::string type =
      message([&](protozero::pbf_writer& out) { out.add_message(tag(TypeField::Tensor), tensor); });
  return message([&](protozero::pbf_writer& out) {
    out.add_string(tag(ValueField::Name), port.name);
    out.add_message(tag(ValueField::Type), type);
  });
}

std::string encode_graph(const Graph& graph) {
  return message([&](protozero::pbf_writer& out) {
    for (const Node& node : graph.nodes) out.add_message(tag(GraphField::Node), encode(node));
    out.add_string(tag(GraphField::Name), graph.name);
    for (const Tensor& tensor : graph.initialisers) out.add_message(tag(GraphField::Initialiser), encode(tensor));
    for (const Port& input : graph.inputs) out.add_message(tag(GraphField::Input), encode(input));
    for (const Port& output : graph.outputs) out.add_message(tag(GraphField::Output), encode(output));
  });
}

// Packed or not: writers differ, both are valid.
template <class Message>
void append_integers(Message& in, std::vector<std::int64_t>& to) {
  if (in.wire_type() == protozero::pbf_wire_type::length_delimited)
    for (const std::int64_t value : in.get_packed_int64()) to.push_back(value);
  else
    to.push_back(in.get_int64());
}

Tensor decode_tensor(protozero::pbf_message<TensorField> in, const std::string& source) {
  Tensor tensor;
  std::int32_t type = 0;
  protozero::data_view raw;
  while (in.next()) {
    switch (in.tag()) {
      case TensorField::Dims:
        append_integers(in, tensor.shape);
        break;
      case TensorField::DataType:
        type = in.get_int32();
        break;
      case TensorField::Name:
        tensor.name = in.get_string();
        break;
      case TensorField::RawData:
        raw = in.get_view();
        break;
      default:
        in.skip();
    }
  }
  std::uint64_t values = 1;
  for (const std::int64_t extent : tensor.shape) {
    if (extent < 0 || values > raw.size())
      throw Error(ErrorKind::BadInput, source + ": tensor '" + tensor.name + "' has an impossible shape",
                  "the model file is damaged, copy it again");
    values *= static_cast<std::uint64_t>(extent);
  }
  const auto take = [&](auto& into) {
    if (values * sizeof into[0] != raw.size()) return false;
    into.resize(static_cast<std::size_t>(values));
    std::memcpy(into.data(), raw.data(), raw.size());
    return true;
  };
  if (!(type == kFloat && take(tensor.values)) && !(type == kInt64 && take(tensor.integers)))
    throw Error(ErrorKind::BadInput, source + ": tensor '" + tensor.name + "' is not float32 data of its shape",
                "use a model file written by plkd train");
  return tensor;
}

void decode_attribute(protozero::pbf_message<AttributeField> in, Node& node) {
  std::string name;
  float as_float = 0;
  std::int64_t as_int = 0;
  std::vector<std::int64_t> as_list;
  std::int32_t type = 0;
  while (in.next()) {
    switch (in.tag()) {
      case AttributeField::Name:
        name = in.get_string();
        break;
      case AttributeField::Float:
        as_float = in.get_float();
        break;
      case AttributeField::Int:
        as_int = in.get_int64();
        break;
      case AttributeField::Ints:
        append_integers(in, as_list);
        break;
      case AttributeField::Type:
        type = in.get_int32();
        break;
      default:
        in.skip();
    }
  }
  if (type == kAttributeFloat) node.floats[name] = as_float;
  if (type == kAttributeInt) node.ints[name] = as_int;
  if (type == kAttributeInts) node.lists[name] = std::move(as_list);
}

Node decode_node(protozero::pbf_message<NodeField> in) {
  Node node;
  while (in.next()) {
    switch (in.tag()) {
      case NodeField::Input:
        node.inputs.push_back(in.get_string());
        break;
      case NodeField::Output:
        node.outputs.push_back(in.get_string());
        break;
      case NodeField::OpType:
        node.op = in.get_string();
        break;
      case NodeField::Attribute:
        decode_attribute(in.get_message(), node);
        break;
      default:
        in.skip();
    }
  }
  return node;
}

// The last extent of the shape is the width.
Port decode_port(protozero::pbf_message<ValueField> in) {
  Port port;
  while (in.next()) {
    if (in.tag() == ValueField::Name) {
      port.name = in.get_string();
    } else if (in.tag() == ValueField::Type) {
      protozero::pbf_message<TypeField> type(in.get_message());
      while (type.next(TypeField::Tensor)) {
        protozero::pbf_message<TensorTypeField> tensor(type.get_message());
        while (tensor.next(TensorTypeField::Shape)) {
          protozero::pbf_message<ShapeField> shape(tensor.get_message());
          while (shape.next(ShapeField::Dim)) {
            protozero::pbf_message<DimField> extent(shape.get_message());
            while (extent.next(DimField::Value)) port.width = extent.get_int64();
          }
        }
      }
    } else {
      in.skip();
    }
  }
  return port;
}

void decode_graph(protozero::pbf_message<GraphField> in, const std::string& source, Graph& graph) {
  while (in.next()) {
    switch (in.tag()) {
      case GraphField::Node:
        graph.nodes.push_back(decode_node(in.get_message()));
        break;
      case GraphField::Name:
        graph.name = in.get_string();
        break;
      case GraphField::Initialiser:
        graph.initialisers.push_back(decode_tensor(in.get_message(), source));
        break;
      case GraphField::Input:
        graph.inputs.push_back(decode_port(in.get_message()));
        break;
      case GraphField::Output:
        graph.outputs.push_back(decode_port(in.get_message()));
        break;
      default:
        in.skip();
    }
  }
}

void decode_metadata(protozero::pbf_message<EntryField> in, Graph& graph) {
  std::string key, value;
  while (in.next()) {
    if (in.tag() == EntryField::Key)
      key = in.get_string();
    else if (in.tag() == EntryField::Value)
      value = in.get_string();
    else
      in.skip();
  }
  graph.metadata[key] = std::move(value);
}

}  // namespace

const Tensor* Graph::find(const std::string& wanted) const {
  for (const Tensor& tensor : initialisers)
    if (tensor.name == wanted) return &tensor;
  return nullptr;
}

std::string encode(const Graph& graph) {
  return message([&](protozero::pbf_writer& out) {
    out.add_int64(tag(ModelField::IrVersion), kIrVersion);
    out.add_string(tag(ModelField::ProducerName), graph.producer);
    out.add_message(tag(ModelField::Graph), encode_graph(graph));
    out.add_message(tag(ModelField::OpsetImport), message([](protozero::pbf_writer& opset) {
                      opset.add_string(tag(OpsetField::Domain), "");
                      opset.add_int64(tag(OpsetField::Version), kOpset);
                    }));
    for (const auto& [key, value] : graph.metadata)
      out.add_message(tag(ModelField::Metadata), message([&, k = key, v = value](protozero::pbf_writer& entry) {
                        entry.add_string(tag(EntryField::Key), k);
                        entry.add_string(tag(EntryField::Value), v);
                      }));
  });
}

Graph decode(std::string_view bytes, const std::string& source) {
  Graph graph;
  bool has_graph = false;
  try {
    protozero::pbf_message<ModelField> in(bytes.data(), bytes.size());
    while (in.next()) {
      if (in.tag() == ModelField::Graph) {
        decode_graph(in.get_message(), source, graph);
        has_graph = true;
      } else if (in.tag() == ModelField::Metadata) {
        decode_metadata(in.get_message(), graph);
      } else {
        in.skip();
      }
    }
  } catch (const protozero::exception&) {
    throw Error(ErrorKind::BadInput, source + ": not a model file, or cut short",
                "give an .onnx file written by plkd train");
  }
  if (!has_graph)
    throw Error(ErrorKind::BadInput, source + ": not a model file", "give an .onnx file written by plkd train");
  return graph;
}

}  // namespace plkd::onnx
