// Which price a till can know, by the pages that reached it; and INV-21.
#include "sim/oracle/account/known_goods.hpp"
#include "tests/sim/oracle/day.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
using Offers = std::vector<Offer>;

constexpr Offer kOwn{true, 129};
const std::string kOn = "/v1/sync/down?collection=items&cursor=1&limit=150&epoch=c";
const std::string kStart = "/v1/sync/down?collection=items&cursor=0&limit=150";

std::string row(int v, const std::string& sku, int price) {
  return fmt::format(
      R"({{"v":{},"id":"{}","rev":1,"deleted":0,"body":{{"sku":"{}","price":{},"tax":700}}}})", v,
      sku, sku, price);
}
std::string gone(int v, const std::string& sku) {
  return fmt::format(R"({{"v":{},"id":"{}","rev":2,"deleted":1}})", v, sku);
}

WireEntry answered(Instant at, const std::string& target, const std::string& rows, int next,
                   int head) {
  WireEntry wire;
  wire.till = "till-1";
  wire.target = target;
  wire.ended = at;
  wire.status = 200;
  wire.from_cloud = true;
  wire.answer = fmt::format(R"({{"epoch":"c","rows":[{}],"next":{},"head":{},"horizon":0}})", rows,
                            next, head);
  return wire;
}

Instant at(base::Duration time) {
  return Instant{0} + time;
}

TEST(KnownGoods, AreTheShopsOwnUntilAPageComes) {
  const KnownGoods goods;
  EXPECT_EQ(goods.offers("milk", kOwn, at(1s)), Offers{kOwn});
}

TEST(KnownGoods, BothPricesCountWhileThePageIsBeingKeptThenTheNewOneAlone) {
  KnownGoods goods;
  goods.page(answered(at(100s), kOn, row(2, "milk", 149), 2, 2));
  EXPECT_EQ(goods.offers("milk", kOwn, at(101s)), (Offers{{true, 149}, kOwn}));
  EXPECT_EQ(goods.offers("milk", kOwn, at(106s)), (Offers{{true, 149}}));
  EXPECT_EQ(goods.offers("bread", kOwn, at(106s)), Offers{kOwn});
}

TEST(KnownGoods, ATillThatWasStoppedMayNotHaveKeptThePage) {
  KnownGoods goods;
  goods.page(answered(at(100s), kOn, row(2, "milk", 149), 2, 2));
  goods.changed(at(101s));
  EXPECT_EQ(goods.offers("milk", kOwn, at(900s)), (Offers{{true, 149}, kOwn}));
  goods.page(answered(at(910s), kOn, row(2, "milk", 149), 2, 2));
  EXPECT_EQ(goods.offers("milk", kOwn, at(920s)), (Offers{{true, 149}}));
  goods.changed(at(930s));
  EXPECT_EQ(goods.offers("milk", kOwn, at(940s)), (Offers{{true, 149}})) << "it was kept long ago";
}

TEST(KnownGoods, WhatWasRemovedIsNotSold) {
  KnownGoods goods;
  goods.page(answered(at(100s), kOn, gone(2, "milk"), 2, 2));
  EXPECT_FALSE(goods.offers("milk", kOwn, at(110s)).front().sold);
}

TEST(KnownGoods, AReadingFromTheStartCountsWithItsLastPage) {
  KnownGoods goods;
  goods.page(answered(at(10s), kOn, row(1, "eggs", 199), 1, 1));
  goods.page(answered(at(100s), kStart, row(2, "milk", 149), 2, 3));
  EXPECT_EQ(goods.offers("milk", kOwn, at(110s)), Offers{kOwn});
  goods.page(answered(at(120s), kOn + "&begun=0", row(3, "bread", 299), 3, 3));
  EXPECT_EQ(goods.offers("milk", kOwn, at(130s)), (Offers{{true, 149}}));
  EXPECT_EQ(goods.offers("bread", kOwn, at(130s)), (Offers{{true, 299}}));
  EXPECT_EQ(goods.offers("eggs", kOwn, at(130s)), Offers{kOwn}) << "it has left the table";
}

TEST(FeedIsVisible, ATillWithoutTheLastChangeIsFound) {
  Day day = good_day();
  day.tapes.goods_looks.back().price = 129;
  EXPECT_TRUE(is_found(day, "INV-21", "", 5));
}

