#include "sim/oracle/amount.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/receipt_text.hpp"
#include "sim/oracle/wire_batch.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace tillrig::oracle {
namespace {

TEST(Amount, IsReadWithExactlyTheCurrencysPlaces) {
  EXPECT_EQ(read_amount("12.34", 2), 1234);
  EXPECT_EQ(read_amount("-0.05", 2), -5);
  EXPECT_EQ(read_amount("1250", 0), 1250);
  EXPECT_EQ(read_amount("1.250", 3), 1250);
  EXPECT_EQ(read_amount("92233720368547758.07", 2), INT64_MAX);
  for (const char* bad : {"", "-", ".50", "1.5", "1.500", "12,34", "1e2.00", "12.3a", " 1.00",
                          "92233720368547758.08"}) {
    EXPECT_FALSE(read_amount(bad, 2)) << bad;
  }
}

TEST(Amount, IsWrittenAsItIsRead) {
  EXPECT_EQ(amount_text(-5, 2), "-0.05");
  EXPECT_EQ(amount_text(1250, 0), "1250");
  EXPECT_EQ(amount_text(INT64_MIN, 3), "-9223372036854775.808");
}

TEST(Names, AreReadWithDashesInTheTill) {
  const auto id = read_id("till-1.3.42");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->till, "till-1");
  EXPECT_EQ(id->epoch, 3U);
  EXPECT_EQ(id->seq, 42U);
  for (const char* bad : {"", "till", "till.1", ".1.2", "t.x.1", "t.1.", "t.1.2 "}) {
    EXPECT_FALSE(read_id(bad)) << bad;
  }
  EXPECT_EQ(read_number("3-0000042")->number, 42U);
  EXPECT_FALSE(read_number("0000042"));
}

constexpr const char* kPaper =
    "            CORNER SHOP\n"
    "\n"
    "Receipt 3-0000042\n"
    "Sale till-1.3.42\n"
    "Day 2026-03-02\n"
    "\n"
    "  2 x Milk                            2.40\n"
    "  0.25 x Cheese, 30 x 40 cm           9.94\n"
    "    discount inside                  -0.50\n"
    "\n"
    "TOTAL                                12.34\n"
    "Tax inside                            1.12\n"
    "Cash                                 10.00\n"
    "voucher                              10.00\n"
    "Change                                7.66\n"
    "\n"
    "   Offline receipt: not yet sent 1.00\n";

TEST(ReceiptText, IsReadLineByLine) {
  const auto read = read_receipt(kPaper, {});
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->copy);
  EXPECT_EQ(read->number, "3-0000042");
  EXPECT_EQ(read->kind, "sale");
  EXPECT_EQ(read->sale, "till-1.3.42");
  EXPECT_EQ(read->total, 1234);
  EXPECT_EQ(read->items.size(), 2U);
  EXPECT_EQ(read->lines_total(), 1234);
  EXPECT_EQ(read->payments, 2U);
  EXPECT_EQ(read->paid(), 1234);
  EXPECT_EQ(read->change, 766);
}

// The shop's own words below the payments are no money, whether anything was paid or not.
TEST(ReceiptText, IsOverWithTheBlankLineBelowThePayments) {
  const auto read = read_receipt(
      "DUPLICATE\nReceipt 3-0000042\nSale till-1.3.42\nDay 2026-03-02\n\n  1 x Coffee 0.00 A\n\n"
      "TOTAL 0.00\nTax A VAT 19 % 0.00\n\nDeposit per bottle 0.25\nCard payments from 10.00\n",
      {.exponent = 2, .copy_mark = "DUPLICATE"});
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->copy);
  EXPECT_EQ(read->payments, 0U);
  EXPECT_EQ(read->paid(), 0);
  ASSERT_EQ(read->items.size(), 1U);
  EXPECT_EQ(read->items[0].tax, "A");
}

TEST(ReceiptText, TaxOnTopAndRoundingAreTold) {
  const auto read = read_receipt(
      "Receipt 1-0000001\nSale till-1.1.2\n\n  0.337 x Apples  1.28 R\n    discount inside -0.10\n"
      "  1 x A long name that goes on   2.00 N\n    and on\n\nSubtotal 3.28\nTax N VAT 8.1 % 0.16\n"
      "Tax R VAT 2.6 % 0.03\nTOTAL 3.47\nRounding -0.02\nCash 5.00\nChange 1.55\n",
      {});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->items.size(), 2U);
  EXPECT_EQ(read->items[0].quantity, 337);
  EXPECT_EQ(read->items[0].discount, -10);
  EXPECT_EQ(read->lines_total(), 347);
  EXPECT_EQ(read->taxes.at("N"), 16);
  EXPECT_EQ(read->rounding, -2);
  EXPECT_EQ(read->paid(), 345);
}

TEST(ReceiptText, OfARefundNamesItsSale) {
  const auto read = read_receipt(
      "COPY\nReceipt 3-0000043\nRefund till-1.3.43\nof till-1.3.42\n -2 x Milk -240\nTOTAL   -240\n"
      "Cash -240",
      {.exponent = 0, .copy_mark = "COPY"});
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->copy);
  EXPECT_EQ(read->kind, "refund");
  EXPECT_EQ(read->of, "till-1.3.42");
  EXPECT_EQ(read->total, -240);
  EXPECT_EQ(read->lines_total(), -240);
  EXPECT_EQ(read->paid(), -240);
}

TEST(ReceiptText, CountsFromItsLastBeginningWhenItWasTornOff) {
  const std::string torn = std::string(kPaper).substr(0, 150);
  const auto read = read_receipt(torn + "\n" + kPaper, {});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->lines_total(), 1234);
  EXPECT_FALSE(read_receipt("Paper of another machine\nTOTAL 1.00\n", {}));
}

TEST(WireBatch, IsReadWithoutItsBodies) {
  const auto batch = read_sent(
      R"( {"till":"t","epoch":3,"generation":7,"batch":2,"items":[{"seq":42,"uuid":"t.3.42",
      "kind":"sale","aggregate":"t.3.42","hash":"ab","body":{"a":["\"}]",-1.5e3,null,{}]}}]} )");
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->generation, 7U);
  ASSERT_EQ(batch->items.size(), 1U);
  EXPECT_EQ(batch->items[0].seq, 42U);
  EXPECT_EQ(batch->items[0].id, "t.3.42");
  EXPECT_EQ(batch->items[0].hash, "ab");
}

TEST(WireBatch, IsNoneWhenCutAnywhere) {
  const std::string answer =
      R"({"results":[{"uuid":"t.3.42","status":"applied","code":"","v":9,"hash":"ab"}],)"
      R"("window":4})";
  ASSERT_TRUE(read_answers(answer));
  EXPECT_TRUE(read_answers(answer)->front().proves());
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_FALSE(read_answers(answer.substr(0, size))) << size;
  }
  EXPECT_FALSE(read_answers("<html>log in</html>"));
  EXPECT_FALSE(read_answers(answer + "}"));
  EXPECT_EQ(read_generation(R"({"token":"x","generation":5})"), 5U);
}

}  // namespace
}  // namespace tillrig::oracle
