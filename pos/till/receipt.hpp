#pragma once

#include "pos/base/bytes.hpp"
#include "pos/wire/event.hpp"

#include <string>
#include <vector>

namespace tillrig::till {

// The shop's own words on a receipt.
struct ShopText {
  std::vector<std::string> header;  // name and address, first line large
  std::vector<std::string> footer;
};

// A receipt before it is bytes: what stands on it, line by line.
struct ReceiptLine {
  enum class Style { plain, bold, title, centred };
  Style style = Style::plain;
  std::string left;
  std::string right;  // right-aligned; empty for none
};

struct Receipt {
  std::vector<ReceiptLine> lines;
  bool open_drawer = false;
};

inline constexpr std::size_t kPaperColumns = 42;  // font A on 80 mm paper

// The receipt of a committed document. `offline` adds the mark that an offline receipt carries
// (X-12). The machine-readable lines an auditor reads back: "Receipt 3-0000042", "Sale
// till-1.3.42", "TOTAL 12.34", one line "  qty x name  total" an item, one line a payment,
// "Change 1.23".
Receipt compose(const wire::Event& event, const ShopText& shop, bool offline, bool copy);

// The same as bytes for an ESC/POS printer, with cut and, if asked, the drawer's kick.
base::Bytes to_escpos(const Receipt& receipt);

}  // namespace tillrig::till
