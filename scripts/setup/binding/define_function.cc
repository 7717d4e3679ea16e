// Part of the TensorFlow binding: defines a function from a graph, so that one call runs many operations.
#include <node_api.h>

#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "tfjs_backend.h"
#include "utils.h"

namespace tfnodejs {

namespace {

template <typename T, void (*Delete)(T *)>
struct Deleter {
  void operator()(T *value) const { Delete(value); }
};
template <typename T, void (*Delete)(T *)>
using Owned = std::unique_ptr<T, Deleter<T, Delete>>;

// Reads an array of texts of the form "node:output".
bool ReadOutputs(napi_env env, napi_value array, TF_Graph *graph, std::vector<TF_Output> *outputs) {
  uint32_t count;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_array_length(env, array, &count), false);
  for (uint32_t i = 0; i < count; ++i) {
    napi_value element;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_element(env, array, i, &element), false);
    std::string text;
    ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, element, text), false);
    const size_t colon = text.find(':');
    TF_Operation *operation = TF_GraphOperationByName(graph, text.substr(0, colon).c_str());
    if (operation == nullptr || colon == std::string::npos) {
      NAPI_THROW_ERROR(env, "The graph has no output %s", text.c_str());
      return false;
    }
    outputs->push_back({operation, std::stoi(text.substr(colon + 1))});
  }
  return true;
}

}  // namespace

// defineFunction(name, graph: a serialised GraphDef, inputs: string[], outputs: string[]): afterwards executeOp runs
// the function by its name.
napi_value DefineFunction(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value args[4];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, nullptr, nullptr), nullptr);
  TFJSBackend *backend = nullptr;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_instance_data(env, reinterpret_cast<void **>(&backend)), nullptr);
  std::string name;
  ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, args[0], name), nullptr);
  napi_typedarray_type type;
  size_t length;
  void *data;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_typedarray_info(env, args[1], &type, &length, &data, nullptr, nullptr), nullptr);

  TF_AutoStatus status;
  Owned<TF_Graph, TF_DeleteGraph> graph(TF_NewGraph());
  Owned<TF_Buffer, TF_DeleteBuffer> definition(TF_NewBufferFromString(data, length));
  Owned<TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions> options(TF_NewImportGraphDefOptions());
  TF_GraphImportGraphDef(graph.get(), definition.get(), options.get(), status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  std::vector<TF_Output> inputs, outputs;
  if (!ReadOutputs(env, args[2], graph.get(), &inputs)) return nullptr;
  if (!ReadOutputs(env, args[3], graph.get(), &outputs)) return nullptr;
  Owned<TF_Function, TF_DeleteFunction> function(
      TF_GraphToFunction(graph.get(), name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()), inputs.data(),
                         static_cast<int>(outputs.size()), outputs.data(), nullptr, nullptr, nullptr, status.status));
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  TFE_ContextAddFunction(backend->Context(), function.get(), status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  return nullptr;
}

}  // namespace tfnodejs
