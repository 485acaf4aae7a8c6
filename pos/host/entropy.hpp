#pragma once

#include "pos/ports/entropy.hpp"

namespace tillrig::host {

// The kernel's random source; streams make no difference to it.
class SystemEntropy final : public ports::Entropy {
 public:
  std::uint64_t draw(std::string_view stream) override;
};

}  // namespace tillrig::host
