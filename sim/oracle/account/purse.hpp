#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// Money that customers have with the shop, by the ledger that it stands in.
struct PurseWords {
  std::string_view ledger;
  std::string_view tender;  // the kind of a payment out of it
  std::string_view paper;   // how a receipt calls that
  std::string_view line;    // how the line that puts money there begins
};
inline constexpr PurseWords kPurseWords[] = {
    {"gift", "gift-card", "Gift card", "Gift card"},
    {"account", "account", "On account", "Payment on account"},
    {"credit", "credit", "Store credit", "Store credit"}};

// Which ledger the tender of a kind is paid from; empty: from none.
inline std::string_view ledger_of_tender(std::string_view kind) {
  for (const PurseWords& each : kPurseWords) {
    if (each.tender == kind) return each.ledger;
  }
  return {};
}

// The SKU of a line that puts money there: "gift:GC-1". No item of a shop has such a one.
inline bool is_purse_sku(std::string_view sku) {
  return std::any_of(std::begin(kPurseWords), std::end(kPurseWords), [&](const PurseWords& each) {
    return sku.starts_with(each.ledger) && sku.substr(each.ledger.size()).starts_with(':');
  });
}

// Whether a tender is none of cash: out of a purse, or a card.
inline bool is_no_cash(std::string_view kind) {
  return kind == "card" || !ledger_of_tender(kind).empty();
}

// How a receipt calls such a tender.
inline bool is_purse_label(std::string_view left) {
  return left == "Card" || std::any_of(std::begin(kPurseWords), std::end(kPurseWords),
                                       [&](const PurseWords& each) { return each.paper == left; });
}

// How the line that puts money there is called.
inline std::string_view line_of_purse(std::string_view ledger) {
  for (const PurseWords& each : kPurseWords) {
    if (each.ledger == ledger) return each.line;
  }
  return {};
}

// So much more or less there, because of a sale.
struct PurseMove {
  std::string ledger;
  std::string key;
  std::int64_t amount = 0;
};

}  // namespace tillrig::oracle
