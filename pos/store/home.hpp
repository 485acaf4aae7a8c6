#pragma once

#include "pos/ports/clock.hpp"
#include "pos/ports/disk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::store {

// Where a till's files live: on which start of which machine, and which making of the files. Both
// stand outside of what is copied with them: an image that is put back, or a cloned machine, begins
// with another start, and files that are copied are made anew. 0: cannot be told here.
struct Home {
  std::uint64_t boot = 0;
  std::uint64_t birth = 0;

  static Home here(const ports::Clock& clock, ports::Disk& disk, const std::string& lock);

  // As a note: "boot birth".
  [[nodiscard]] std::string text() const;
  static std::optional<Home> read(std::string_view text);

  // What the cloud knows it by; empty: it cannot be told from others.
  [[nodiscard]] std::string mark() const;
  // How far above the next epoch a till begins that cannot know what others made of its files: in a
  // place that another home hardly chooses.
  [[nodiscard]] std::uint32_t jump() const;
};

// What happened to the files since they were last sold from.
enum class Moved {
  no,
  restarted,  // the machine was started anew: they may be an older image, or another machine's
  copied,     // they are a copy
};
Moved moved_between(const Home& noted, const Home& here);

}  // namespace tillrig::store
