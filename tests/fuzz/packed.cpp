// A packed body is never unpacked past its limit, and what was packed comes back.
#include "pos/wire/api.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {

void one(base::ByteView input) {
  constexpr std::size_t kLimit = 64 * 1024;
  if (const auto body = wire::unpack(input, kLimit)) {
    must(body->size() <= kLimit, "an unpacked body is never over its limit");
  }
  if (input.size() > kLimit) return;
  const auto back = wire::unpack(wire::pack(input), kLimit);
  must(back && *back == input, "what was packed comes back");
}

}  // namespace tillrig::fuzz
