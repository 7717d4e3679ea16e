// Products of one matrix, most of whose elements are zero, with each matrix of a stack.
#pragma once

#include <algorithm>
#include <vector>

#include "lanes.h"
#include "parallel.h"

namespace volbias {

// The elements of a matrix that are not zero, row by row.
struct SparseMatrix {
  struct Element {
    int64_t column;
    float value;
  };
  int64_t rows, columns;
  std::vector<Element> elements;
  std::vector<size_t> starts;  // of each row, and the end

  SparseMatrix(const float *values, int64_t ofRows, int64_t ofColumns, bool transposed)
      : rows(transposed ? ofColumns : ofRows), columns(transposed ? ofRows : ofColumns) {
    for (int64_t row = 0; row < rows; ++row) {
      starts.push_back(elements.size());
      for (int64_t column = 0; column < columns; ++column) {
        const float value = transposed ? values[column * rows + row] : values[row * columns + column];
        if (value != 0) elements.push_back({column, value});
      }
    }
    starts.push_back(elements.size());
  }
};

// Row by row, result[row, first … first + count) of one matrix of the stack, whose rows have `width` floats.
VOLBIAS_LANES inline void MultiplyColumns(const SparseMatrix &matrix, const float *stack, int64_t width, int64_t first,
                                          int64_t count, float *result) {
  for (int64_t row = 0; row < matrix.rows; ++row) {
    const SparseMatrix::Element *begin = matrix.elements.data() + matrix.starts[static_cast<size_t>(row)];
    const SparseMatrix::Element *end = matrix.elements.data() + matrix.starts[static_cast<size_t>(row + 1)];
    float *to = result + row * width + first;
    const float *from = stack + first;
    int64_t c = 0;
    for (; c + kLanes <= count; c += kLanes) {
      Lanes sum = _mm256_setzero_ps();
      for (const SparseMatrix::Element *element = begin; element < end; ++element)
        sum = _mm256_fmadd_ps(_mm256_set1_ps(element->value), _mm256_loadu_ps(from + element->column * width + c), sum);
      _mm256_storeu_ps(to + c, sum);
    }
    for (; c < count; ++c) {
      float sum = 0;
      for (const SparseMatrix::Element *element = begin; element < end; ++element)
        sum = __builtin_fmaf(element->value, from[element->column * width + c], sum);
      to[c] = sum;
    }
  }
}

// result [count, rows, width] of a stack [count, columns, width].
inline void MultiplyStack(const SparseMatrix &matrix, const float *stack, int64_t count, int64_t width, float *result) {
  constexpr int64_t widest = 512;  // columns at once, so that they stay in the cache from row to row
  const int64_t pieces = (width + widest - 1) / widest;
  constexpr int64_t together = 64;
  const int64_t tasks = (count * pieces + together - 1) / together;
  const double operations = static_cast<double>(matrix.elements.size()) * count * width;
  ForEach(tasks, operations, [&](int64_t task) {
    for (int64_t i = task * together; i < std::min((task + 1) * together, count * pieces); ++i) {
      const int64_t one = i / pieces, first = i % pieces * widest;
      MultiplyColumns(matrix, stack + one * matrix.columns * width, width, first, std::min(widest, width - first),
                      result + one * matrix.rows * width);
    }
  });
}

}  // namespace volbias
