// Sums of products in the sixteen registers of AVX2: three vectors of eight at once, four lines of sums.
#pragma once

#include "lanes.h"
#include "products.h"

namespace volbias::avx2 {

// Products of `Tiles` tiles with `Vectors` vectors of output channels, summed over taps and input channels.
template <int Tiles, int Vectors>
VOLBIAS_LANES __attribute__((noinline)) void MultiplyTiles(const Taps &taps, int64_t tile, int vector, float *result,
                                                           int64_t resultStride) {
  Lanes sums[Tiles][Vectors];
#pragma GCC unroll 16
  for (int i = 0; i < Tiles; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < Vectors; ++j) sums[i][j] = _mm256_setzero_ps();
  for (int tap = 0; tap < taps.count; ++tap) {
    const float *patch = taps.patches[tap] + tile * taps.patchStride;
    const float *kernel = taps.kernels[tap] + vector * kLanes;
    for (int input = 0; input < taps.inputs; ++input, ++patch, kernel += taps.kernelStride) {
      Lanes weights[Vectors];
#pragma GCC unroll 16
      for (int j = 0; j < Vectors; ++j) weights[j] = _mm256_loadu_ps(kernel + j * kLanes);
#pragma GCC unroll 16
      for (int i = 0; i < Tiles; ++i) {
        const Lanes value = _mm256_broadcast_ss(patch + i * taps.patchStride);
#pragma GCC unroll 16
        for (int j = 0; j < Vectors; ++j) sums[i][j] = _mm256_fmadd_ps(value, weights[j], sums[i][j]);
      }
    }
  }
  float *place = result + tile * resultStride + vector * kLanes;
#pragma GCC unroll 16
  for (int i = 0; i < Tiles; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < Vectors; ++j) _mm256_storeu_ps(place + i * resultStride + j * kLanes, sums[i][j]);
}

// Adds to sums [row, column] the products of `Rows` rows with `Vectors` vectors of columns over all tiles.
template <int Rows, int Vectors>
VOLBIAS_LANES __attribute__((noinline)) void AddProducts(const Sides &sides, int64_t row, int vector, float *result,
                                                         int64_t resultStride) {
  Lanes sums[Rows][Vectors];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < Vectors; ++j) sums[i][j] = _mm256_setzero_ps();
  const float *of = sides.rows + row;
  const float *with = sides.columns + vector * kLanes;
  for (int tile = 0; tile < sides.tiles; ++tile, of += sides.rowStride, with += sides.columnStride) {
    Lanes columns[Vectors];
#pragma GCC unroll 16
    for (int j = 0; j < Vectors; ++j) columns[j] = _mm256_loadu_ps(with + j * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const Lanes value = _mm256_broadcast_ss(of + i);
#pragma GCC unroll 16
      for (int j = 0; j < Vectors; ++j) sums[i][j] = _mm256_fmadd_ps(value, columns[j], sums[i][j]);
    }
  }
  float *place = result + row * resultStride + vector * kLanes;
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < Vectors; ++j) {
      float *at = place + i * resultStride + j * kLanes;
      _mm256_storeu_ps(at, _mm256_add_ps(_mm256_loadu_ps(at), sums[i][j]));
    }
}

#define VOLBIAS_BLOCKS(NAME, OPERANDS)                                                                      \
  template <int Lines, int Vectors>                                                                         \
  void NAME(int lines, const OPERANDS &operands, int64_t line, int vector, float *result, int64_t stride) { \
    if constexpr (Lines > 1) {                                                                              \
      if (lines < Lines) return NAME<Lines - 1, Vectors>(lines, operands, line, vector, result, stride);    \
    }                                                                                                       \
    NAME<Lines, Vectors>(operands, line, vector, result, stride);                                           \
  }
VOLBIAS_BLOCKS(MultiplyTiles, Taps)
VOLBIAS_BLOCKS(AddProducts, Sides)
#undef VOLBIAS_BLOCKS

// Calls work(vectors, vector, lines, line) for blocks whose sums fill the registers.
template <typename Work>
void ForRegisters(int vectors, int lines, const Work &work) {
  constexpr int mostLines[] = {8, 6, 4};
  ForBlocks(vectors, 3, 1, [&](int taken, int vector) {
    ForBlocks(lines, mostLines[taken - 1], 1, [&](int together, int line) { work(taken, vector, together, line); });
  });
}

// As winograd_products.h has them.
inline void Multiply(const Taps &taps, int tiles, int vectors, float *result, int64_t stride) {
  ForRegisters(vectors, tiles, [&](int taken, int vector, int lines, int line) {
    if (taken == 3) MultiplyTiles<4, 3>(lines, taps, line, vector, result, stride);
    if (taken == 2) MultiplyTiles<6, 2>(lines, taps, line, vector, result, stride);
    if (taken == 1) MultiplyTiles<8, 1>(lines, taps, line, vector, result, stride);
  });
}

inline void AddAll(const Sides &sides, int rows, int vectors, float *result, int64_t stride) {
  ForRegisters(vectors, rows, [&](int taken, int vector, int lines, int line) {
    if (taken == 3) AddProducts<4, 3>(lines, sides, line, vector, result, stride);
    if (taken == 2) AddProducts<6, 2>(lines, sides, line, vector, result, stride);
    if (taken == 1) AddProducts<8, 1>(lines, sides, line, vector, result, stride);
  });
}

}  // namespace volbias::avx2
