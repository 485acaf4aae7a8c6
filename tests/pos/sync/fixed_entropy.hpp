#pragma once

#include "pos/ports/entropy.hpp"

namespace tillrig::sync {

// Draws the same bits each time: 0 is the lowest of any range, all ones the highest.
class FixedEntropy final : public ports::Entropy {
 public:
  explicit FixedEntropy(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t draw(std::string_view /*stream*/) override { return bits_; }

 private:
  std::uint64_t bits_;
};

}  // namespace tillrig::sync
