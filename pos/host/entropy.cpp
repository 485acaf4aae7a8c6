#include "pos/host/entropy.hpp"

#include "pos/base/assert.hpp"

#include <sys/random.h>

namespace tillrig::host {

std::uint64_t SystemEntropy::draw(std::string_view /*stream*/) {
  std::uint64_t bits = 0;
  const auto got = getrandom(&bits, sizeof bits, 0);
  TILLRIG_ASSERT(got == static_cast<ssize_t>(sizeof bits), "getrandom gives 8 bytes at once");
  return bits;
}

}  // namespace tillrig::host
