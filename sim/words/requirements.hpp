#pragma once

#include <span>
#include <string_view>

namespace tillrig::words {

// What the help articles promise, one sentence each (reference: domain 1); scenarios name the ids
// they cover.
struct Requirement {
  std::string_view id;  // "OUT-04"
  std::string_view text;
};

std::span<const Requirement> requirements();

}  // namespace tillrig::words
