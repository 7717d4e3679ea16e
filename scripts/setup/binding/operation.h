// An operation of TensorFlow: its definition and kernel, and the inputs and outputs of one call.
#pragma once

#include <exception>
#include <vector>

#include "tensorflow_kernels.h"

namespace volbias {

struct Operation {
  const char *name;
  std::vector<const char *> inputs, outputs, attributes;
  void *(*create)(TF_OpKernelConstruction *);
  void (*compute)(void *, TF_OpKernelContext *);
  void (*destroy)(void *);
};

using Shape = std::vector<int64_t>;

// The inputs and outputs of one call; the first problem becomes the operation's.
class Call {
 public:
  explicit Call(TF_OpKernelContext *context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor *tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  int InputCount() const { return TF_NumInputs(context_); }

  // Null after a problem.
  const float *Input(int index, Shape *shape) {
    TF_Tensor *tensor = nullptr;
    if (Ok()) TF_GetInput(context_, index, &tensor, status_);
    if (!Ok()) return nullptr;
    tensors_.push_back(tensor);
    shape->clear();
    for (int axis = 0; axis < TF_NumDims(tensor); ++axis) shape->push_back(TF_Dim(tensor, axis));
    return static_cast<const float *>(TF_TensorData(tensor));
  }

  float *Output(int index, const Shape &shape) {
    size_t bytes = sizeof(float);
    for (const int64_t size : shape) bytes *= static_cast<size_t>(size);
    if (!Ok()) return nullptr;
    TF_Tensor *tensor =
        TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes, status_);
    if (!Ok()) return nullptr;
    tensors_.push_back(tensor);
    return static_cast<float *>(TF_TensorData(tensor));
  }

  void Require(bool condition, const char *problem) {
    if (Ok() && !condition) Fail(TF_INVALID_ARGUMENT, problem);
  }
  void Fail(TF_Code code, const char *problem) { TF_SetStatus(status_, code, problem); }
  bool Ok() const { return TF_GetCode(status_) == TF_OK; }

 private:
  TF_OpKernelContext *context_;
  TF_Status *status_;
  std::vector<TF_Tensor *> tensors_;
};

// Calls compute(state, call); what it throws, such as a lack of memory, becomes the operation's problem.
template <typename State, void (*Compute)(const State &, Call &)>
void Guarded(void *state, TF_OpKernelContext *context) {
  Call call(context);
  try {
    Compute(*static_cast<const State *>(state), call);
  } catch (const std::exception &problem) {
    call.Fail(TF_RESOURCE_EXHAUSTED, problem.what());
  }
}

inline void Register(const Operation &operation) {
  TF_Status *status = TF_NewStatus();
  TF_OpDefinitionBuilder *definition = TF_NewOpDefinitionBuilder(operation.name);
  for (const char *input : operation.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char *output : operation.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  for (const char *attribute : operation.attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder *kernel =
        TF_NewKernelBuilder(operation.name, "CPU", operation.create, operation.compute, operation.destroy);
    TF_RegisterKernelBuilder(operation.name, kernel, status);
  }
  TF_DeleteStatus(status);
}

}  // namespace volbias
