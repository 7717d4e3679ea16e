// Threads that help with the work of an operation and are kept for the next one, with their buffers.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace volbias {

class ThreadPool {
 public:
  // Never destroyed, since its threads may outlive static objects.
  static ThreadPool &Shared() {
    static ThreadPool *const pool = new ThreadPool();
    return *pool;
  }

  // Calls `work` here and, at the same time, in at most `helpers` threads; returns when all calls have returned. `work`
  // must not throw, and must be complete whether or not anybody helps: threads may be busy, or not to be had.
  void Run(int helpers, const std::function<void()> &work) {
    std::unique_lock<std::mutex> lock(mutex_);
    Grow(helpers);
    const auto job = jobs_.insert(jobs_.end(), {&work, helpers, 0});
    lock.unlock();
    for (int i = 0; i < helpers; ++i) arrived_.notify_one();
    work();
    lock.lock();
    job->wanted = 0;
    ended_.wait(lock, [&] { return job->active == 0; });
    jobs_.erase(job);
  }

 private:
  struct Job {
    const std::function<void()> *work;
    int wanted, active;  // helpers
  };

  void Grow(int threads) {
    try {
      for (; threads_ < threads; ++threads_) std::thread([this] { Help(); }).detach();
    } catch (const std::exception &) {
      // Fewer threads help.
    }
  }

  void Help() {
    for (std::unique_lock<std::mutex> lock(mutex_);;) {
      Job *job = nullptr;
      arrived_.wait(lock, [&] { return (job = Wanting()) != nullptr; });
      --job->wanted;
      ++job->active;
      lock.unlock();
      (*job->work)();
      lock.lock();
      if (--job->active == 0) ended_.notify_all();
    }
  }

  Job *Wanting() {
    for (Job &job : jobs_)
      if (job.wanted > 0) return &job;
    return nullptr;
  }

  std::mutex mutex_;
  std::condition_variable arrived_, ended_;
  std::list<Job> jobs_;
  int threads_ = 0;
};

}  // namespace volbias
