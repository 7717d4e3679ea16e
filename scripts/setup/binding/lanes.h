// Eight floats at once, or sixteen. Every function that uses them is declared with VOLBIAS_LANES or VOLBIAS_WIDE_LANES.
#pragma once

#include <immintrin.h>

#define VOLBIAS_LANES __attribute__((target("avx2,fma")))
#define VOLBIAS_WIDE_LANES __attribute__((target("avx512f,avx512vl,avx512bf16,avx2,fma")))

namespace volbias {

constexpr int kLanes = 8;
using Lanes = __m256;

constexpr int RoundUp(int count) { return (count + kLanes - 1) / kLanes * kLanes; }

// Of the vectors that together cover `count` ≥ 8 channels, the one from `start` on; the last overlaps the one before.
constexpr int VectorStart(int start, int count) { return start + kLanes > count ? count - kLanes : start; }

}  // namespace volbias
