#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/money.hpp"
#include "pos/base/mutant.hpp"
#include "pos/wire/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::till {

inline constexpr std::size_t kPaperColumns = 42;  // font A on 80 mm paper

// A rate of tax as the shop's receipts call it.
struct TaxName {
  std::string code;  // beside a line: "A"
  std::string name;  // "VAT 19 %"
  base::Rate rate;
};

// The shop's own words on a receipt.
struct ShopText {
  std::vector<std::string> header;  // name and address, first line large
  std::vector<std::string> footer;
  std::vector<TaxName> taxes;  // in the order in which they are printed
  std::string copy_mark = "COPY";
  std::size_t columns = kPaperColumns;  // 24 at least
};

// A receipt before it is bytes: what stands on it, line by line.
struct ReceiptLine {
  enum class Style { plain, bold, title, centred };
  Style style = Style::plain;
  std::string left;
  std::string right;  // right-aligned; empty for none
};

struct Receipt {
  std::string of;  // the document's id
  std::vector<ReceiptLine> lines;
  std::size_t columns = kPaperColumns;
  bool open_drawer = false;
  bool copy = false;
};

// The receipt of a committed document. `offline` adds the mark that an offline receipt carries
// . The lines an auditor reads back: the copy mark, "Receipt 3-0000042", "Sale till-1.3.42"
// (or "Refund ..." and "of ..."), "  qty x name  total A" an item with its tax's code, "Tax A name
// amount" a rate, "TOTAL 12.34", "Rounding", one line a payment, "Change 1.23". Where tax is on
// top, "Subtotal" and the taxes stand before TOTAL, else the taxes after it. Texts are wrapped at
// words.
// `points`: how many the customer has with this document; nothing: it is not known, and no points
// are printed at all.
Receipt compose(const wire::Event& event, const ShopText& shop, bool offline, bool copy,
                const base::Mutants& mutants = {}, std::optional<std::int64_t> points = {});

// The same as bytes for an ESC/POS printer, with cut and, if asked, the drawer's kick; without
// lines the kick alone.
base::Bytes to_escpos(const Receipt& receipt);

}  // namespace tillrig::till
