#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// Money that customers have with the shop: which ledger the tender of a kind is paid from; empty:
// from none.
inline std::string_view ledger_of_tender(std::string_view kind) {
  if (kind == "gift-card") return "gift";
  return {};
}

// The SKU of a line that puts money there: "gift:GC-1". No item of a shop has such a one.
inline bool is_purse_sku(std::string_view sku) {
  return sku.starts_with("gift:");
}

// How a receipt calls such a tender.
inline bool is_purse_label(std::string_view left) {
  return left == "Gift card";
}

// How the line that puts money there is called.
inline std::string_view line_of_purse(std::string_view /*ledger*/) {
  return "Gift card";
}

// So much more or less there, because of a sale.
struct PurseMove {
  std::string ledger;
  std::string key;
  std::int64_t amount = 0;
};

}  // namespace tillrig::oracle
