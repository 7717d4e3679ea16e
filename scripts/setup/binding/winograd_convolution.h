// The convolution, its input's gradient and its kernel's gradient.
#pragma once

#include "pairs.h"
#include "parallel.h"
#include "winograd_kernels.h"
#include "winograd_products.h"
#include "winograd_transforms.h"

namespace volbias {

// Tiles of an item, such that this many floats for each tile stay in a core's second cache.
inline int LongestItem(const Geometry &geometry, int64_t floatsPerTile) {
  constexpr int64_t cached = 1 << 16;
  const int64_t most = std::clamp<int64_t>(cached / floatsPerTile, 4, 32);
  const int64_t tiles = geometry.ColumnTiles();
  const int64_t runs = (tiles + most - 1) / most;
  return static_cast<int>((tiles + runs - 1) / runs);
}

// With fewer than eight channels, tiles of patches have eight; an odd number has an even one's place, for pairs.
inline int TransformedChannels(int channels) { return std::max((channels + 1) / 2 * 2, kLanes); }

// The transformed patches of the last slices along the taps' axis, each made once.
template <int Positions>
class PatchRing {
 public:
  // What makes pairs of bfloat16 numbers of an item's patches, if anything.
  using Pairing = void (*)(const float *patches, const Item &item, TileLayout layout, float *pairs);

  PatchRing(const Geometry &geometry, const float *images, const Item &item, TileLayout layout, Pairing pairing,
            float *memory)
      : geometry_(geometry), images_(images), item_(item), layout_(layout), pairing_(pairing), memory_(memory) {
    // The partners of last channels are multiplied by zeros, but must be numbers.
    if (pairing != nullptr && geometry.inputs % 2 == 1)
      std::fill_n(memory + geometry.taps.window * Size(), Size(), 0.0f);
  }

  // Room for this many slices.
  static int64_t Slices(const Geometry &geometry) { return geometry.taps.window + (UsesBfloat16() ? 1 : 0); }

  // Slices must be asked for in order.
  const float *At(int64_t slice) {
    float *place = memory_ + slice % geometry_.taps.window * Size();
    if (slice >= made_) {
      float *patches = pairing_ == nullptr ? place : memory_ + geometry_.taps.window * Size();
      const Slice from(geometry_, geometry_.inputs, item_.image, slice);
      TransformPatches<Positions>(images_, from, geometry_.inputs, item_, patches, layout_);
      if (pairing_ != nullptr) pairing_(patches, item_, layout_, place);
      made_ = slice + 1;
    }
    return place;
  }

 private:
  int64_t Size() const { return Positions * kPositions * layout_.position; }

