// What a zero-padded convolution with a window of 3 or 1 along each axis looks like to the kernels of this folder.
#pragma once

#include <cstdint>

namespace volbias {

// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016): F(2, 3) computes two outputs of a 3-wide
// convolution from four inputs with four products instead of six. Here it is applied along columns and rows; along the
// third axis the taps are added up as usual. With A, B and G of the paper and ⊙ the product of elements, summed over
// channels,
//
//     output = Aᵀ [(G kernel Gᵀ) ⊙ (Bᵀ patch B)] A,     kernel's gradient = Gᵀ [(Bᵀ patch B) ⊙ (A gradient Aᵀ)] G.
constexpr int kTileSize = 2;
constexpr int kPositions = 4;

struct Axis {
  int64_t size;
  int window;      // 3 or 1
  int64_t stride;  // in voxels
};

// Images are [image, …, channel]; `columns` has a window of 3. A window of 1 along rows makes tiles one row high.
struct Geometry {
  int64_t images;
  Axis taps, rows, columns;
  int inputs, outputs;  // channels

  int64_t ImageVoxels() const { return taps.size * rows.size * columns.size; }
  int RowPositions() const { return rows.window == 3 ? kPositions : 1; }
  int TileRows() const { return rows.window == 3 ? kTileSize : 1; }
  int Positions() const { return RowPositions() * kPositions; }
  int64_t RowTiles() const { return (rows.size + TileRows() - 1) / TileRows(); }
  int64_t ColumnTiles() const { return (columns.size + kTileSize - 1) / kTileSize; }
  // Where a tap's matrix of channels lies in a kernel [window…, in, out].
  int Tap(int tap, int row, int column) const { return (tap * rows.window + row) * 3 + column; }
  int TapCount() const { return taps.window * rows.window * 3; }
  double Multiplications() const {
    return static_cast<double>(images) * taps.size * RowTiles() * ColumnTiles() * Positions() * taps.window * inputs *
           outputs;
  }
};

// A tile's place: items are runs of tiles along the columns in one row of tiles of one image, through all `taps`.
struct Item {
  int64_t image, row, firstTile;
  int tiles;
};

struct Items {
  const Geometry &geometry;
  int longest;  // tiles of an item

  int64_t Runs() const { return (geometry.ColumnTiles() + longest - 1) / longest; }
  int64_t Count() const { return geometry.images * geometry.RowTiles() * Runs(); }
  Item At(int64_t index) const {
    const int64_t first = index % Runs() * longest;
    const int64_t line = index / Runs();
    const int64_t left = geometry.ColumnTiles() - first;
    return {line / geometry.RowTiles(), line % geometry.RowTiles() * geometry.TileRows(), first,
            static_cast<int>(left < longest ? left : longest)};
  }
};

}  // namespace volbias
