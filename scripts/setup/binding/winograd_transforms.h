// The transforms of images, gradients, kernels and outputs; convolution_geometry.h has the formulas.
#pragma once

#include <algorithm>

#include "convolution_geometry.h"
#include "lanes.h"

namespace volbias {

// Transformed values are [position, tile, channel], with this distance between positions and between tiles.
struct TileLayout {
  int64_t position;
  int64_t tile;
};

// One slice of images across the taps' axis: the channels at [row, column] lie from Place(row, column) on.
struct Slice {
  int64_t first;
  int64_t rows, columns;
  int64_t rowStride, columnStride;

  Slice(const Geometry &geometry, int channels, int64_t image, int64_t tap)
      : first((image * geometry.ImageVoxels() + tap * geometry.taps.stride) * channels),
        rows(geometry.rows.size),
        columns(geometry.columns.size),
        rowStride(geometry.rows.stride * channels),
        columnStride(geometry.columns.stride * channels) {}

  int64_t Place(int64_t row, int64_t column) const { return first + row * rowStride + column * columnStride; }
};

// Loads eight channels, or fewer than eight with zeros after them.
template <bool Few>
VOLBIAS_LANES inline Lanes Load(const float *values, __m256i mask) {
  if (Few) return _mm256_maskload_ps(values, mask);
  return _mm256_loadu_ps(values);
}

VOLBIAS_LANES inline __m256i MaskOf(int channels) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(channels), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

// Bᵀ d for the values of one column, or the values themselves.
template <int Positions, bool Few>
VOLBIAS_LANES inline void PatchColumn(const float *images, const Slice &slice, int64_t row, int64_t column, int start,
                                      __m256i mask, Lanes (&result)[Positions]) {
  Lanes d[Positions];
  const bool inside = column >= 0 && column < slice.columns;
  const int64_t first = Positions == kPositions ? row - 1 : row;
#pragma GCC unroll 4
  for (int i = 0; i < Positions; ++i) {
    const bool present = inside && first + i >= 0 && first + i < slice.rows;
    const float *place = images + slice.Place(first + i, column) + start;
    d[i] = present ? Load<Few>(place, mask) : _mm256_setzero_ps();
  }
  if constexpr (Positions == kPositions) {
    result[0] = _mm256_sub_ps(d[0], d[2]);
    result[1] = _mm256_add_ps(d[1], d[2]);
    result[2] = _mm256_sub_ps(d[2], d[1]);
    result[3] = _mm256_sub_ps(d[1], d[3]);
  } else {
    result[0] = d[0];
  }
}

// Bᵀ patch B of an item's tiles, for eight channels from `start` on.
template <int Positions, bool Few>
VOLBIAS_LANES inline void PatchVectors(const float *images, const Slice &slice, const Item &item, int start,
                                       __m256i mask, float *result, TileLayout layout) {
  int64_t column = item.firstTile * kTileSize - 1;
  Lanes c[kPositions][Positions];
  PatchColumn<Positions, Few>(images, slice, item.row, column, start, mask, c[0]);
  PatchColumn<Positions, Few>(images, slice, item.row, column + 1, start, mask, c[1]);
  for (int tile = 0; tile < item.tiles; ++tile, column += kTileSize) {
    PatchColumn<Positions, Few>(images, slice, item.row, column + 2, start, mask, c[2]);
    PatchColumn<Positions, Few>(images, slice, item.row, column + 3, start, mask, c[3]);
    float *place = result + tile * layout.tile + start;
#pragma GCC unroll 4
    for (int i = 0; i < Positions; ++i, place += kPositions * layout.position) {
      _mm256_storeu_ps(place, _mm256_sub_ps(c[0][i], c[2][i]));
      _mm256_storeu_ps(place + layout.position, _mm256_add_ps(c[1][i], c[2][i]));
      _mm256_storeu_ps(place + 2 * layout.position, _mm256_sub_ps(c[2][i], c[1][i]));
      _mm256_storeu_ps(place + 3 * layout.position, _mm256_sub_ps(c[1][i], c[3][i]));
      c[0][i] = c[2][i];
      c[1][i] = c[3][i];
    }
  }
}

// Bᵀ patch B of an item's tiles. With fewer than eight channels, each tile of the result has eight.
template <int Positions>
VOLBIAS_LANES void TransformPatches(const float *images, const Slice &slice, int channels, const Item &item,
                                    float *result, TileLayout layout) {
  const __m256i mask = MaskOf(channels);
  if (channels < kLanes) return PatchVectors<Positions, true>(images, slice, item, 0, mask, result, layout);
  for (int start = 0; start < channels; start += kLanes)
    PatchVectors<Positions, false>(images, slice, item, VectorStart(start, channels), mask, result, layout);
}

// A g for the gradients of one column of a tile, or the gradient itself.
template <int Positions, bool Few>
VOLBIAS_LANES inline void GradientColumn(const float *gradients, const Slice &slice, int64_t row, int64_t column,
                                         int start, __m256i mask, Lanes (&result)[Positions], Lanes &sum) {
  const float *place = gradients + slice.Place(row, column) + start;
  const bool inside = column < slice.columns;
  const Lanes zero = _mm256_setzero_ps();
  const Lanes first = inside ? Load<Few>(place, mask) : zero;
  result[0] = first;
  sum = _mm256_add_ps(sum, first);
  if constexpr (Positions == kPositions) {
    const Lanes second = inside && row + 1 < slice.rows ? Load<Few>(place + slice.rowStride, mask) : zero;
    result[1] = _mm256_add_ps(first, second);
    result[2] = _mm256_sub_ps(first, second);
    result[3] = _mm256_sub_ps(zero, second);
    sum = _mm256_add_ps(sum, second);
  }
}

template <int Positions, bool Few>
VOLBIAS_LANES inline void GradientVectors(const float *gradients, const Slice &slice, const Item &item, int start,
                                          __m256i mask, float *result, TileLayout layout, float *sums) {
  Lanes sum = _mm256_setzero_ps();
  for (int tile = 0; tile < item.tiles; ++tile) {
    const int64_t column = (item.firstTile + tile) * kTileSize;
    Lanes c[kTileSize][Positions];
    GradientColumn<Positions, Few>(gradients, slice, item.row, column, start, mask, c[0], sum);
    GradientColumn<Positions, Few>(gradients, slice, item.row, column + 1, start, mask, c[1], sum);
    float *place = result + tile * layout.tile + start;
#pragma GCC unroll 4
    for (int i = 0; i < Positions; ++i, place += kPositions * layout.position) {
      _mm256_storeu_ps(place, c[0][i]);
      _mm256_storeu_ps(place + layout.position, _mm256_add_ps(c[0][i], c[1][i]));
      _mm256_storeu_ps(place + 2 * layout.position, _mm256_sub_ps(c[0][i], c[1][i]));
      _mm256_storeu_ps(place + 3 * layout.position, _mm256_sub_ps(_mm256_setzero_ps(), c[1][i]));
    }
  }
  _mm256_storeu_ps(sums + start, sum);
}

// A gradient Aᵀ of an item's tiles, and in `sums` the sum of each channel, with room for eight.
template <int Positions>
VOLBIAS_LANES void TransformGradients(const float *gradients, const Slice &slice, int channels, const Item &item,
                                      float *result, TileLayout layout, float *sums) {
  const __m256i mask = MaskOf(channels);
  if (channels < kLanes) return GradientVectors<Positions, true>(gradients, slice, item, 0, mask, result, layout, sums);
  for (int start = 0; start < channels; start += kLanes)
    GradientVectors<Positions, false>(gradients, slice, item, VectorStart(start, channels), mask, result, layout, sums);
}

// What is done to outputs before they are stored, each unless null: a bias and an addend in the outputs' place are
// added; then comes a leaky ReLU with this slope (1: none), or, where `activated` are the outputs of one, its gradient.
struct Finish {
  const float *bias;
  const float *addend;
  const float *activated;
  float slope;
};

template <int Positions>
VOLBIAS_LANES inline void OutputVectors(const float *products, TileLayout layout, const Item &item, int start,
                                        const Slice &slice, float *outputs, const Finish &finish) {
  constexpr int rows = Positions == kPositions ? kTileSize : 1;
  const Lanes bias = finish.bias == nullptr ? _mm256_setzero_ps() : _mm256_loadu_ps(finish.bias + start);
  const Lanes slope = _mm256_set1_ps(finish.slope);
  for (int tile = 0; tile < item.tiles; ++tile) {
    const float *m = products + tile * layout.tile + start;
    Lanes c[rows][kPositions];
#pragma GCC unroll 4
    for (int j = 0; j < kPositions; ++j) {
      const float *p = m + j * layout.position;
      if constexpr (Positions == kPositions) {
        const int64_t down = kPositions * layout.position;
        const Lanes m1 = _mm256_loadu_ps(p + down), m2 = _mm256_loadu_ps(p + 2 * down);
        c[0][j] = _mm256_add_ps(_mm256_add_ps(_mm256_loadu_ps(p), m1), m2);
        c[1][j] = _mm256_sub_ps(_mm256_sub_ps(m1, m2), _mm256_loadu_ps(p + 3 * down));
      } else {
        c[0][j] = _mm256_loadu_ps(p);
      }
    }
#pragma GCC unroll 2
    for (int i = 0; i < rows; ++i) {
      if (item.row + i >= slice.rows) break;
      const Lanes o[kTileSize] = {_mm256_add_ps(_mm256_add_ps(c[i][0], c[i][1]), c[i][2]),
                                  _mm256_sub_ps(_mm256_sub_ps(c[i][1], c[i][2]), c[i][3])};
#pragma GCC unroll 2
      for (int j = 0; j < kTileSize; ++j) {
        const int64_t column = (item.firstTile + tile) * kTileSize + j;
        if (column >= slice.columns) break;
        const int64_t place = slice.Place(item.row + i, column) + start;
        Lanes value = _mm256_add_ps(o[j], bias);
        if (finish.addend != nullptr) value = _mm256_add_ps(value, _mm256_loadu_ps(finish.addend + place));
        const Lanes smaller = _mm256_mul_ps(slope, value);
        if (finish.activated == nullptr) {
          value = _mm256_max_ps(smaller, value);
        } else {
          const Lanes activated = _mm256_loadu_ps(finish.activated + place);
          value = _mm256_blendv_ps(smaller, value, _mm256_cmp_ps(activated, _mm256_setzero_ps(), _CMP_GT_OQ));
        }
        _mm256_storeu_ps(outputs + place, value);
      }
    }
  }
}

// Aᵀ products A of an item's tiles, finished, into `outputs`, of which `slice` is a slice with `channels` ≥ 8.
template <int Positions>
VOLBIAS_LANES void TransformOutputs(const float *products, TileLayout layout, const Item &item, int channels,
                                    const Slice &slice, float *outputs, const Finish &finish) {
  for (int start = 0; start < channels; start += kLanes)
    OutputVectors<Positions>(products, layout, item, VectorStart(start, channels), slice, outputs, finish);
}

}  // namespace volbias
