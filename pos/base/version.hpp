#pragma once

#include "pos/base/result.hpp"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::base {

// The version of a program, compared as one: 1.14.9 comes before 1.14.10, 1.14.10-rc1 before
// 1.14.10, and 2.0 is 2.0.0.
struct Version {
  std::vector<std::uint64_t> numbers;  // without zeros at the end
  bool before_release = false;         // "-rc1"
  std::string stage;                   // "rc1"

  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }
};

// Errors: bad_input, for what is no "1.14.10" or "1.14.10-rc1".
Result<Version> parse_version(std::string_view text);

}  // namespace tillrig::base
