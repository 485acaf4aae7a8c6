#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// What a person with a pencil gets out of a receipt. Amounts are minor units, quantities
// thousandths.
struct ReceiptText {
  struct Item {
    std::int64_t quantity = 0;
    std::string name;  // lines of paper are joined with a blank
    std::int64_t total = 0;
    std::string tax;            // the code beside the amount; empty for none
    std::int64_t discount = 0;  // "discount inside": below zero on a sale
  };

  bool copy = false;     // marked as one
  bool offline = false;  // marked as not yet sent to the cloud
  std::string number;    // "3-0000042"
  std::string kind;      // "sale" or "refund"
  std::string sale;      // event id
  std::string of;        // a refund: the id of its sale
  std::string day;       // the business day, as it stands there
  std::vector<Item> items;
  std::optional<std::int64_t> subtotal;
  std::map<std::string, std::int64_t> taxes;  // by code, as far as they are shown
  std::map<std::string, std::string> tax_names;
  std::optional<std::int64_t> total;
  std::int64_t rounding = 0;
  std::int64_t given = 0;  // sum of the payments in cash as handed over
  std::int64_t change = 0;
  std::int64_t from_purse = 0;  // by other tenders than cash
  std::uint64_t payments = 0;

  [[nodiscard]] std::int64_t paid() const { return given - change + from_purse; }
  // What the lines come to, with the tax that is printed before the total.
  [[nodiscard]] std::int64_t lines_total() const;
};

struct ReceiptForm {
  int exponent = 2;
  std::string copy_mark = "COPY";
};

// Reads the plain text of one piece of paper: "Receipt 3-0000042", "Sale till-1.3.42" (or "Refund
// ..." and "of ..."), "Day 2026-03-02", "  qty x name  total A", "Tax A name  amount", "Subtotal",
// "TOTAL 12.34", "Rounding", one line a payment, "Change 7.66", a blank line; what stands below
// that is the shop's own. Amounts stand at the right, however far, an item's tax code after them. A
// paper on which a receipt was begun, torn off and printed again counts from its last "Receipt".
// Nothing if it is not a receipt.
std::optional<ReceiptText> read_receipt(std::string_view text, const ReceiptForm& form);

}  // namespace tillrig::oracle
