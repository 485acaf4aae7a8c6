#pragma once

#include "pos/ports/clock.hpp"
#include "pos/ports/entropy.hpp"
#include "pos/ports/recorder.hpp"

#include <cstdint>
#include <string_view>

namespace tillrig::formats {

// A world in which nothing is by chance, so that what is made in it is the same each time.
struct StillClock final : ports::Clock {
  [[nodiscard]] base::Instant now() const override { return {}; }
  [[nodiscard]] base::WallTime wall() const override { return {1'772'438'400'000 + ++ticks}; }
  [[nodiscard]] ports::Uptime uptime() const override { return {}; }
  mutable std::int64_t ticks = 0;
};
struct Counted final : ports::Entropy {
  std::uint64_t draw(std::string_view /*stream*/) override { return ++drawn * 0x9e3779b97f4a7c15; }
  std::uint64_t drawn = 0;
};
struct Silent final : ports::Recorder {
  using ports::Recorder::note;
  std::uint64_t note(const ports::Note& /*note*/, std::span<const ports::Arg> /*args*/) override {
    return 0;
  }
};

}  // namespace tillrig::formats
