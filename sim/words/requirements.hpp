#pragma once

#include <span>
#include <string_view>

namespace tillrig::words {

// What the help articles promise, one sentence each (reference: domain 1); scenarios name the ids
// they cover.
struct Requirement {
  std::string_view id;  // "OUT-04"
  std::string_view text;
  // "Suite.Test, Suite.Other": what stands for it where no scenario can; empty: nothing does.
  std::string_view tests = {};
  // The bug that breaks it: of the scenarios that cover it one kills that mutant. Empty: none is
  // known.
  std::string_view mutant = {};
};

std::span<const Requirement> requirements();

}  // namespace tillrig::words
