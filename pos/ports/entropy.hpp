#pragma once

#include <cstdint>
#include <string_view>

namespace tillrig::ports {

// Chance, by purpose: draws of one stream ("sync.backoff") are independent of how often any other
// was drawn from, so that taking one fault out of a run shifts nothing else.
class Entropy {
 public:
  virtual ~Entropy() = default;

  // 64 uniform bits: the next draw of the named stream.
  virtual std::uint64_t draw(std::string_view stream) = 0;

  // Uniform in [0, bound); bound > 0. Without modulo bias worth speaking of (128-bit multiply).
  std::uint64_t below(std::string_view stream, std::uint64_t bound);
};

}  // namespace tillrig::ports
