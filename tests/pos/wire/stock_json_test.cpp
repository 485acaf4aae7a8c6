#include "pos/wire/hold.hpp"
#include "pos/wire/points.hpp"
#include "pos/wire/stock.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

TEST(StockJson, ADeliveryAndAnAnswerComeThroughWhole) {
  const Delivery delivery{"d1", {{"milk", Quantity{24'000}}, {"cheese", Quantity{-250}}}};
  const auto back = read_delivery(write_json(delivery));
  ASSERT_TRUE(back) << back.error().what;
  ASSERT_EQ(back->goods.size(), 2U);
  EXPECT_EQ(back->goods[1].quantity.thousandths, -250);
  EXPECT_EQ(read_stock(write_json(Stock{"milk", Quantity{-1'000}}))->quantity.thousandths, -1'000);
}

TEST(StockJson, ReadsNoDeliveryThatSaysNothingOrOneThingTwice) {
  for (const char* body :
       {"{}", R"({"id":"d1","goods":[]})", R"({"id":"d 1","goods":[{"sku":"milk","quantity":1}]})",
        R"({"id":"d1","goods":[{"sku":"milk","quantity":0}]})",
        R"({"id":"d1","goods":[{"sku":"","quantity":1}]})",
        R"({"id":"d1","goods":[{"sku":"milk","quantity":1},{"sku":"milk","quantity":2}]})"}) {
    const auto read = read_delivery(body);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().code, base::Code::bad_input) << body;
  }
}

TEST(PointsJson, PointsAndHoldsComeThroughWhole) {
  EXPECT_EQ(read_points(write_json(Points{"ana", -5}))->points, -5);
  const Hold hold{"till-1-00ff", std::string(kPointsLedger), "ana", 100};
  EXPECT_EQ(read_hold(write_json(hold)).value(), hold);
  const auto held = read_held(write_json(Held{"h", "released", 0}));
  ASSERT_TRUE(held);
  EXPECT_EQ(held->state, "released");
}

}  // namespace
}  // namespace tillrig::wire
