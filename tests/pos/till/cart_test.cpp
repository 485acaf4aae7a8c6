#include "pos/till/cart.hpp"

#include "pos/till/refund.hpp"
#include "pos/wire/api.hpp"
#include "tests/pos/till/items.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tillrig::till {
namespace {

using base::Code;

void add(Cart& cart, const Item& what) {
  const auto added = cart.add(what, what.price);
  ASSERT_TRUE(added) << added.error().what;
}

Code refusal(const Result<void>& done) {
  return done ? Code::internal : done.error().code;
}

Money sum_of_totals(const Cart& cart) {
  Money sum;
  for (const auto& line : cart.lines()) sum += line.total;
  return sum;
}

TEST(Cart, ScanningTheSameItemRaisesTheQuantity) {
  Cart cart;
  for (int i = 0; i < 3; ++i) add(cart, item("milk", 129, 700));
  ASSERT_EQ(cart.size(), 1U);
  EXPECT_EQ(cart.lines()[0].quantity.thousandths, 3000);
  EXPECT_EQ(cart.total(), Money{387});
  EXPECT_EQ(cart.lines()[0].tax, Money{25});  // 387 x 7 / 107 = 25.3
}

TEST(Cart, AnotherItemOrPriceOrADiscountBeginsANewLine) {
  Cart cart;
  add(cart, item("milk", 129));
  add(cart, item("bread", 250));
  add(cart, item("milk", 129));
  EXPECT_EQ(cart.size(), 3U);
  add(cart, item("milk", 99));
  EXPECT_EQ(cart.size(), 4U);
  ASSERT_TRUE(cart.discount_amount(4, Money{10}));
  add(cart, item("milk", 99));
  EXPECT_EQ(cart.size(), 5U);
  EXPECT_EQ(cart.total(), Money{129 + 250 + 129 + 89 + 99});
}

TEST(Cart, AQuantityIsAtLeastAThousandthAndAtMost9999) {
  Cart cart;
  add(cart, item("apples", 299));
  EXPECT_EQ(refusal(cart.set_quantity(1, {0})), Code::bad_input);
  EXPECT_EQ(refusal(cart.set_quantity(1, {-1000})), Code::bad_input);
  EXPECT_EQ(refusal(cart.set_quantity(1, {9'999'001})), Code::bad_input);
  EXPECT_EQ(refusal(cart.set_quantity(2, {1000})), Code::not_found);
  EXPECT_EQ(refusal(cart.set_quantity(0, {1000})), Code::not_found);
  EXPECT_EQ(cart.total(), Money{299});
  ASSERT_TRUE(cart.set_quantity(1, {9'999'000}));
  EXPECT_EQ(cart.total(), Money{299 * 9999});
  ASSERT_TRUE(cart.set_quantity(1, {250}));
  EXPECT_EQ(cart.total(), Money{75});  // 74.75, half away from zero
}

TEST(Cart, AVoidedLineIsGoneAndTheOthersMoveUp) {
  Cart cart;
  add(cart, item("milk", 129));
  add(cart, item("bread", 250));
  ASSERT_TRUE(cart.void_line(1));
  ASSERT_EQ(cart.size(), 1U);
  EXPECT_EQ(cart.lines()[0].sku, "bread");
  ASSERT_TRUE(cart.set_quantity(1, {2000}));
  EXPECT_EQ(cart.total(), Money{500});
  EXPECT_EQ(refusal(cart.void_line(2)), Code::not_found);
  ASSERT_TRUE(cart.void_line(1));
  EXPECT_TRUE(cart.empty());
}

TEST(Cart, ALineIsDiscountedByRateOrAmount) {
  Cart cart;
  add(cart, item("wine", 999));
  ASSERT_TRUE(cart.discount_rate(1, Rate{1000}));
  EXPECT_EQ(cart.total(), Money{899});  // 99.9 is 100 off
  ASSERT_TRUE(cart.discount_amount(1, Money{999}));
  EXPECT_EQ(cart.total(), Money{0});
  EXPECT_EQ(refusal(cart.discount_amount(1, Money{1000})), Code::bad_input);
  EXPECT_EQ(refusal(cart.discount_amount(1, Money{-1})), Code::bad_input);
  EXPECT_EQ(refusal(cart.discount_rate(1, Rate{10'001})), Code::bad_input);
  EXPECT_EQ(refusal(cart.discount_rate(1, Rate{-1})), Code::bad_input);
  EXPECT_EQ(refusal(cart.discount_amount(2, Money{1})), Code::not_found);
  ASSERT_TRUE(cart.discount_amount(1, Money{0}));
  EXPECT_EQ(cart.total(), Money{999});
}

TEST(Cart, APercentageStaysOneWhenTheQuantityChanges) {
  Cart cart;
  add(cart, item("coffee", 649));
  ASSERT_TRUE(cart.discount_rate(1, Rate{1000}));
  ASSERT_TRUE(cart.set_quantity(1, {3000}));
  EXPECT_EQ(cart.lines()[0].discount, Money{195});  // 10 % of 19.47
  EXPECT_EQ(cart.total(), Money{1752});
  ASSERT_TRUE(cart.set_quantity(1, {1000}));
  EXPECT_EQ(cart.lines()[0].discount, Money{65});
}

TEST(Cart, ALineWithARateIsNotJoinedEvenWhenTheRateIsWorthNothingYet) {
  Cart cart;
  add(cart, item("match", 1));
  ASSERT_TRUE(cart.discount_rate(1, Rate{1000}));
  EXPECT_EQ(cart.lines()[0].discount, Money{0});
  add(cart, item("match", 1));
  EXPECT_EQ(cart.size(), 2U);
}

TEST(Cart, AnAmountTakesTheRatesPlaceAndTheCartsShareComesOnTop) {
  Cart cart;
  add(cart, item("coffee", 649));
  ASSERT_TRUE(cart.discount_rate(1, Rate{1000}));
  ASSERT_TRUE(cart.discount_amount(0, Money{84}));
  EXPECT_EQ(cart.total(), Money{500});
  ASSERT_TRUE(cart.set_quantity(1, {2000}));
  EXPECT_EQ(cart.total(), Money{1298 - 130 - 84});
  ASSERT_TRUE(cart.discount_amount(1, Money{10}));
  ASSERT_TRUE(cart.set_quantity(1, {3000}));
  EXPECT_EQ(cart.total(), Money{1947 - 10 - 84});
  ASSERT_TRUE(cart.discount_rate(1, Rate{0}));
  EXPECT_EQ(cart.total(), Money{1947 - 84});
  ASSERT_TRUE(cart.discount_rate(0, Rate{0}));
  EXPECT_EQ(cart.total(), Money{1947});
}

// Half off all stays half off all, whatever the customer adds and leaves.
TEST(Cart, APercentageOfTheSaleStaysOneWhenTheCartChanges) {
  Cart cart;
  add(cart, item("ten", 1000));
  ASSERT_TRUE(cart.discount_rate(0, Rate{5000}));
  EXPECT_EQ(cart.total(), Money{500});
  ASSERT_TRUE(cart.set_quantity(1, {2000}));
  EXPECT_EQ(cart.total(), Money{1000});
  add(cart, item("five", 500));
  EXPECT_EQ(cart.total(), Money{1250});
  ASSERT_TRUE(cart.void_line(1));
  EXPECT_EQ(cart.total(), Money{250});
}

TEST(Cart, TaxIsTakenOfAllGoodsOfARateAndSpreadOverTheirLines) {
  Cart cart;
  for (int i = 0; i < 3; ++i) add(cart, item("sku-" + std::to_string(i), 33, 1900));
  ASSERT_TRUE(cart.tender_cash(Money{100}));
  const auto sold = cart.document("EUR", "2026-03-02");
  ASSERT_TRUE(sold);
  EXPECT_EQ(sold->tax, Money{16});  // of 0.99; 0.05 a line would be 0.15
}

TEST(Cart, TaxOnTopIsAddedToThePrices) {
  Cart cart(PriceRules{true, {}});
  add(cart, item("milk", 100, 2000));
  EXPECT_EQ(cart.total(), Money{120});
  EXPECT_EQ(cart.due(), Money{120});
  ASSERT_TRUE(cart.tender_cash(Money{120}));
  const auto sold = cart.document("EUR", "2026-03-02");
  ASSERT_TRUE(sold) << sold.error().what;
  EXPECT_TRUE(sold->on_top);
  EXPECT_EQ(sold->lines[0].total, Money{100});
}

TEST(Cart, CashIsRoundedToTheSmallestCoin) {
  for (const auto& [price, due] : std::vector<std::pair<int, int>>{
           {1002, 1000}, {1003, 1005}, {1007, 1005}, {1008, 1010}, {2, 0}, {3, 5}}) {
    Cart cart(PriceRules{false, Money{5}});
    add(cart, item("thing", price));
    EXPECT_EQ(cart.total(), Money{price});
    EXPECT_EQ(cart.due(), Money{due}) << price;
    if (due > 0) {
      ASSERT_TRUE(cart.tender_cash(Money{due}));
    }
    const auto sold = cart.document("CHF", "2026-03-02");
    ASSERT_TRUE(sold) << sold.error().what;
    EXPECT_EQ(sold->rounding, Money{due - price});
  }
}

TEST(Cart, AFreeItemIsSoldWithoutATender) {
  Cart cart;
  add(cart, item("coffee", 0));
  EXPECT_TRUE(cart.document("EUR", "2026-03-02"));
}

TEST(Cart, AVoidedLineTakesItsRateWithIt) {
  Cart cart;
  add(cart, item("coffee", 649));
  add(cart, item("milk", 129));
  ASSERT_TRUE(cart.discount_rate(1, Rate{5000}));
  ASSERT_TRUE(cart.void_line(1));
  ASSERT_TRUE(cart.set_quantity(1, {2000}));
  EXPECT_EQ(cart.total(), Money{258});
}

TEST(Cart, AWholeCartsDiscountIsSpreadToTheCentAndNeverBelowZero) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    Cart cart;
    const std::size_t lines = 1 + random() % 12;
    for (std::size_t i = 0; i < lines; ++i) {
      add(cart, item("sku-" + std::to_string(i), static_cast<std::int64_t>(random() % 3000)));
    }
    const Money before = cart.total();
    const auto cut =
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(before.minor + 1));
    ASSERT_TRUE(cart.discount_amount(0, Money{cut}));
    EXPECT_EQ(cart.total(), before - Money{cut});
    EXPECT_EQ(cart.total(), sum_of_totals(cart));
    for (const auto& line : cart.lines()) {
      EXPECT_GE(line.total, Money{0});
      EXPECT_LE(line.tax, line.total);
    }
  }
}

TEST(Cart, AWholeCartsRateIsOfWhatIsLeftToPay) {
  Cart cart;
  add(cart, item("a", 333));
  add(cart, item("b", 333));
  add(cart, item("c", 334));
  ASSERT_TRUE(cart.discount_rate(0, Rate{1000}));
  EXPECT_EQ(cart.total(), Money{900});
  EXPECT_EQ(refusal(cart.discount_amount(0, Money{1001})), Code::bad_input);
  EXPECT_EQ(cart.total(), Money{900});
  Cart empty;
  EXPECT_EQ(refusal(empty.discount_rate(0, Rate{1000})), Code::not_found);
}

TEST(Cart, CashGivesChangeAndIsCountedOnce) {
  Cart cart;
  EXPECT_EQ(refusal(cart.tender_cash(Money{100})), Code::not_allowed);
  add(cart, item("milk", 1250));
  EXPECT_EQ(refusal(cart.tender_cash(Money{0})), Code::bad_input);
  EXPECT_EQ(refusal(cart.tender_cash(Money{-5})), Code::bad_input);
  ASSERT_TRUE(cart.tender_cash(Money{500}));
  EXPECT_EQ(cart.due(), Money{750});
  EXPECT_EQ(cart.change(), Money{0});
  ASSERT_TRUE(cart.tender_cash(Money{1000}));
  EXPECT_EQ(cart.due(), Money{0});
  EXPECT_EQ(cart.change(), Money{250});
  EXPECT_EQ(cart.paid(), Money{1250});
  EXPECT_EQ(refusal(cart.tender_cash(Money{1})), Code::not_allowed);
}

TEST(Cart, CashBeyondWhatTheWireCarriesIsAMistype) {
  Cart cart;
  add(cart, item("milk", 129));
  EXPECT_EQ(refusal(cart.tender_cash(Money{INT64_MAX})), Code::bad_input);
  EXPECT_EQ(cart.paid(), Money{0});
}

TEST(Cart, NothingChangesOnceAPaymentIsIn) {
  Cart cart;
  add(cart, item("milk", 129));
  ASSERT_TRUE(cart.tender_cash(Money{100}));
  EXPECT_EQ(refusal(cart.add(item("bread", 250), Money{250})), Code::not_allowed);
  EXPECT_EQ(refusal(cart.set_quantity(1, {2000})), Code::not_allowed);
  EXPECT_EQ(refusal(cart.void_line(1)), Code::not_allowed);
  EXPECT_EQ(refusal(cart.discount_rate(0, Rate{100})), Code::not_allowed);
  EXPECT_EQ(refusal(cart.discount_amount(1, Money{1})), Code::not_allowed);
  EXPECT_EQ(cart.total(), Money{129});
}

TEST(Cart, APriceFromTheScaleIsALineOfItsOwnWithAFixedQuantity) {
  Cart cart;
  const Item cheese = weighed("cheese", "12345");
  ASSERT_TRUE(cart.add(cheese, Money{523}));
  ASSERT_TRUE(cart.add(cheese, Money{523}));
  EXPECT_EQ(cart.size(), 2U);
  EXPECT_EQ(cart.total(), Money{1046});
  EXPECT_EQ(refusal(cart.set_quantity(1, {2000})), Code::not_allowed);
  add(cart, item("milk", 129));
  ASSERT_TRUE(cart.void_line(1));
  EXPECT_EQ(refusal(cart.set_quantity(1, {2000})), Code::not_allowed);
  EXPECT_TRUE(cart.set_quantity(2, {2000}));
}

TEST(Cart, ARefusedChangeLeavesTheLineAsItWas) {
  Cart cart;
  const Item palace = item("palace", 50'000'000'000);
  add(cart, palace);
  EXPECT_EQ(refusal(cart.set_quantity(1, {9'999'000})), Code::too_large);
  EXPECT_EQ(cart.lines()[0].quantity.thousandths, 1000);
  EXPECT_EQ(cart.total(), palace.price);
  const Item dear = item("dear", INT64_MAX / 2 + 1);
  Cart other;
  EXPECT_EQ(refusal(other.add(dear, dear.price)), Code::too_large);
  EXPECT_TRUE(other.empty());
}

TEST(Cart, TheDocumentIsWhatWasPaid) {
  Cart cart;
  EXPECT_EQ(cart.document("EUR", "2026-03-02").error().code, Code::not_allowed);
  add(cart, item("milk", 129, 700));
  add(cart, item("wine", 999));
  ASSERT_TRUE(cart.set_quantity(1, {3000}));
  ASSERT_TRUE(cart.discount_rate(0, Rate{500}));
  EXPECT_EQ(cart.document("EUR", "2026-03-02").error().code, Code::not_allowed);
  ASSERT_TRUE(cart.tender_cash(Money{2000}));
  const auto document = cart.document("EUR", "2026-03-02");
  ASSERT_TRUE(document) << document.error().what;
  EXPECT_EQ(document->total, cart.total());
  EXPECT_EQ(document->lines, cart.lines());
  EXPECT_EQ(document->payments[0].given - document->payments[0].change, document->total);
  EXPECT_TRUE(wire::check_document(*document, wire::EventKind::sale));
  cart.clear();
  EXPECT_TRUE(cart.empty());
  EXPECT_EQ(cart.paid(), Money{0});
}

TEST(Cart, ASaleForNothingNeedsNoPayment) {
  Cart cart;
  add(cart, item("sample", 0));
  EXPECT_TRUE(cart.document("EUR", "2026-03-02"));
}

// What the upload of this event alone would be.
base::Bytes body_of(const wire::Event& event) {
  wire::UpBatch batch;
  batch.till = event.id.till;
  batch.epoch = event.id.epoch;
  batch.items.push_back({event, wire::payload_hash(event)});
  return wire::write_json(batch);
}

void expect_can_be_uploaded(const wire::Event& event) {
  const base::Bytes body = body_of(event);
  EXPECT_LE(body.size(), wire::kBodyLimit);
  const auto batch = wire::read_batch(body);
  ASSERT_TRUE(batch) << batch.error().what;
  ASSERT_EQ(batch->items.size(), 1U);
  const auto& read = batch->items[0].item;
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(wire::payload_hash(read->event), wire::payload_hash(event));
}

// Fills a cart with lines as long as they may be, of this letter, until it takes no more.
void sell_until_refused(Cart& cart, const std::string& letter) {
  constexpr std::size_t kFarTooMany = 12'000;
  std::size_t longest = wire::kTextBytes;
  for (std::size_t i = 0; i < kFarTooMany; ++i) {
    for (;; --longest) {
      Item any = item(std::to_string(i), 9'999'999'999);
      while (any.sku.size() + letter.size() <= longest) any.sku += letter;
      any.name = any.sku;
      const auto added = cart.add(any, any.price);
      if (added) break;
      EXPECT_EQ(added.error().code, Code::too_large) << added.error().what;
      if (!cart.empty()) return;
      ASSERT_GT(longest, 64U) << added.error().what;
    }
  }
}

TEST(Cart, WhateverCanBeSoldCanBeUploadedAndSoCanItsRefund) {
  for (const std::string letter : {"x", "\u00fc", "\"", "\x01"}) {
    Cart cart;
    sell_until_refused(cart, letter);
    ASSERT_FALSE(cart.empty());
    Money given{1};
    for (int i = 0; i < 12'000 && cart.due() > given; ++i) {
      if (!cart.tender_cash(given)) break;
    }
    ASSERT_TRUE(cart.tender_cash(cart.due() + Money{1'000'000}));
    auto document = cart.document("EUR", "2026-03-02");
    ASSERT_TRUE(document) << document.error().what;
    wire::Event sale = sale_of(std::move(*document));
    sale.id = {std::string(32, 't'), wire::kMostEpoch, INT64_MAX};
    sale.aggregate = sale.id.text();
    sale.hlc = {1'000'000'000'000'000, UINT32_MAX};
    expect_can_be_uploaded(sale);
    auto back = refund_of(sale, {}, {}, {"2026-03-02", {}, {}});
    ASSERT_TRUE(back);
    wire::Event refund = sale;
    refund.kind = wire::EventKind::refund;
    back->number = INT64_MAX;
    refund.body = std::move(*back);
    expect_can_be_uploaded(refund);
  }
}

TEST(Cart, AThousandLinesAreTakenAndTheNextIsRefused) {
  Cart cart;
  for (std::size_t i = 0; i < wire::kDocumentLines; ++i) add(cart, item(std::to_string(i), 100));
  const Item one = item("one more", 100);
  const auto refused = cart.add(one, one.price);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::too_large);
  EXPECT_NE(refused.error().what.find("1000 lines"), std::string::npos) << refused.error().what;
  const Item last = item(std::to_string(wire::kDocumentLines - 1), 100);
  EXPECT_TRUE(cart.add(last, last.price)) << "another piece of the last line needs no line";
}

TEST(Cart, ANameThatTheCloudWouldNotReadIsRefusedAtTheTill) {
  Cart cart;
  Item any = item("milk", 100);
  any.name = std::string(wire::kTextBytes + 1, 'x');
  EXPECT_EQ(refusal(cart.add(any, any.price)), Code::too_large);
  any.name.pop_back();
  EXPECT_TRUE(cart.add(any, any.price));
  any.sku = std::string(wire::kTextBytes + 1, 'x');
  EXPECT_EQ(refusal(cart.add(any, any.price)), Code::too_large);
}

TEST(Cart, TheLastPaymentThatThereIsRoomForPaysTheRest) {
  Cart cart;
  add(cart, item("wine", 100'000));
  for (std::size_t i = 1; i < wire::kDocumentPayments; ++i) ASSERT_TRUE(cart.tender_cash(Money{1}));
  const auto refused = cart.tender_cash(Money{1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::too_large);
  EXPECT_TRUE(cart.tender_cash(cart.due()));
  EXPECT_TRUE(cart.document("EUR", "2026-03-02"));
}

TEST(Cart, ARewardIsOffAllLinesAfterTheDiscountsAndGoesWithoutATrace) {
  Cart cart;
  ASSERT_TRUE(cart.add(item("milk", 129, 700), Money{129}));
  ASSERT_TRUE(cart.add(item("wine", 999), Money{999}));
  ASSERT_TRUE(cart.discount_rate(0, Rate{1000}));
  const Money before = cart.total();
  const Money tax = cart.tax();
  EXPECT_EQ(cart.take_reward(Money{2000}).error().code, base::Code::bad_input);
  ASSERT_TRUE(cart.take_reward(Money{500}));
  EXPECT_EQ(cart.total(), before - Money{500});
  EXPECT_LT(cart.tax(), tax);
  cart.tail().set(wire::kHold, "h1");
  ASSERT_TRUE(cart.tender_cash(Money{100}));
  EXPECT_EQ(cart.take_reward(Money{100}).error().code, base::Code::not_allowed);
  cart.drop_reward();
  EXPECT_EQ(cart.total(), before);
  EXPECT_EQ(cart.tax(), tax);
  EXPECT_EQ(cart.due(), before - Money{100}) << "the payment stays";
  EXPECT_FALSE(cart.tail().get(wire::kHold));
}

}  // namespace
}  // namespace tillrig::till
