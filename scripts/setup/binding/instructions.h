// Which of this processor's instructions our kernels use.
#pragma once

#include <strings.h>

#include <cstdlib>
#include <cstring>

namespace volbias {

// Whether oneDNN's setting of the widest instructions, which binds our kernels too, allows AVX-512 in any form.
inline bool AllowsWideLanes() {
  const char *most = std::getenv("ONEDNN_MAX_CPU_ISA");
  if (most == nullptr || *most == '\0') return true;
  for (const char *wide : {"DEFAULT", "ALL", "AVX512", "AVX10"})
    if (strncasecmp(most, wide, std::strlen(wide)) == 0) return true;
  return false;
}

inline bool HasWideLanes() {
  static const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512bw") && AllowsWideLanes();
  return has;
}

inline bool HasBfloat16() { return HasWideLanes() && __builtin_cpu_supports("avx512bf16"); }

// numerics.precision of the config.
inline bool UsesBfloat16() {
  static const bool uses = [] {
    const char *precision = std::getenv("VOLBIAS_PRECISION");
    return precision != nullptr && std::strcmp(precision, "bfloat16") == 0;
  }();
  return uses;
}

}  // namespace volbias
