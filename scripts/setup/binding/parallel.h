// Work shared among the threads of one operation.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "thread_pool.h"

namespace volbias {

// As the setting of TensorFlow's own kernels has it.
inline int ThreadCount() {
  static const int count = [] {
    const char *text = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int named = text == nullptr ? 0 : std::atoi(text);
    return named > 0 ? named : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }();
  return count;
}

// Calls work(i) for each i < count, in any order. Where threads cannot be had, fewer do it; what `work` throws is
// thrown when all have ended. `operations` in all decide whether waking threads pays.
template <typename Work>
void ForEach(int64_t count, double operations, const Work &work) {
  constexpr double fewestPerThread = 1e6;
  const double worthwhile = std::min(operations / fewestPerThread, static_cast<double>(count));
  const int threads = std::min(ThreadCount(), static_cast<int>(std::min(worthwhile, 1e6)));
  std::atomic<int64_t> next{0};
  std::exception_ptr failure;
  std::mutex failing;
  const auto run = [&] {
    try {
      for (int64_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failing);
      failure = std::current_exception();
      next = count;
    }
  };
  if (threads > 1)
    ThreadPool::Shared().Run(threads - 1, run);
  else
    run();
  if (failure != nullptr) std::rethrow_exception(failure);
}

// A buffer that a thread keeps, because large ones are expensive to get; its values are undefined.
template <int Use>
float *Scratch(size_t count) {
  thread_local std::vector<float> buffer;
  if (buffer.size() < count) buffer.resize(count);
  return buffer.data();
}

}  // namespace volbias