  const Geometry &geometry_;
  const float *images_;
  const Item &item_;
  const TileLayout layout_;
  const Pairing pairing_;
  float *const memory_;
  int64_t made_ = 0;
};

// Pairs of channels: half as many places for each tile.
template <int Positions>
void PairChannels(const float *patches, const Item &, TileLayout layout, float *pairs) {
  PairNeighbours(patches, Positions * kPositions * layout.position, pairs);
}

// Pairs of tiles: half as many lines for each position.
template <int Positions>
void PairTiles(const float *values, const Item &item, TileLayout layout, float *pairs) {
  for (int position = 0; position < Positions * kPositions; ++position)
    PairLines(values + position * layout.position, item.tiles, layout.tile, pairs + position * layout.position);
}

template <int Positions>
void ConvolveItem(const Geometry &geometry, const Item &item, const float *images, const float *kernel,
                  const Finish &finish, float *outputs, float *memory) {
  const int window = geometry.taps.window, outStride = RoundUp(geometry.outputs);
  const int patchStride = TransformedChannels(geometry.inputs), together = UsesBfloat16() ? 2 : 1;
  const TileLayout patchLayout = {static_cast<int64_t>(item.tiles) * patchStride, patchStride};
  const TileLayout productLayout = {static_cast<int64_t>(item.tiles) * outStride, outStride};
  using Ring = PatchRing<Positions>;
  Ring ring(geometry, images, item, patchLayout, UsesBfloat16() ? PairChannels<Positions> : nullptr, memory);
  float *products = memory + Ring::Slices(geometry) * Positions * kPositions * patchLayout.position;
  const int inputs = (geometry.inputs + together - 1) / together;
  const int64_t tapSize = static_cast<int64_t>(inputs) * outStride;
  for (int64_t slice = 0; slice < geometry.taps.size; ++slice) {
    Taps taps = {{}, {}, 0, inputs, patchStride / together, outStride};
    for (int tap = 0; tap < window; ++tap) {
      const int64_t from = slice + tap - window / 2;
      if (from < 0 || from >= geometry.taps.size) continue;
      taps.patches[taps.count] = ring.At(from);
      taps.kernels[taps.count++] = kernel + tap * tapSize;
    }
    for (int position = 0; position < Positions * kPositions; ++position) {
      Multiply(taps, item.tiles, outStride / kLanes, products + position * productLayout.position, outStride);
      for (int tap = 0; tap < taps.count; ++tap) {
        taps.patches[tap] += patchLayout.position / together;
        taps.kernels[tap] += window * tapSize;
      }
    }
    const Slice slices(geometry, geometry.outputs, item.image, slice);
    TransformOutputs<Positions>(products, productLayout, item, geometry.outputs, slices, outputs, finish);
  }
}

// The transformed kernel, in pairs of input channels where the products are of pairs.
inline const float *PreparedKernel(const Geometry &geometry, const KernelReading &kernel, int outStride) {
  const int64_t matrices = static_cast<int64_t>(geometry.Positions()) * geometry.taps.window;
  const int64_t size = static_cast<int64_t>(geometry.inputs) * outStride;
  float *transformed = Scratch<0>(static_cast<size_t>(matrices * size));
  TransformKernel(geometry, kernel, outStride, transformed);
  if (!UsesBfloat16()) return transformed;
  const int64_t pairedSize = static_cast<int64_t>((geometry.inputs + 1) / 2) * outStride;
  float *pairs = Scratch<3>(static_cast<size_t>(matrices * pairedSize));
  for (int64_t i = 0; i < matrices; ++i)
    PairLines(transformed + i * size, geometry.inputs, outStride, pairs + i * pairedSize);
  return pairs;
}

// outputs [image, …, out] of images [image, …, in]; at least eight outputs.
inline void Convolve(const Geometry &geometry, const float *images, const KernelReading &kernel, const Finish &finish,
                     float *outputs) {
  const int outStride = RoundUp(geometry.outputs);
  const float *prepared = PreparedKernel(geometry, kernel, outStride);
  const int64_t floats =
      geometry.Positions() * (PatchRing<1>::Slices(geometry) * TransformedChannels(geometry.inputs) + outStride);
  const Items items = {geometry, LongestItem(geometry, floats)};
  ForEach(items.Count(), geometry.Multiplications(), [&](int64_t index) {
    float *memory = Scratch<1>(static_cast<size_t>(floats) * items.longest);
    const auto convolve = geometry.rows.window == 3 ? ConvolveItem<kPositions> : ConvolveItem<1>;
    convolve(geometry, items.At(index), images, prepared, finish, outputs, memory);
  });
}

// Which side of the kernel's gradient is read by vectors: the one that wastes fewer lanes.
struct GradientSides {
  bool exchanged;
  int rows, columns, stride;

