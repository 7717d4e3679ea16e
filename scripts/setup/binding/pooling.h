// The gradient of averages over blocks of 3 along every axis, with what follows it.
#pragma once

#include <algorithm>

#include "lanes.h"
#include "parallel.h"

namespace volbias {

// One spatial axis of the gradient's images, or 1 if there are only two, and the blocks' size along it.
struct Blocks {
  int64_t images, depth, height, width;
  int deep;  // 3, or 1 in two dimensions
  int channels;

  int64_t Lines() const { return images * depth * deep * height * 3; }
};

// A line of the result along x: gradient / block size + addend, times the slope where `activated` is not positive.
VOLBIAS_LANES inline void PoolingGradientLine(const Blocks &blocks, const float *gradient, const float *addend,
                                              const float *activated, float slope, float *result) {
  const int channels = blocks.channels;
  const Lanes share = _mm256_set1_ps(1.0f / static_cast<float>(9 * blocks.deep));
  const Lanes slopes = _mm256_set1_ps(slope), zero = _mm256_setzero_ps();
  for (int64_t x = 0; x < blocks.width * 3; ++x) {
    const int64_t to = x * channels, from = x / 3 * channels;
    for (int start = 0; start < channels; start += kLanes) {
      const int channel = VectorStart(start, channels);
      Lanes value = _mm256_mul_ps(share, _mm256_loadu_ps(gradient + from + channel));
      if (addend != nullptr) value = _mm256_add_ps(value, _mm256_loadu_ps(addend + to + channel));
      if (activated != nullptr) {
        const Lanes positive = _mm256_cmp_ps(_mm256_loadu_ps(activated + to + channel), zero, _CMP_GT_OQ);
        value = _mm256_blendv_ps(_mm256_mul_ps(slopes, value), value, positive);
      }
      _mm256_storeu_ps(result + to + channel, value);
    }
  }
}

// result [image, (3 · depth,) 3 · height, 3 · width, channel ≥ 8]; addend and activated have its shape, or are null.
inline void PoolingGradient(const Blocks &blocks, const float *gradient, const float *addend, const float *activated,
                            float slope, float *result) {
  const int64_t size = blocks.width * 3 * blocks.channels;
  constexpr int64_t together = 16;
  const int64_t lines = blocks.Lines();
  ForEach((lines + together - 1) / together, static_cast<double>(lines * size), [&](int64_t task) {
    for (int64_t line = task * together; line < std::min((task + 1) * together, lines); ++line) {
      const int64_t y = line % (blocks.height * 3), z = line / (blocks.height * 3);  // z runs through the images too
      const int64_t from = (z / blocks.deep * blocks.height + y / 3) * blocks.width * blocks.channels;
      const int64_t to = line * size;
      PoolingGradientLine(blocks, gradient + from, addend == nullptr ? nullptr : addend + to,
                          activated == nullptr ? nullptr : activated + to, slope, result + to);
    }
  });
}

}  // namespace volbias
