// Part of the TensorFlow binding: zero-padded convolutions, their gradients and interpolation as operations of
// TensorFlow, for processors with AVX2 and FMA. Elsewhere nothing is registered, and TensorFlow reports an unknown
// operation.
#if defined(__x86_64__)

#include <algorithm>
#include <memory>

#include "interpolation.h"
#include "operation.h"
#include "pooling.h"
#include "winograd_convolution.h"

namespace volbias {
namespace {

struct Attributes {
  int64_t width = 3;
  unsigned char inputGradient = 0, transposed = 0, adds = 0;
  float slope = 1;
};

// Images are [image, (z,) y, x, channel]; windows are 3 wide, along the last spatial axis `width` wide. Tiles lie in
// the plane of the last two axes with a window of 3.
Geometry GeometryOf(const Shape &images, int64_t width, int64_t inputs, int64_t outputs) {
  const bool volume = images.size() == 5;
  const int64_t z = volume ? images[1] : 1, y = images[images.size() - 3], x = images[images.size() - 2];
  const Axis alongZ = {z, volume ? 3 : 1, y * x}, alongY = {y, 3, x}, alongX = {x, static_cast<int>(width), 1};
  Geometry geometry = {images[0], alongZ, alongY, alongX, static_cast<int>(inputs), static_cast<int>(outputs)};
  if (width == 1) {
    geometry.taps = alongX;
    geometry.rows = alongZ;
    geometry.columns = alongY;
  }
  return geometry;
}

bool AreImages(const Shape &shape) {
  const auto isEmpty = [](int64_t size) { return size < 1; };
  return (shape.size() == 4 || shape.size() == 5) && std::none_of(shape.begin(), shape.end(), isEmpty);
}

// A kernel [3, (3,) width, in, out] for images of as many axes.
bool AreWindows(const Shape &kernel, size_t axes) {
  if (kernel.size() != axes || (kernel[axes - 3] != 1 && kernel[axes - 3] != 3)) return false;
  for (size_t axis = 0; axis + 3 < axes; ++axis)
    if (kernel[axis] != 3) return false;
  return true;
}

// Inputs: images, a kernel, and optionally a bias and an addend of the outputs' shape. For the gradient of a
// convolution's input: the gradient, the kernel, and optionally the input, if a leaky ReLU has made it; the result is
// then the gradient before that.
void ComputeConvolution(const Attributes &attributes, Call &call) {
  call.Require(!UsesBfloat16() || HasBfloat16(), "bfloat16 needs a processor with AVX512_BF16");
  Shape imageShape, kernelShape, firstShape, addendShape;
  const float *images = call.Input(0, &imageShape);
  const float *kernel = call.Input(1, &kernelShape);
  const bool backward = attributes.inputGradient != 0;
  const int count = call.InputCount();
  const float *first = count > 2 ? call.Input(2, &firstShape) : nullptr;
  const float *addend = count > 3 ? call.Input(3, &addendShape) : nullptr;
  call.Require(count <= (backward ? 3 : 4), "there are too many inputs");
  call.Require(AreImages(imageShape) && AreWindows(kernelShape, imageShape.size()), "images and kernel do not fit");
  if (!call.Ok()) return;
  const size_t last = imageShape.size() - 1;
  const int64_t inputs = kernelShape[backward ? last : last - 1], outputs = kernelShape[backward ? last - 1 : last];
  Shape outputShape = imageShape;
  outputShape[last] = outputs;
  call.Require(imageShape[last] == inputs && outputs >= kLanes, "the channels do not fit");
  call.Require(count < 3 || firstShape == (backward ? outputShape : Shape{outputs}), "the third does not fit");
  call.Require(count < 4 || addendShape == outputShape, "the addend does not fit");
  float *result = call.Output(0, outputShape);
  if (!call.Ok()) return;
  const Geometry geometry = GeometryOf(imageShape, kernelShape[last - 2], inputs, outputs);
  const Finish finish =
      backward ? Finish{nullptr, nullptr, first, attributes.slope} : Finish{first, addend, nullptr, attributes.slope};
  Convolve(geometry, images, {kernel, backward}, finish, result);
}

void ComputeKernelGradient(const Attributes &attributes, Call &call) {
  call.Require(!UsesBfloat16() || HasBfloat16(), "bfloat16 needs a processor with AVX512_BF16");
  Shape imageShape, gradientShape;
  const float *images = call.Input(0, &imageShape);
  const float *gradients = call.Input(1, &gradientShape);
  call.Require(AreImages(imageShape) && AreImages(gradientShape) && imageShape.size() == gradientShape.size(),
               "images and gradients do not fit");
  if (!call.Ok()) return;
  const size_t last = imageShape.size() - 1;
  const int64_t inputs = imageShape[last], outputs = gradientShape[last];
  gradientShape[last] = inputs;
  call.Require(imageShape == gradientShape, "images and gradients do not fit");
  Shape kernelShape(last - 2, 3);
  kernelShape.insert(kernelShape.end(), {attributes.width, inputs, outputs});
  float *kernel = call.Output(0, kernelShape);
  float *bias = call.Output(1, {outputs});
  if (!call.Ok()) return;
  KernelGradient(GeometryOf(imageShape, attributes.width, inputs, outputs), images, gradients, kernel, bias);
}

// Inputs: a matrix, of which few elements are not zero, and a stack of matrices.
void ComputeInterpolation(const Attributes &attributes, Call &call) {
  Shape matrixShape, stackShape;
  const float *values = call.Input(0, &matrixShape);
  const float *stack = call.Input(1, &stackShape);
  call.Require(matrixShape.size() == 2 && stackShape.size() == 3, "expected a matrix and a stack of matrices");
  if (!call.Ok()) return;
  const SparseMatrix matrix(values, matrixShape[0], matrixShape[1], attributes.transposed != 0);
  call.Require(stackShape[1] == matrix.columns, "the matrices do not fit");
  float *result = call.Output(0, {stackShape[0], matrix.rows, stackShape[2]});
  if (call.Ok()) MultiplyStack(matrix, stack, stackShape[0], stackShape[2], result);
}

// Inputs: the gradient of the averages, and optionally an addend and the averaged images, if a leaky ReLU has made
// them.
void ComputePoolingGradient(const Attributes &attributes, Call &call) {
  Shape shape, addendShape, activatedShape;
  const float *gradient = call.Input(0, &shape);
  const int others = call.InputCount() - 1, adds = attributes.adds != 0 ? 1 : 0;
  const float *addend = adds != 0 ? call.Input(1, &addendShape) : nullptr;
  const float *activated = others > adds ? call.Input(1 + adds, &activatedShape) : nullptr;
  call.Require(others <= adds + 1, "there are too many inputs");
  call.Require(AreImages(shape) && shape.back() >= kLanes, "the gradient does not fit");
  if (!call.Ok()) return;
  const bool volume = shape.size() == 5;
  const Blocks blocks = {
      shape[0],       volume ? shape[1] : 1,         shape[shape.size() - 3], shape[shape.size() - 2],
      volume ? 3 : 1, static_cast<int>(shape.back())};
  Shape outputShape = shape;
  for (size_t axis = 1; axis + 1 < shape.size(); ++axis) outputShape[axis] *= 3;
  call.Require(addend == nullptr || addendShape == outputShape, "the addend does not fit");
  call.Require(activated == nullptr || activatedShape == outputShape, "the averaged images do not fit");
  float *result = call.Output(0, outputShape);
  if (call.Ok()) PoolingGradient(blocks, gradient, addend, activated, attributes.slope, result);
}

// Reads the attributes by `read`, which may report a problem.
template <typename Read>
void *Create(TF_OpKernelConstruction *construction, const Read &read) {
  auto attributes = std::make_unique<Attributes>();
  TF_Status *status = TF_NewStatus();
  read(attributes.get(), status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return attributes.release();
}

void *CreateConvolution(TF_OpKernelConstruction *construction) {
  return Create(construction, [=](Attributes *attributes, TF_Status *status) {
    TF_OpKernelConstruction_GetAttrBool(construction, "input_gradient", &attributes->inputGradient, status);
    if (TF_GetCode(status) != TF_OK) return;
    TF_OpKernelConstruction_GetAttrFloat(construction, "slope", &attributes->slope, status);
    if (TF_GetCode(status) == TF_OK && !(attributes->slope >= 0 && attributes->slope <= 1))
      TF_SetStatus(status, TF_INVALID_ARGUMENT, "the slope must be in [0, 1]");
  });
}

void *CreateKernelGradient(TF_OpKernelConstruction *construction) {
  return Create(construction, [=](Attributes *attributes, TF_Status *status) {
    TF_OpKernelConstruction_GetAttrInt64(construction, "width", &attributes->width, status);
    if (TF_GetCode(status) == TF_OK && attributes->width != 1 && attributes->width != 3)
      TF_SetStatus(status, TF_INVALID_ARGUMENT, "the width must be 1 or 3");
  });
}

void *CreateInterpolation(TF_OpKernelConstruction *construction) {
  return Create(construction, [=](Attributes *attributes, TF_Status *status) {
    TF_OpKernelConstruction_GetAttrBool(construction, "transposed", &attributes->transposed, status);
  });
}

void *CreatePoolingGradient(TF_OpKernelConstruction *construction) {
  return Create(construction, [=](Attributes *attributes, TF_Status *status) {
    TF_OpKernelConstruction_GetAttrBool(construction, "adds", &attributes->adds, status);
    if (TF_GetCode(status) != TF_OK) return;
    TF_OpKernelConstruction_GetAttrFloat(construction, "slope", &attributes->slope, status);
  });
}

void Destroy(void *state) { delete static_cast<Attributes *>(state); }

// When the binding is loaded.
[[maybe_unused]] const bool registered = [] {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return false;
  Register({"VolbiasConvolution",
            {"images: float", "kernel: float", "others: count * float"},
            {"outputs: float"},
            {"count: int >= 0", "input_gradient: bool", "slope: float"},
            CreateConvolution,
            Guarded<Attributes, ComputeConvolution>,
            Destroy});
  Register({"VolbiasKernelGradient",
            {"images: float", "gradients: float"},
            {"kernel: float", "bias: float"},
            {"width: int"},
            CreateKernelGradient,
            Guarded<Attributes, ComputeKernelGradient>,
            Destroy});
  Register({"VolbiasInterpolation",
            {"matrix: float", "stack: float"},
            {"result: float"},
            {"transposed: bool"},
            CreateInterpolation,
            Guarded<Attributes, ComputeInterpolation>,
            Destroy});
  Register({"VolbiasPoolingGradient",
            {"gradient: float", "others: count * float"},
            {"result: float"},
            {"count: int >= 0", "adds: bool", "slope: float"},
            CreatePoolingGradient,
            Guarded<Attributes, ComputePoolingGradient>,
            Destroy});
  return true;
}();

}  // namespace
}  // namespace volbias

#endif
