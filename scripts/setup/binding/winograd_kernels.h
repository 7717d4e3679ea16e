// Kernels [window…, in, out] to G kernel Gᵀ, and gradients back; a small part of the work.
#pragma once

#include <algorithm>
#include <vector>

#include "convolution_geometry.h"

namespace volbias {

// How a kernel is read: as it is, or as the input's gradient needs it, reversed and with in and out exchanged.
struct KernelReading {
  const float *values;
  bool forInputGradient;
};

// G k for the three values k, which are `stride` apart.
inline void Spread(const float *k, int64_t stride, int count, float *result, int64_t resultStride) {
  for (int c = 0; c < count; ++c) {
    const float k0 = k[c], k1 = k[stride + c], k2 = k[2 * stride + c];
    result[c] = k0;
    result[resultStride + c] = 0.5f * ((k0 + k2) + k1);
    result[2 * resultStride + c] = 0.5f * ((k0 + k2) - k1);
    result[3 * resultStride + c] = k2;
  }
}

// Gᵀ k for the four values k.
inline void Gather(const float *k, int64_t stride, int count, float *result, int64_t resultStride) {
  for (int c = 0; c < count; ++c) {
    const float half = 0.5f * (k[stride + c] + k[2 * stride + c]);
    result[c] = k[c] + half;
    result[resultStride + c] = 0.5f * (k[stride + c] - k[2 * stride + c]);
    result[2 * resultStride + c] = half + k[3 * stride + c];
  }
}

// The transformed kernel [position, tap, in, out], with `outStride` floats for each `in`.
inline void TransformKernel(const Geometry &geometry, const KernelReading &kernel, int outStride, float *result) {
  const int in = geometry.inputs, out = geometry.outputs;
  const int64_t plane = static_cast<int64_t>(in) * out;
  const int rows = geometry.rows.window, positions = geometry.RowPositions();
  std::vector<float> read(static_cast<size_t>(3) * out), across(static_cast<size_t>(12) * out),
      line(static_cast<size_t>(16) * out);
  for (int tap = 0; tap < geometry.taps.window; ++tap) {
    for (int channel = 0; channel < in; ++channel) {
      for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < 3; ++column) {
          const int index = geometry.Tap(tap, row, column);
          float *to = read.data() + column * out;
          if (kernel.forInputGradient) {
            const float *from = kernel.values + (geometry.TapCount() - 1 - index) * plane + channel;
            for (int c = 0; c < out; ++c) to[c] = from[static_cast<int64_t>(c) * in];
          } else {
            std::copy_n(kernel.values + index * plane + static_cast<int64_t>(channel) * out, out, to);
          }
        }
        Spread(read.data(), out, out, across.data() + row * kPositions * out, out);
      }
      const float *transformed = across.data();
      if (positions == kPositions) {
        Spread(across.data(), kPositions * out, kPositions * out, line.data(), kPositions * out);
        transformed = line.data();
      }
      for (int position = 0; position < geometry.Positions(); ++position) {
        float *to = result + ((static_cast<int64_t>(position) * geometry.taps.window + tap) * in + channel) * outStride;
        std::copy_n(transformed + position * out, out, to);
        std::fill(to + out, to + outStride, 0.0f);
      }
    }
  }
}

// The kernel's gradient from sums over tiles [position, tap, row of sums, column of sums] with `columnStride` floats a
// row; the rows are the input's channels, or the output's if `exchanged`.
inline void GatherKernel(const Geometry &geometry, const float *sums, int columnStride, bool exchanged,
                         float *gradient) {
  const int in = geometry.inputs, out = geometry.outputs;
  const int rows = exchanged ? out : in, columns = exchanged ? in : out;
  const int64_t plane = static_cast<int64_t>(in) * out;
  const int64_t tapSize = static_cast<int64_t>(rows) * columnStride;
  std::vector<float> four(static_cast<size_t>(12) * columns), nine(static_cast<size_t>(9) * columns);
  for (int tap = 0; tap < geometry.taps.window; ++tap) {
    for (int row = 0; row < rows; ++row) {
      const float *from = sums + tap * tapSize + static_cast<int64_t>(row) * columnStride;
      const int64_t position = geometry.taps.window * tapSize;
      const float *gathered = from;
      int64_t stride = position;
      if (geometry.RowPositions() == kPositions) {
        for (int j = 0; j < kPositions; ++j)
          Gather(from + j * position, kPositions * position, columns, four.data() + j * columns,
                 kPositions * static_cast<int64_t>(columns));
        gathered = four.data();
        stride = columns;
      }
      for (int i = 0; i < geometry.rows.window; ++i)
        Gather(gathered + i * kPositions * stride, stride, columns, nine.data() + i * 3 * columns, columns);
      for (int i = 0; i < geometry.rows.window * 3; ++i) {
        float *to = gradient + (tap * geometry.rows.window * 3 + i) * plane;
        const float *values = nine.data() + i * columns;
        for (int c = 0; c < columns; ++c)
          to[exchanged ? static_cast<int64_t>(c) * out + row : row * static_cast<int64_t>(out) + c] = values[c];
      }
    }
  }
}

}  // namespace volbias
