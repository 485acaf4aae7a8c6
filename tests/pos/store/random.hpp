#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace tillrig::store::test {

// SplitMix64: the same draws from the same seed on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t x = (state_ += 0x9e3779b97f4a7c15ULL);
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  std::uint64_t from_to(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  bool percent(std::uint64_t chance) { return below(100) < chance; }

 private:
  std::uint64_t state_;
};

// More steps, or another seed, on demand:
//   TILLRIG_MODEL_STEPS=1000000 TILLRIG_MODEL_SEED=7 bin/test_pos_store --gtest_filter='*Model*'
inline std::uint64_t asked(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}
inline std::uint64_t model_steps(std::uint64_t otherwise) {
  return asked("TILLRIG_MODEL_STEPS", otherwise);
}
inline std::uint64_t model_seed() {
  return asked("TILLRIG_MODEL_SEED", 20260302);
}

}  // namespace tillrig::store::test
