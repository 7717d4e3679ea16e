// Pairs of bfloat16 numbers in the place of a float each: the lower half of the bits is the first.
#pragma once

#include <cstdint>

#include "lanes.h"

namespace volbias {

// Eight bfloat16 numbers, to the nearest even.
VOLBIAS_WIDE_LANES inline __m128i Rounded(const float *values) {
  return (__m128i)_mm256_cvtneps_pbh(_mm256_loadu_ps(values));
}

// Pairs of neighbours: pair i of `count` / 2, a multiple of 4, has values 2 i and 2 i + 1.
VOLBIAS_WIDE_LANES inline void PairNeighbours(const float *values, int64_t count, float *pairs) {
  for (int64_t i = 0; i < count; i += kLanes)
    _mm_storeu_si128(reinterpret_cast<__m128i *>(pairs + i / 2), Rounded(values + i));
}

// Pairs of lines, each of `stride` floats, a multiple of 8: pair i has lines 2 i and 2 i + 1, or zeros after the last.
VOLBIAS_WIDE_LANES inline void PairLines(const float *lines, int64_t count, int64_t stride, float *pairs) {
  for (int64_t line = 0; line < count; line += 2, pairs += stride) {
    for (int64_t i = 0; i < stride; i += kLanes) {
      const float *place = lines + line * stride + i;
      const __m256i first = _mm256_cvtepu16_epi32(Rounded(place));
      const __m256i second = line + 1 < count ? _mm256_cvtepu16_epi32(Rounded(place + stride)) : _mm256_setzero_si256();
      _mm256_storeu_si256(reinterpret_cast<__m256i *>(pairs + i),
                          _mm256_or_si256(first, _mm256_slli_epi32(second, 16)));
    }
  }
}

}  // namespace volbias