  explicit GradientSides(const Geometry &geometry) {
    const int in = geometry.inputs, out = geometry.outputs;
    exchanged = out * RoundUp(in) < in * RoundUp(out);
    rows = exchanged ? out : in;
    columns = exchanged ? in : out;
    stride = RoundUp(columns);
  }
};

struct GradientSums {
  float *kernel;  // [position, tap, row, column]
  double *bias;   // [out]
};

template <int Positions>
void AddItem(const Geometry &geometry, const GradientSides &sides, const Item &item, const float *images,
             const float *gradients, const GradientSums &sums, float *memory) {
  const int window = geometry.taps.window, positions = Positions * kPositions;
  const int patchStride = RoundUp(geometry.inputs), gradientStride = RoundUp(geometry.outputs);
  const TileLayout patchLayout = {static_cast<int64_t>(item.tiles) * patchStride, patchStride};
  const TileLayout gradientLayout = {static_cast<int64_t>(item.tiles) * gradientStride, gradientStride};
  using Ring = PatchRing<Positions>;
  const bool pairs = UsesBfloat16();
  Ring ring(geometry, images, item, patchLayout, pairs ? PairTiles<Positions> : nullptr, memory);
  float *transformed = memory + Ring::Slices(geometry) * positions * patchLayout.position;
  float *paired = transformed + positions * gradientLayout.position;
  float *biases = paired + (pairs ? positions * gradientLayout.position : 0);
  const int64_t tapSize = static_cast<int64_t>(sides.rows) * sides.stride;
  for (int64_t slice = 0; slice < geometry.taps.size; ++slice) {
    const Slice slices(geometry, geometry.outputs, item.image, slice);
    TransformGradients<Positions>(gradients, slices, geometry.outputs, item, transformed, gradientLayout, biases);
    for (int channel = 0; channel < geometry.outputs; ++channel) sums.bias[channel] += biases[channel];
    if (pairs) PairTiles<Positions>(transformed, item, gradientLayout, paired);
    for (int tap = 0; tap < window; ++tap) {
      const int64_t from = slice + tap - window / 2;
      if (from < 0 || from >= geometry.taps.size) continue;
      const float *patches = ring.At(from);
      for (int position = 0; position < positions; ++position) {
        const float *patch = patches + position * patchLayout.position;
        const float *gradient = (pairs ? paired : transformed) + position * gradientLayout.position;
        const int lines = pairs ? (item.tiles + 1) / 2 : item.tiles;
        const Sides both = sides.exchanged ? Sides{gradient, patch, gradientStride, patchStride, lines}
                                           : Sides{patch, gradient, patchStride, gradientStride, lines};
        float *result = sums.kernel + (static_cast<int64_t>(position) * window + tap) * tapSize;
        AddAll(both, sides.rows, sides.stride / kLanes, result, sides.stride);
      }
    }
  }
}

// Gradients of the kernel [window…, in, out] and the bias [out]. Items are summed in at most sixteen parts, whose
// number depends on the shapes alone, and the parts in order: any number of threads gives the same bytes, and at most
// sixteen have work.
inline void KernelGradient(const Geometry &geometry, const float *images, const float *gradients, float *kernel,
                           float *bias) {
  const GradientSides sides(geometry);
  const int64_t floats =
      geometry.Positions() * (PatchRing<1>::Slices(geometry) * RoundUp(geometry.inputs) +
                              static_cast<int64_t>(UsesBfloat16() ? 2 : 1) * RoundUp(geometry.outputs));
  const Items items = {geometry, LongestItem(geometry, floats)};
  const int64_t size = static_cast<int64_t>(geometry.Positions()) * geometry.taps.window * sides.rows * sides.stride;
  // A part costs as much as this many tiles to set to zero, to add and to read from memory again and again.
  constexpr int64_t fewestTiles = 256;
  const int64_t tiles = geometry.images * geometry.taps.size * geometry.RowTiles() * geometry.ColumnTiles();
  const int64_t parts = std::clamp<int64_t>(std::min(tiles / fewestTiles, items.Count()), 1, 16);
  float *sums = Scratch<2>(static_cast<size_t>(parts * size));
  std::vector<double> biases(static_cast<size_t>(parts * geometry.outputs));
  ForEach(parts, geometry.Multiplications(), [&](int64_t part) {
    float *memory = Scratch<1>(static_cast<size_t>(floats) * items.longest + RoundUp(geometry.outputs));
    const GradientSums own = {sums + part * size, biases.data() + part * geometry.outputs};
    std::fill_n(own.kernel, size, 0.0f);
    const auto add = geometry.rows.window == 3 ? AddItem<kPositions> : AddItem<1>;
    for (int64_t i = items.Count() * part / parts; i < items.Count() * (part + 1) / parts; ++i)
      add(geometry, sides, items.At(i), images, gradients, own, memory);
  });
  for (int64_t part = 1; part < parts; ++part)
    for (int64_t i = 0; i < size; ++i) sums[i] += sums[part * size + i];
  GatherKernel(geometry, sums, sides.stride, sides.exchanged, kernel);
  for (int channel = 0; channel < geometry.outputs; ++channel) {
    double sum = 0;
    for (int64_t part = 0; part < parts; ++part) sum += biases[static_cast<size_t>(part * geometry.outputs + channel)];
    bias[channel] = static_cast<float>(sum);
  }
}

}  // namespace volbias
