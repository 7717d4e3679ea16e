// What is multiplied and added up between the transforms.
#pragma once

#include <algorithm>
#include <cstdint>

namespace volbias {

// Up to three patches' slices with the kernels of their taps, and how far apart their tiles and input channels are.
struct Taps {
  const float *patches[3];
  const float *kernels[3];
  int count;
  int inputs;
  int64_t patchStride, kernelStride;
};

// Two sides of sums over tiles: numbers of `rows`, vectors of `columns`, and how far apart their tiles are.
struct Sides {
  const float *rows, *columns;
  int64_t rowStride, columnStride;
  int tiles;
};

// Calls work(taken, first) for blocks of at most `most` of `count` things, as even as possible but in multiples of
// `multiple` except the last.
template <typename Work>
void ForBlocks(int count, int most, int multiple, const Work &work) {
  int blocks = (count + most - 1) / most;
  for (int first = 0; first < count; --blocks) {
    const int even = (count - first + blocks - 1) / blocks;
    const int taken = std::min(count - first, (even + multiple - 1) / multiple * multiple);
    work(taken, first);
    first += taken;
  }
}

}  // namespace volbias
