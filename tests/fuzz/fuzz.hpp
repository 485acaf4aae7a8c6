#pragma once

#include "pos/base/bytes.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace tillrig::fuzz {

// Ends the run, so that libFuzzer keeps the input: the promise that did not hold.
inline void must(bool held, std::string_view promise) {
  if (held) return;
  fmt::print(stderr, "broken: {}\n", promise);
  std::abort();
}

// The first byte of an input says how it is cut into pieces; the rest is what comes down the line.
struct Pieces {
  explicit Pieces(base::ByteView input)
      : step(input.empty() ? 1 : 1 + static_cast<unsigned char>(input.front()) % 64),
        bytes(input.substr(input.empty() ? 0 : 1)) {}

  template <class Take>
  void each(Take take) const {
    for (std::size_t at = 0; at < bytes.size(); at += step) take(bytes.substr(at, step));
  }

  std::size_t step;
  base::ByteView bytes;
};

// What a target does with one input.
void one(base::ByteView input);

}  // namespace tillrig::fuzz
