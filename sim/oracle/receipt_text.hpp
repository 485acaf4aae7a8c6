#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// What a person with a pencil gets out of a receipt. Amounts are minor units.
struct ReceiptText {
  bool copy = false;   // marked "COPY"
  std::string number;  // "3-0000042"
  std::string kind;    // "sale" or "refund"
  std::string sale;    // event id
  std::string of;      // a refund: the id of its sale
  std::optional<std::int64_t> total;
  std::int64_t lines_total = 0;
  std::uint64_t lines = 0;
  std::int64_t given = 0;  // sum of the payments as handed over
  std::int64_t change = 0;
  std::uint64_t payments = 0;

  [[nodiscard]] std::int64_t paid() const { return given - change; }
};

// Reads the plain text of one piece of paper: "Receipt 3-0000042", "Sale till-1.3.42" (or "Refund
// ..." and "of ..."), "  qty x name  total", "TOTAL 12.34", one line a payment, "Change 7.66".
// Amounts stand at the right, however far; with the currency's exponent. A paper on which a receipt
// was begun, torn off and printed again counts from its last "Receipt". Nothing if it is not a
// receipt.
std::optional<ReceiptText> read_receipt(std::string_view text, int exponent);

}  // namespace tillrig::oracle
