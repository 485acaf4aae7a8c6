#pragma once

#include "sim/oracle/account/till.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// What a till found for a text, held against what it knows: goods by the pages that have come to
// it, and customers that nobody has changed.
class Searches {
 public:
  explicit Searches(TillAccount& till) : till_(till) {}

  void look_at(const FindLook& look);

 private:
  [[nodiscard]] bool fits(const ShopItem& item, std::string_view text) const;
  void compare(const FindLook& look, const std::vector<std::string>& seen, std::string_view name,
               bool has_to, bool may);

  TillAccount& till_;
};

}  // namespace tillrig::oracle
