#pragma once

#include "pos/base/hash.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::wire {

// What two sides compare to know that they hold the same rows of a table, the removed ones too:
// how many there are, and a sum of them in which their order plays no part.
struct TableSum {
  std::uint64_t rows = 0;
  base::Hash256 all{};

  bool operator==(const TableSum&) const = default;

  // `body`: as a reader of the feed has it, base::json's way of writing; of a removed row none.
  void add(std::string_view id, bool deleted, std::string_view body);
  // "12:5f...": as it stands in a page.
  [[nodiscard]] std::string text() const;
};

// A row's body in the way in which readers of the feed keep it. One that is no JSON stays as it is.
std::string as_read(std::string_view body);

}  // namespace tillrig::wire
