// Sums of products in the 32 registers of AVX-512. Channels count in eights as elsewhere: sixteen at once, and eight
// for the rest of an odd number. Each sum adds the same products in the same order as with AVX2, so the bytes are the
// same. With `Pairs`, every float that is multiplied stands for a pair of bfloat16 numbers (pairs.h), and two products
// are added to a sum at once.
#pragma once

#include "lanes.h"
#include "products.h"

namespace volbias::avx512 {

// A line of sums, or of what they are multiplied with: `Eights` times eight channels.
template <int Eights>
struct Line {
  static constexpr int kWhole = Eights / 2;
  static constexpr bool kHasHalf = Eights % 2 == 1;
  __m512 whole[kWhole > 0 ? kWhole : 1];
  __m256 half;
};

template <int Eights>
VOLBIAS_WIDE_LANES inline __attribute__((always_inline)) void Clear(Line<Eights> &line) {
#pragma GCC unroll 16
  for (int j = 0; j < Line<Eights>::kWhole; ++j) line.whole[j] = _mm512_setzero_ps();
  if constexpr (Line<Eights>::kHasHalf) line.half = _mm256_setzero_ps();
}

template <int Eights>
VOLBIAS_WIDE_LANES inline __attribute__((always_inline)) void Read(Line<Eights> &line, const float *values) {
#pragma GCC unroll 16
  for (int j = 0; j < Line<Eights>::kWhole; ++j) line.whole[j] = _mm512_loadu_ps(values + 16 * j);
  if constexpr (Line<Eights>::kHasHalf) line.half = _mm256_loadu_ps(values + 16 * Line<Eights>::kWhole);
}

template <bool Pairs, int Eights>
VOLBIAS_WIDE_LANES inline __attribute__((always_inline)) void Add(Line<Eights> &sums, const Line<Eights> &line,
                                                                  float value) {
#pragma GCC unroll 16
  for (int j = 0; j < Line<Eights>::kWhole; ++j) {
    const __m512 with = _mm512_set1_ps(value);
    sums.whole[j] = Pairs ? _mm512_dpbf16_ps(sums.whole[j], (__m512bh)with, (__m512bh)line.whole[j])
                          : _mm512_fmadd_ps(with, line.whole[j], sums.whole[j]);
  }
  if constexpr (Line<Eights>::kHasHalf) {
    const __m256 with = _mm256_set1_ps(value);
    sums.half = Pairs ? _mm256_dpbf16_ps(sums.half, (__m256bh)with, (__m256bh)line.half)
                      : _mm256_fmadd_ps(with, line.half, sums.half);
  }
}

template <int Eights>
VOLBIAS_WIDE_LANES inline __attribute__((always_inline)) void Write(const Line<Eights> &line, float *values) {
#pragma GCC unroll 16
  for (int j = 0; j < Line<Eights>::kWhole; ++j) _mm512_storeu_ps(values + 16 * j, line.whole[j]);
  if constexpr (Line<Eights>::kHasHalf) _mm256_storeu_ps(values + 16 * Line<Eights>::kWhole, line.half);
}

template <int Eights>
VOLBIAS_WIDE_LANES inline __attribute__((always_inline)) void WriteSum(const Line<Eights> &line, float *values) {
#pragma GCC unroll 16
  for (int j = 0; j < Line<Eights>::kWhole; ++j)
    _mm512_storeu_ps(values + 16 * j, _mm512_add_ps(_mm512_loadu_ps(values + 16 * j), line.whole[j]));
  if constexpr (Line<Eights>::kHasHalf) {
    float *place = values + 16 * Line<Eights>::kWhole;
    _mm256_storeu_ps(place, _mm256_add_ps(_mm256_loadu_ps(place), line.half));
  }
}

template <bool Pairs, int Lines, int Eights>
VOLBIAS_WIDE_LANES __attribute__((noinline)) void MultiplyTiles(const Taps &taps, int64_t tile, int vector,
                                                                float *result, int64_t resultStride) {
  Line<Eights> sums[Lines];
#pragma GCC unroll 16
  for (int i = 0; i < Lines; ++i) Clear<Eights>(sums[i]);
  for (int tap = 0; tap < taps.count; ++tap) {
    const float *patch = taps.patches[tap] + tile * taps.patchStride;
    const float *kernel = taps.kernels[tap] + vector * kLanes;
    for (int input = 0; input < taps.inputs; ++input, ++patch, kernel += taps.kernelStride) {
      Line<Eights> weights;
      Read<Eights>(weights, kernel);
#pragma GCC unroll 16
      for (int i = 0; i < Lines; ++i) Add<Pairs, Eights>(sums[i], weights, patch[i * taps.patchStride]);
    }
  }
  float *place = result + tile * resultStride + vector * kLanes;
#pragma GCC unroll 16
  for (int i = 0; i < Lines; ++i) Write<Eights>(sums[i], place + i * resultStride);
}

template <bool Pairs, int Lines, int Eights>
VOLBIAS_WIDE_LANES __attribute__((noinline)) void AddProducts(const Sides &sides, int64_t row, int vector,
                                                              float *result, int64_t resultStride) {
  Line<Eights> sums[Lines];
#pragma GCC unroll 16
  for (int i = 0; i < Lines; ++i) Clear<Eights>(sums[i]);
  const float *of = sides.rows + row;
  const float *with = sides.columns + vector * kLanes;
  for (int tile = 0; tile < sides.tiles; ++tile, of += sides.rowStride, with += sides.columnStride) {
    Line<Eights> columns;
    Read<Eights>(columns, with);
#pragma GCC unroll 16
    for (int i = 0; i < Lines; ++i) Add<Pairs, Eights>(sums[i], columns, of[i]);
  }
  float *place = result + row * resultStride + vector * kLanes;
#pragma GCC unroll 16
  for (int i = 0; i < Lines; ++i) WriteSum<Eights>(sums[i], place + i * resultStride);
}

// How many lines of sums of so many eights, with their operands, fit the registers.
constexpr int MostLines(int eights) { return eights > 4 ? 8 : 12; }

template <bool Pairs, int Eights, int Lines = MostLines(Eights)>
void MultiplyLines(int lines, const Taps &taps, int64_t line, int vector, float *result, int64_t stride) {
  if constexpr (Lines > 1) {
    if (lines < Lines) return MultiplyLines<Pairs, Eights, Lines - 1>(lines, taps, line, vector, result, stride);
  }
  MultiplyTiles<Pairs, Lines, Eights>(taps, line, vector, result, stride);
}

template <bool Pairs, int Eights, int Lines = MostLines(Eights)>
void AddLines(int lines, const Sides &sides, int64_t line, int vector, float *result, int64_t stride) {
  if constexpr (Lines > 1) {
    if (lines < Lines) return AddLines<Pairs, Eights, Lines - 1>(lines, sides, line, vector, result, stride);
  }
  AddProducts<Pairs, Lines, Eights>(sides, line, vector, result, stride);
}

constexpr int kMostEights = 6;

// Calls kernels[eights - 1](lines, operands, line, vector, …) for blocks whose sums fill the registers.
template <typename Kernel, typename Operands>
void ForRegisters(const Kernel (&kernels)[kMostEights], const Operands &operands, int lines, int vectors, float *result,
                  int64_t stride) {
  ForBlocks(vectors, kMostEights, 2, [&](int taken, int vector) {
    ForBlocks(lines, MostLines(taken), 1,
              [&](int together, int line) { kernels[taken - 1](together, operands, line, vector, result, stride); });
  });
}

using MultiplyKernel = decltype(&MultiplyLines<false, 1>);
using AddKernel = decltype(&AddLines<false, 1>);

// As winograd_products.h has them.
template <bool Pairs>
void Multiply(const Taps &taps, int tiles, int vectors, float *result, int64_t stride) {
  static constexpr MultiplyKernel kernels[kMostEights] = {MultiplyLines<Pairs, 1>, MultiplyLines<Pairs, 2>,
                                                          MultiplyLines<Pairs, 3>, MultiplyLines<Pairs, 4>,
                                                          MultiplyLines<Pairs, 5>, MultiplyLines<Pairs, 6>};
  ForRegisters(kernels, taps, tiles, vectors, result, stride);
}

template <bool Pairs>
void AddAll(const Sides &sides, int rows, int vectors, float *result, int64_t stride) {
  static constexpr AddKernel kernels[kMostEights] = {AddLines<Pairs, 1>, AddLines<Pairs, 2>, AddLines<Pairs, 3>,
                                                     AddLines<Pairs, 4>, AddLines<Pairs, 5>, AddLines<Pairs, 6>};
  ForRegisters(kernels, sides, rows, vectors, result, stride);
}

}  // namespace volbias::avx512
