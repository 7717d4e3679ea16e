// The sums of products between the transforms, where most of the time goes, by the widest instructions there are.
#pragma once

#include "instructions.h"
#include "products_avx2.h"
#include "products_avx512.h"

namespace volbias {

// result[tile, out] = Σ_tap Σ_in patches[tap][tile, in] · kernels[tap][in, out], for `vectors` eights of outputs
inline void Multiply(const Taps &taps, int tiles, int vectors, float *result, int64_t stride) {
  const auto multiply = UsesBfloat16()   ? avx512::Multiply<true>
                        : HasWideLanes() ? avx512::Multiply<false>
                                         : avx2::Multiply;
  multiply(taps, tiles, vectors, result, stride);
}

// result[row, column] += Σ_tile rows[tile, row] · columns[tile, column], for `vectors` eights of columns
inline void AddAll(const Sides &sides, int rows, int vectors, float *result, int64_t stride) {
  const auto add = UsesBfloat16() ? avx512::AddAll<true> : HasWideLanes() ? avx512::AddAll<false> : avx2::AddAll;
  add(sides, rows, vectors, result, stride);
}

}  // namespace volbias