TEST(FeedIsVisible, ATillThatStillSellsWhatWasRemovedIsFound) {
  Day day = good_day();
  day.tapes.goods_changes.back().sold = false;
  EXPECT_TRUE(is_found(day, "INV-21", "", 5));
}

TEST(FeedIsVisible, AChangeThatNobodyKnowsTheFateOfProvesNothing) {
  Day day = good_day();
  day.tapes.goods_looks.back().price = 129;
  day.tapes.goods_changes.back().v = 0;
  EXPECT_EQ(verdict_of(day, "INV-21").judged, 0U);
}

TEST(FeedIsVisible, ATillThatKnowsACustomerWhoWasRemovedOrAnOldNumberIsFound) {
  Day day = good_day();
  day.tapes.customer_changes.push_back({at(10s), 5, "ana", true, "Ana", "2", 9});
  day.tapes.customer_looks.push_back({at(100s), "till-1", "ana", true, "Ana", "1"});
  EXPECT_TRUE(is_found(day, "INV-21", "", 5));
  day.tapes.customer_looks.back().phone = "2";
  EXPECT_TRUE(verdict_of(day, "INV-21").violations.empty());
  day.tapes.customer_changes.push_back({at(20s), 6, "ana", false, "", "", 10});
  EXPECT_TRUE(is_found(day, "INV-21", "", 6));
}

// A page of its goods that the till asked for and got.
void reads(Day& day, base::Duration time, const std::string& target) {
  WireEntry wire = answered(at(time) + 20ms, target, row(2, "milk", 149), 2, 2);
  wire.exchange = 900 + day.tapes.wire.size();
  wire.sent = at(time);
  wire.reached_cloud = at(time) + 10ms;
  day.tapes.wire.push_back(wire);
}

// On which nothing breaks, and the till has read its goods.
Day calm_day() {
  Day day;
  day.at(0s, 1).act(ActEntry::Kind::start, "till", Day::kTill);
  day.shows(CashierEntry::Kind::connection, "none", "online");
  day.login(1);
  reads(day, 5s, kStart);
  return day;
}

OrderEntry full_resync(base::Duration time) {
  OrderEntry order;
  order.at = at(time);
  order.till = Day::kTill;
  order.what = "full_resync";
  order.outcome = OrderEntry::Outcome::done;
  return order;
}

TEST(FeedIsVisible, ATillThatReadsItsGoodsFromTheStartWithoutACauseIsFound) {
  Day day = calm_day();
  reads(day, 20s, kOn);
  Day again = day;
  day.at(200s, 9).looks();
  EXPECT_TRUE(verdict_of(day, "INV-21").violations.empty());
  reads(again, 40s, kStart);
  again.at(200s, 9).looks();
  EXPECT_FALSE(verdict_of(again, "INV-21").violations.empty());
  again.tapes.orders.push_back(full_resync(39s));
  EXPECT_TRUE(verdict_of(again, "INV-21").violations.empty()) << "it was told to";
}

TEST(FeedIsVisible, ATillThatLostItsDiskOrALineMayReadFromTheStart) {
  Day day = calm_day();
  day.at(30s, 7).act(ActEntry::Kind::fault, "wan.down").act(ActEntry::Kind::heal, "wan.down");
  reads(day, 40s, kStart);
  day.at(200s, 9).looks();
  EXPECT_TRUE(verdict_of(day, "INV-21").violations.empty());
}

TEST(FeedIsVisible, ATillThatDoesNotReadAnewAfterAFullDataResyncIsFound) {
  Day day = calm_day();
  day.tapes.orders.push_back(full_resync(40s));
  Day soon = day;
  day.at(200s, 9).looks();
  EXPECT_FALSE(verdict_of(day, "INV-21").violations.empty());
  reads(soon, 41s, kStart);
  soon.at(200s, 9).looks();
  EXPECT_TRUE(verdict_of(soon, "INV-21").violations.empty());
}

TEST(FeedIsVisible, ATillThatAsksForAPageOverAndOverIsFound) {
  Day day = calm_day();
  Day slow = day;
  for (int i = 0; i < 12; ++i) {
    reads(day, 20s + i * 1s, kOn);
    reads(slow, 20s + i * 5s, kOn);
  }
  day.at(200s, 9).looks();
  slow.at(200s, 9).looks();
  EXPECT_FALSE(verdict_of(day, "INV-47").violations.empty());
  EXPECT_TRUE(verdict_of(slow, "INV-47").violations.empty());
}

}  // namespace
}  // namespace tillrig::oracle
