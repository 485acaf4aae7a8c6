#include "pos/till/receipt.hpp"

#include "pos/till/refund.hpp"
#include "tests/pos/till/items.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tillrig::till {
namespace {

wire::Event sale_with(std::vector<Item> items, std::int64_t given = 100'000) {
  Cart cart;
  for (const Item& each : items) EXPECT_TRUE(cart.add(each, each.price));
  EXPECT_TRUE(cart.tender_cash(Money{given}));
  return sale_of(*cart.document("EUR", "2026-03-02"));
}

// What a printer in code page 858 puts on paper, line by line: each byte is a column.
std::vector<std::string> paper_of(const Receipt& receipt) {
  std::vector<std::string> lines(1);
  const base::Bytes bytes = to_escpos(receipt);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '\x1b') {
      const char what = bytes[i + 1];
      i += what == '@' ? 1 : what == 'p' ? 4 : 2;
    } else if (c == '\x1d') {
      i += bytes[i + 1] == 'V' ? 3 : 2;
    } else if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

bool has_line(const std::vector<std::string>& lines, std::string_view line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

std::string laid(std::string left, const std::string& right) {
  left.append(kPaperColumns - left.size() - right.size(), ' ');
  return left + right;
}

TEST(Receipt, HoldsTheLinesThatAnAuditorReads) {
  const auto paper = paper_of(
      compose(sale_with({item("milk", 129, 700), item("wine", 999)}, 1200), {}, false, false));
  EXPECT_TRUE(has_line(paper, "Receipt 3-0000042"));
  EXPECT_TRUE(has_line(paper, "Sale till-1.3.42"));
  EXPECT_TRUE(has_line(paper, "Day 2026-03-02"));
  EXPECT_TRUE(has_line(paper, laid("  1 x The milk", "1.29 B")));
  EXPECT_TRUE(has_line(paper, laid("TOTAL", "11.28")));
  EXPECT_TRUE(has_line(paper, laid("Cash", "12.00")));
  EXPECT_TRUE(has_line(paper, laid("Change", "0.72")));
}

TEST(Receipt, ADiscountIsShownInsideItsLine) {
  Cart cart;
  const Item wine = item("wine", 999);
  ASSERT_TRUE(cart.add(wine, wine.price));
  ASSERT_TRUE(cart.discount_amount(1, Money{100}));
  ASSERT_TRUE(cart.tender_cash(Money{899}));
  const auto paper =
      paper_of(compose(sale_of(*cart.document("EUR", "2026-03-02")), {}, false, false));
  EXPECT_TRUE(has_line(paper, laid("  1 x The wine", "8.99 A")));
  EXPECT_TRUE(has_line(paper, laid("    discount inside", "-1.00")));
  for (const auto& line : paper) EXPECT_EQ(line.find("Change"), std::string::npos);
}

TEST(Receipt, ARefundNamesItsSaleAndIsNegative) {
  const wire::Event sale = sale_with({item("milk", 129)});
  wire::Event refund = sale;
  refund.id.seq = 43;
  refund.kind = wire::EventKind::refund;
  refund.body = *refund_of(sale, {}, {}, {"2026-03-03", {}, {}});
  const auto paper = paper_of(compose(refund, {}, false, false));
  EXPECT_TRUE(has_line(paper, "Refund till-1.3.43"));
  EXPECT_TRUE(has_line(paper, "of till-1.3.42"));
  EXPECT_TRUE(has_line(paper, laid("  -1 x The milk", "-1.29 A")));
  EXPECT_TRUE(has_line(paper, laid("TOTAL", "-1.29")));
}

TEST(Receipt, OfflineAndCopyAreMarkedAndACopyLeavesTheDrawerShut) {
  const wire::Event sale = sale_with({item("milk", 129)});
  const auto offline = paper_of(compose(sale, {}, true, false));
  EXPECT_TRUE(has_line(offline, "Offline receipt: not yet sent to the cloud"));
  const Receipt online = compose(sale, {}, false, false);
  EXPECT_FALSE(has_line(paper_of(online), "Offline receipt: not yet sent to the cloud"));
  EXPECT_TRUE(online.open_drawer);
  const Receipt copy = compose(sale, {}, false, true);
  EXPECT_FALSE(copy.open_drawer);
  EXPECT_TRUE(has_line(paper_of(copy), "COPY"));
  EXPECT_EQ(to_escpos(copy).find("\x1bp"), std::string::npos);
  EXPECT_NE(to_escpos(online).find("\x1bp"), std::string::npos);
}

TEST(Receipt, AmountsHaveTheCurrencysDigits) {
  for (const auto& [code, total] : std::vector<std::pair<std::string, std::string>>{
           {"JPY", "1234"}, {"EUR", "12.34"}, {"KWD", "1.234"}}) {
    Cart cart;
    ASSERT_TRUE(cart.add(item("tea", 1234), Money{1234}));
    ASSERT_TRUE(cart.tender_cash(Money{1234}));
    const auto paper =
        paper_of(compose(sale_of(*cart.document(code, "2026-03-02")), {}, false, false));
    EXPECT_TRUE(has_line(paper, laid("TOTAL", total))) << code;
  }
}

TEST(Receipt, ALongNameIsWrappedAndTheAmountStandsInItsFirstLine) {
  Item cake = item("cake", 450);
  cake.name = "Chicken with barbecue sauce and French fries and a large salad";
  const auto paper = paper_of(compose(sale_with({cake}), {}, false, false));
  EXPECT_TRUE(has_line(paper, laid("  1 x Chicken with barbecue sauce", "4.50 A")));
  EXPECT_TRUE(has_line(paper, "    and French fries and a large salad"));
  cake.name.clear();
  for (int i = 0; i < 60; ++i) cake.name += "\u00fc";  // 2 bytes in UTF-8, 1 on paper
  const auto broken = paper_of(compose(sale_with({cake}), {}, false, false));
  EXPECT_TRUE(has_line(broken, "  1 x " + std::string(29, '\x81') + " 4.50 A"));
  EXPECT_TRUE(has_line(broken, "    " + std::string(31, '\x81')));
}

// "..." takes three columns, and a letter and its accent one.
TEST(Receipt, WhatWillBePrintedIsLaidOut) {
  Item tea = item("tea", 349);
  tea.name = "Earl Grey\u2026 finest leaves";
  Item creme = item("creme", 229);
  creme.name = "Cre\u0300me bru\u0302le\u0301e";
  const auto paper = paper_of(compose(sale_with({tea, creme}), {}, false, false));
  EXPECT_TRUE(has_line(paper, laid("  1 x Earl Grey... finest leaves", "3.49 A")));
  EXPECT_TRUE(has_line(paper, laid("  1 x Cr\x8ame br\x96l\x82"
                                   "e",
                                   "2.29 A")));
}

TEST(Receipt, ALineFeedInANameTearsNothing) {
  Item wrap = item("wrap", 200);
  wrap.name = "Gift wrap\nTOTAL 0.00";
  const auto paper = paper_of(compose(sale_with({wrap}), {}, false, false));
  EXPECT_TRUE(has_line(paper, laid("  1 x Gift wrap TOTAL 0.00", "2.00 A")));
}

TEST(Receipt, ShopTextsAreWrappedAndNeverCut) {
  ShopText shop;
  shop.header = {"B\u00e4ckerei M\u00fcller & S\u00f6hne GmbH",
                 "Steuernummer 12/345/67890 USt-IdNr. DE123456789"};
  const auto paper = paper_of(compose(sale_with({item("milk", 129)}), shop, false, false));
  EXPECT_TRUE(has_line(paper,
                       "B\x84"
                       "ckerei M\x81ller & S\x94hne GmbH"));
  EXPECT_TRUE(has_line(paper, "Steuernummer 12/345/67890 USt-IdNr."));
  EXPECT_TRUE(has_line(paper, "DE123456789"));
}

TEST(Receipt, TheTaxOfEachRateIsShown) {
  ShopText shop;
  shop.taxes = {{"A", "VAT 19 %", {1900}}, {"B", "VAT 7 %", {700}}, {"C", "no VAT", {0}}};
  const auto paper =
      paper_of(compose(sale_with({item("milk", 129, 700), item("wine", 999)}), shop, false, false));
  EXPECT_TRUE(has_line(paper, laid("  1 x The milk", "1.29 B")));
  EXPECT_TRUE(has_line(paper, laid("Tax A VAT 19 %", "1.60")));
  EXPECT_TRUE(has_line(paper, laid("Tax B VAT 7 %", "0.08")));
  for (const auto& line : paper) EXPECT_EQ(line.find("no VAT"), std::string::npos);
}

TEST(Receipt, TaxOnTopStandsBetweenSubtotalAndTotalAndRoundingAfterIt) {
  Cart cart(PriceRules{true, Money{5}});
  ASSERT_TRUE(cart.add(item("milk", 101, 2000), Money{101}));
  ASSERT_TRUE(cart.tender_cash(cart.due()));
  const auto sold = cart.document("CHF", "2026-03-02");
  ASSERT_TRUE(sold);
  const auto paper = paper_of(compose(sale_of(*sold), {}, false, false));
  EXPECT_TRUE(has_line(paper, laid("Subtotal", "1.01")));
  EXPECT_TRUE(has_line(paper, laid("Tax A 20 %", "0.20")));
  EXPECT_TRUE(has_line(paper, laid("TOTAL", "1.21")));
  EXPECT_TRUE(has_line(paper, laid("Rounding", "-0.01")));
  EXPECT_TRUE(has_line(paper, laid("Cash", "1.20")));
}

TEST(Receipt, NoLineIsWiderThanThePaper) {
  std::mt19937_64 random(5);
  const std::vector<std::string> pieces = {"a",      "Z",          " ", "\u00e9", "\u20ac",
                                           "\u4e2d", "\U0001f600", "1", "\t",     "\x1b"};
  const auto text = [&](std::size_t longest) {
    std::string out;
    const std::size_t length = random() % (longest + 1);
    for (std::size_t i = 0; i < length; ++i) out += pieces[random() % pieces.size()];
    return out;
  };
  for (int round = 0; round < 300; ++round) {
    Item any = item("any", static_cast<std::int64_t>(random() % 10'000'000'000));
    any.name = text(120);
    ShopText shop;
    for (int i = 0; i < 3; ++i) shop.header.push_back(text(90));
    for (int i = 0; i < 3; ++i) shop.footer.push_back(text(90));
    const Receipt receipt = compose(sale_with({any}, 100'000'000'000), shop, true, true);
    for (const std::string& line : paper_of(receipt)) {
      EXPECT_LE(line.size(), kPaperColumns) << line;
    }
  }
}

// Twice as wide, where that goes into one line.
TEST(Receipt, ALongTitleIsPrintedInNormalWidth) {
  ShopText shop;
  shop.header = {"The Corner Shop of the Three Sisters", "12 Long Street"};
  const Receipt receipt = compose(sale_with({item("milk", 129)}), shop, false, false);
  EXPECT_TRUE(has_line(paper_of(receipt), shop.header[0]));
  EXPECT_EQ(to_escpos(receipt).find("\x1d!"), std::string::npos);
  shop.header[0] = "The Corner Shop";
  const Receipt wide = compose(sale_with({item("milk", 129)}), shop, false, false);
  EXPECT_NE(to_escpos(wide).find("\x1d!"), std::string::npos);
}

}  // namespace
}  // namespace tillrig::till
