#include "pos/till/refund.hpp"

#include "pos/till/cart.hpp"
#include "tests/pos/till/items.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tillrig::till {
namespace {

using base::Code;

const RefundTerms kTerms{"2026-03-03", {}, {}};

wire::Event paid(Cart cart) {
  if (cart.due() > Money{}) {
    EXPECT_TRUE(cart.tender_cash(cart.due()));
  }
  return sale_of(*cart.document("EUR", "2026-03-02"));
}

// Three milks and a wine, 37 cents off all.
wire::Event milk_and_wine() {
  Cart cart;
  EXPECT_TRUE(cart.add(item("milk", 129, 700), Money{129}));
  EXPECT_TRUE(cart.add(item("wine", 999), Money{999}));
  EXPECT_TRUE(cart.set_quantity(1, {3000}));
  EXPECT_TRUE(cart.discount_amount(0, Money{37}));
  return paid(cart);
}

wire::Event event_of(wire::Document document) {
  wire::Event event = sale_of(std::move(document));
  event.kind = wire::EventKind::refund;
  return event;
}

Code refusal(const Result<wire::Document>& refund) {
  return refund ? Code::internal : refund.error().code;
}

TEST(Refund, GivesTheWholeSaleBackToTheCent) {
  const wire::Event sale = milk_and_wine();
  const auto refund = refund_of(sale, {}, {}, kTerms);
  ASSERT_TRUE(refund);
  const auto& sold = std::get<wire::Document>(sale.body);
  EXPECT_EQ(refund->total, -sold.total);
  EXPECT_EQ(refund->tax, -sold.tax);
  EXPECT_EQ(refund->of, "till-1.3.42");
  EXPECT_EQ(refund->day, "2026-03-03");
  EXPECT_EQ(refund->payments[0].amount, -sold.total);
  const auto sound = wire::check_document(*refund, wire::EventKind::refund);
  EXPECT_TRUE(sound) << sound.error().what;
}

TEST(Refund, GivesNamedLinesBackAndRefusesOthers) {
  const wire::Event sale = milk_and_wine();
  const auto& sold = std::get<wire::Document>(sale.body);
  const auto refund = refund_of(sale, {}, {{2}}, kTerms);
  ASSERT_TRUE(refund);
  ASSERT_EQ(refund->lines.size(), 1U);
  EXPECT_EQ(refund->lines[0].of_line, 2U);
  EXPECT_EQ(refund->total, -sold.lines[1].total);
  EXPECT_EQ(refusal(refund_of(sale, {}, {{2}, {2}}, kTerms)), Code::bad_input);
  EXPECT_EQ(refusal(refund_of(sale, {}, {{3}}, kTerms)), Code::not_found);
  EXPECT_EQ(refusal(refund_of(sale, {}, {{0}}, kTerms)), Code::not_found);
  EXPECT_EQ(refusal(refund_of(sale, {}, {{1}, {9}}, kTerms)), Code::not_found);
}

TEST(Refund, GivesAQuantityOfALineBackAndNoMoreThanIsLeft) {
  const wire::Event sale = milk_and_wine();
  const auto one = refund_of(sale, {}, {{1, {1000}}}, kTerms);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->lines[0].quantity, Quantity{-1000});
  const std::vector<wire::Event> earlier = {event_of(*one)};
  EXPECT_EQ(refusal(refund_of(sale, earlier, {{1, {2001}}}, kTerms)), Code::not_allowed);
  EXPECT_EQ(refusal(refund_of(sale, earlier, {{1, {-1}}}, kTerms)), Code::bad_input);
  const auto rest = refund_of(sale, earlier, {}, kTerms);
  ASSERT_TRUE(rest);
  EXPECT_EQ(one->total + rest->total, -std::get<wire::Document>(sale.body).total);
  EXPECT_EQ(one->tax + rest->tax, -std::get<wire::Document>(sale.body).tax);
  const std::vector<wire::Event> all = {event_of(*one), event_of(*rest)};
  EXPECT_EQ(refusal(refund_of(sale, all, {}, kTerms)), Code::not_allowed);
  EXPECT_EQ(refusal(refund_of(sale, all, {{1}}, kTerms)), Code::not_allowed);
}

// However a line is cut up, its parts come to what was paid for it.
TEST(Refund, AllPartsOfALineComeToTheLine) {
  std::mt19937_64 random(17);
  for (int round = 0; round < 200; ++round) {
    Cart cart(PriceRules{round % 2 == 0, {}});
    const auto price = static_cast<std::int64_t>(random() % 2000);
    ASSERT_TRUE(cart.add(item("thing", price, 1900), Money{price}));
    ASSERT_TRUE(cart.set_quantity(1, {static_cast<std::int64_t>(1 + random() % 9000)}));
    ASSERT_TRUE(cart.discount_rate(0, Rate{static_cast<std::int64_t>(random() % 10'001)}));
    const wire::Event sale = paid(cart);
    const auto& sold = std::get<wire::Document>(sale.body);
    std::vector<wire::Event> earlier;
    Money total;
    Money tax;
    std::int64_t left = sold.lines[0].quantity.thousandths;
    while (left > 0) {
      const auto most = static_cast<std::uint64_t>(left);
      const auto now = static_cast<std::int64_t>(1 + random() % most);
      const auto refund = refund_of(sale, earlier, {{1, {now}}}, kTerms);
      ASSERT_TRUE(refund) << refund.error().what;
      const auto sound = wire::check_document(*refund, wire::EventKind::refund);
      ASSERT_TRUE(sound) << sound.error().what;
      total += refund->total;
      tax += refund->tax;
      left -= now;
      earlier.push_back(event_of(*refund));
    }
    ASSERT_EQ(total, -sold.total) << "round " << round;
    ASSERT_EQ(tax, -sold.tax) << "round " << round;
  }
}

TEST(Refund, CashGivenBackIsRoundedToTheSmallestCoin) {
  const PriceRules rules{false, Money{5}};
  Cart cart(rules);
  ASSERT_TRUE(cart.add(item("thing", 1003), Money{1003}));
  const wire::Event sale = paid(cart);
  const auto refund = refund_of(sale, {}, {}, {"2026-03-03", rules, {}});
  ASSERT_TRUE(refund);
  EXPECT_EQ(refund->total, Money{-1003});
  EXPECT_EQ(refund->rounding, Money{-2});
  EXPECT_EQ(refund->payments[0].amount, Money{-1005});
  EXPECT_TRUE(wire::check_document(*refund, wire::EventKind::refund));
}

TEST(Refund, GivesNothingMoreBackWhenAnEarlierOneIsOfNoLineOfTheSale) {
  const wire::Event sale = milk_and_wine();
  auto odd = refund_of(sale, {}, {{1}}, kTerms);
  ASSERT_TRUE(odd);
  odd->lines[0].of_line = 0;
  const auto more = refund_of(sale, {event_of(*odd)}, {}, kTerms);
  ASSERT_FALSE(more);
  EXPECT_NE(more.error().what.find("which is no line of the sale"), std::string::npos);
}

TEST(Refund, IsOfASale) {
  const wire::Event sale = milk_and_wine();
  const wire::Event refund = event_of(*refund_of(sale, {}, {}, kTerms));
  EXPECT_EQ(refusal(refund_of(refund, {}, {}, kTerms)), Code::not_allowed);
  wire::Event epoch = sale;
  epoch.kind = wire::EventKind::epoch_opened;
  epoch.body = wire::EpochOpened{};
  EXPECT_EQ(refusal(refund_of(epoch, {}, {}, kTerms)), Code::not_allowed);
}

}  // namespace
}  // namespace tillrig::till
