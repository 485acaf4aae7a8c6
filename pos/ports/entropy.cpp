#include "pos/ports/entropy.hpp"

namespace tillrig::ports {

std::uint64_t Entropy::below(std::string_view stream, std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(draw(stream)) * bound) >> 64);
}

}  // namespace tillrig::ports
