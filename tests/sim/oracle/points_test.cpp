// Tapes of a customer's sale, written by hand, and what INV-13 says to a lie on them.
#include "sim/oracle/account/points.hpp"

#include "sim/oracle/invariant.hpp"
#include "sim/oracle/tapes.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// A wine for 9.99, sold to Ana, who has 100 points; with a line.
class PointsOfASale : public ::testing::Test {
 protected:
  PointsOfASale() {
    tapes.shop.items = {{"wine", "Wine", "4012345100228", 999, 1900, false}};
    tapes.shop.taxes = {{"A", 1900}};
    tapes.shop.customers = {{"ana", "+49 1", "C-1"}};
    tapes.shop.points_per_unit = 1;
    shows(CashierEntry::Kind::connection).text = "online";
    scan();
    shows_as("line_added").text = "Wine";
    cart("1 x Wine 9.99", 999);
    select();
    asks(100);
    customer("ana", 100);
    done(tapes.orders.back());
    order("tender").fields.add("amount", 999);
    cart("1 x Wine 9.99", 0);
    done(tapes.orders.back());
    order("complete");
    customer("", std::nullopt);
    cart("", 0);
    CashierEntry& acked = shows(CashierEntry::Kind::acknowledged);
    acked.sale = "till-1.1.2";
    acked.number = "1-0000001";
    acked.amount = 999;
    tapes.orders.back().sale = acked.sale;
    done(tapes.orders.back());
    tapes.paper.push_back(
        {now(), "till-1", 5, true,
         "Receipt 1-0000001\nSale till-1.1.2\n\n  1 x Wine  9.99 A\n\nTOTAL 9.99\n"
         "Cash 9.99\n\nPoints for this sale 9\nPoints in all 109\n"});
    at_ += 60s;
    CloudEntry row;
    row.v = 1;
    row.id = "till-1.1.2";
    row.till = "till-1";
    row.epoch = 1;
    row.seq = 2;
    row.kind = "sale";
    tapes.cloud.push_back({now(), {row}});
    tapes.postings = {{"till-1.1.2", "points", "ana", 9}};
  }

  Instant now() const { return Instant{0} + at_; }
  void scan() {
    at_ += 1s;
    tapes.scans.push_back({now(), ++order_, "till-1", 3, "4012345100228\r"});
  }
  CashierEntry& shows(CashierEntry::Kind kind) {
    CashierEntry entry;
    entry.at = now();
    entry.order = ++order_;
    entry.till = "till-1";
    entry.line = 3;
    entry.kind = kind;
    return tapes.cashier.emplace_back(std::move(entry));
  }
  CashierEntry& shows_as(const std::string& what) {
    CashierEntry& entry = shows(CashierEntry::Kind::other);
    entry.code = what;
    return entry;
  }
  void cart(const std::string& lines, std::int64_t due) {
    CashierEntry& entry = shows_as("cart");
    entry.facts.add("lines", lines);
    entry.facts.add("due", due);
  }
  void customer(const std::string& id, std::optional<std::int64_t> points) {
    CashierEntry& entry = shows_as("customer");
    if (!id.empty()) entry.facts.add("id", id);
    if (points) entry.facts.add("points", *points);
  }
  OrderEntry& order(const std::string& what) {
    at_ += 1s;
    OrderEntry entry;
    entry.at = now();
    entry.order = ++order_;
    entry.till = "till-1";
    entry.line = 5;
    entry.what = what;
    return tapes.orders.emplace_back(std::move(entry));
  }
  void select() { order("customer").fields.add("customer", std::string("C-1")); }
  void done(OrderEntry& entry) {
    entry.outcome = OrderEntry::Outcome::done;
    entry.ended = ++order_;
  }
  void asks(std::int64_t points) {
    WireEntry wire;
    wire.till = "till-1";
    wire.sent = wire.reached_cloud = now() + 40ms;
    wire.ended = now() + 80ms;
    wire.method = "GET";
    wire.target = "/v1/loyalty/ana";
    wire.status = wire.cloud_status = 200;
    wire.from_cloud = true;
    wire.answer = fmt::format(R"({{"member":"ana","points":{}}})", points);
    wire.order = ++order_;
    tapes.wire.push_back(std::move(wire));
  }
  // The second event of this till's first epoch, which the cloud takes.
  void sends(const std::string& till, Instant at) {
    WireEntry wire;
    wire.till = till;
    wire.sent = wire.reached_cloud = at;
    wire.ended = at + 20ms;
    wire.method = "POST";
    wire.target = "/v1/sync/up";
    wire.body = fmt::format(
        R"({{"till":"{0}","epoch":1,"generation":1,"batch":1,"items":[{{"seq":2,"uuid":"{0}.1.2",)"
        R"("kind":"sale","aggregate":"{0}.1.2","hash":"h","body":{{"total":999}}}}]}})",
        till);
    wire.status = wire.cloud_status = 200;
    wire.from_cloud = true;
    wire.answer = wire.cloud_answer = fmt::format(
        R"({{"results":[{{"uuid":"{}.1.2","status":"applied","code":"","v":1,"hash":"h"}}]}})",
        till);
    const auto later = std::find_if(tapes.wire.begin(), tapes.wire.end(),
                                    [&](const WireEntry& each) { return each.sent > at; });
    tapes.wire.insert(later, std::move(wire));
  }
  // What INV-13 has against it; empty: nothing.
  std::string said() {
    for (const Verdict& verdict : judge(tapes)) {
      if (verdict.invariant != "INV-13") continue;
      EXPECT_GT(verdict.judged, 0U);
      return verdict.violations.empty() ? "" : verdict.violations.front().what;
    }
    return "no such invariant";
  }
  bool complains(std::string_view words) {
    const std::string what = said();
    return what.find(words) != std::string::npos ? true : (ADD_FAILURE() << what, false);
  }
  CashierEntry& shown_customer() {
    return *std::find_if(tapes.cashier.begin(), tapes.cashier.end(),
                         [](const CashierEntry& entry) { return entry.code == "customer"; });
  }

  Tapes tapes;
  base::Duration at_{};
  std::uint64_t order_ = 0;
};

TEST_F(PointsOfASale, HoldWhenAllAgrees) {
  EXPECT_EQ(said(), "");
}

TEST_F(PointsOfASale, ThatAreMissingWrongDoubledOrForNothingAreFound) {
  const auto right = tapes.postings;
  tapes.postings.clear();
  EXPECT_TRUE(complains("gave no points"));
  tapes.postings = right;
  tapes.postings[0].amount = 10;
  EXPECT_TRUE(complains("other points"));
  tapes.postings = {right[0], {"till-1.1.2/again", "points", "ana", 9}};
  EXPECT_TRUE(complains("nothing gives, or gave them twice"));
  tapes.postings = {right[0], right[0]};
  EXPECT_TRUE(complains("twice"));
  tapes.postings = {{"till-1.1.2", "points", "ben", 9}};
  EXPECT_TRUE(complains("other points"));
}

TEST_F(PointsOfASale, ShownOrPrintedOtherThanTheCloudSaidAreFound) {
  shown_customer().facts = {};
  shown_customer().facts.add("points", std::int64_t{99});
  EXPECT_TRUE(complains("did not say just now"));
  shown_customer().facts = {};
  shown_customer().facts.add("id", std::string("ana"));
  EXPECT_TRUE(complains("does not show the points"));
  shown_customer().facts.add("points", std::int64_t{100});
  tapes.paper[0].text.replace(tapes.paper[0].text.find("109"), 3, "100");
  EXPECT_TRUE(complains("receipt"));
  tapes.paper[0].text.resize(tapes.paper[0].text.find("Points for"));
  EXPECT_TRUE(complains("receipt"));
}

TEST_F(PointsOfASale, PrintedForTheSaleOtherThanItGivesAreFound) {
  const std::string right = tapes.paper[0].text;
  tapes.paper[0].text.replace(right.find("sale 9"), 6, "sale 109");
  EXPECT_TRUE(complains("other points for the sale"));
  tapes.paper[0].text = right;
  tapes.paper[0].text.erase(right.find("Points for"),
                            right.find("Points in") - right.find("Points for"));
  EXPECT_TRUE(complains("other points for the sale"));
}

TEST_F(PointsOfASale, ToldOtherThanTheCloudHasBookedAreFound) {
  tapes.postings.insert(tapes.postings.begin(), {"shop-9.1.2", "points", "ana", 100});
  const Instant asked = tapes.wire[0].sent;
  sends("shop-9", asked - 1s);
  sends("till-1", now());
  EXPECT_EQ(said(), "");
  tapes.postings[0].amount = 90;
  EXPECT_TRUE(complains("told other points"));
  tapes.wire[0].ended = asked + 1ms;  // it was under way: either is right
  EXPECT_EQ(said(), "");
}

// Where they come beside the sale it may be over before.
TEST_F(PointsOfASale, ThatComeWhenTheSaleIsOverAreNotOnItsReceipt) {
  tapes.wire[0].order = ++order_;
  shown_customer().facts = {};
  EXPECT_TRUE(complains("receipt"));
  tapes.paper[0].text.resize(tapes.paper[0].text.find("Points for"));
  EXPECT_EQ(said(), "");
}

TEST_F(PointsOfASale, AQuestionTooManyOrTooFewIsFound) {
  const auto wire = tapes.wire;
  tapes.wire[0].sent = tapes.wire[0].sent + 30s;
  EXPECT_TRUE(complains("nobody was selected"));
  tapes.wire = {wire[0], wire[0]};
  EXPECT_TRUE(complains("nobody was selected"));
  tapes.wire.clear();
  EXPECT_TRUE(complains("did not ask"));
  tapes.wire = wire;
  CashierEntry& off = *tapes.cashier.begin();  // said before the sale
  off.kind = CashierEntry::Kind::pressed;
  off.code = "loyalty_unavailable_start";
  off.text = "Disable real time loyalty";
  EXPECT_TRUE(complains("real time loyalty is off"));
}

TEST_F(PointsOfASale, WithoutAnAnswerTheCashierHasToBeTold) {
  tapes.wire[0].from_cloud = false;
  shown_customer().facts = {};
  tapes.paper[0].text.resize(tapes.paper[0].text.find("Points for"));
  EXPECT_TRUE(complains("did not say at each selection"));
  CashierEntry prompt = shown_customer();
  prompt.kind = CashierEntry::Kind::prompt;
  prompt.code = "loyalty_unavailable";
  prompt.order = shown_customer().order;
  tapes.cashier.push_back(prompt);
  std::stable_sort(tapes.cashier.begin(), tapes.cashier.end(),
                   [](const auto& a, const auto& b) { return a.order < b.order; });
  EXPECT_EQ(said(), "");
}

TEST_F(PointsOfASale, AreNotAskedForInLocalModeAndTheCashierIsToldSo) {
  tapes.cashier[0].text = "local";
  tapes.wire.clear();
  shown_customer().facts = {};
  tapes.paper[0].text.resize(tapes.paper[0].text.find("Points for"));
  EXPECT_TRUE(complains("did not say at each selection"));
  shown_customer().kind = CashierEntry::Kind::prompt;
  shown_customer().code = "loyalty_unavailable";
  EXPECT_EQ(said(), "");
}

TEST_F(PointsOfASale, GoingOnShowingThemWithoutALineIsFound) {
  CashierEntry lost = shown_customer();
  lost.kind = CashierEntry::Kind::connection;
  lost.text = "offline";
  lost.facts = {};
  const auto after = std::find_if(tapes.cashier.begin(), tapes.cashier.end(), [](const auto& each) {
    return each.code == "customer" && each.facts.number("points");
  });
  tapes.cashier.insert(after + 1, lost);
  EXPECT_TRUE(complains("goes on showing points"));
}

class Reward : public PointsOfASale {
 protected:
  // Of one invariant; empty: nothing.
  std::string against(std::string_view invariant) {
    for (const Verdict& verdict : judge(tapes)) {
      if (verdict.invariant != invariant) continue;
      return verdict.violations.empty() ? "" : verdict.violations.front().what;
    }
    return "no such invariant";
  }
};

TEST_F(Reward, RedeemedWithoutALineOrRefusedLongAfterItIsBackIsFound) {
  at_ += 60s;
  done(order("reward"));
  EXPECT_EQ(against("INV-33"), "");
  OrderEntry& refused = tapes.orders.back();
  refused.outcome = OrderEntry::Outcome::refused;
  refused.code = "needs_connection";
  EXPECT_NE(against("INV-33").find("long been there"), std::string::npos);
  refused.outcome = OrderEntry::Outcome::done;
  refused.code.clear();
  tapes.cashier.front().text = "offline";
  EXPECT_NE(against("INV-33").find("without a connection"), std::string::npos);
}

TEST_F(Reward, AHoldThatIsOpenAfterItsTimeIsFound) {
  asks(0);
  tapes.wire.back().target = "/v1/holds";
  tapes.wire.back().body = R"({"id":"h1","ledger":"points","key":"ana","amount":5})";
  tapes.holds = {{"h1", "till-1", 5, "open"}};
  tapes.cloud.push_back({now() + 14min, {}});
  EXPECT_EQ(against("INV-14"), "");
  tapes.cloud.push_back({now() + 16min, {}});
  EXPECT_NE(against("INV-14").find("still keeps"), std::string::npos);
  for (const char* over : {"expired", "captured", "released"}) {
    tapes.holds[0].state = over;
    EXPECT_EQ(against("INV-14"), "");
  }
}

TEST_F(Reward, AStockThatIsMovedWronglyTwiceOrNotAtAllIsFound) {
  tapes.deliveries = {{"delivery:d1", "wine", 5000}};
  tapes.postings.push_back({"delivery:d1", "stock", "wine", 5000});
  EXPECT_NE(against("INV-17").find("is not moved"), std::string::npos);
  tapes.postings.push_back({"till-1.1.2", "stock", "wine", -1000});
  EXPECT_EQ(against("INV-17"), "");
  tapes.postings.back().amount = -2000;
  EXPECT_NE(against("INV-17").find("another quantity"), std::string::npos);
  tapes.postings.back().amount = -1000;
  tapes.postings.push_back({"till-1.1.9", "stock", "wine", -1000});
  EXPECT_NE(against("INV-17").find("another quantity"), std::string::npos);
}

TEST_F(Reward, AQuantityThatTheCloudDidNotJustSayIsFound) {
  tapes.postings.push_back({"till-1.1.2", "stock", "wine", -1000});
  asks(0);
  tapes.wire.back().target = "/v1/stock/wine";
  tapes.wire.back().answer = R"({"sku":"wine","quantity":4000})";
  CashierEntry& shown = shows_as("stock");
  shown.facts.add("sku", std::string("wine"));
  shown.facts.add("quantity", std::int64_t{4000});
  EXPECT_EQ(against("INV-17"), "");
  tapes.cashier.back().at = now() + 60s;
  EXPECT_NE(against("INV-17").find("did not say"), std::string::npos) << "it is an old one";
}

TEST(PointsArithmetic, ARefundLeavesTheSaleItsPartRoundedDown) {
  Bill sale;
  sale.total = 9999;
  Bill refund;
  std::int64_t back = 0;
  for (std::int64_t gone = 0; gone < 9999; gone += 3333) {
    refund.total = -3333;
    back += points_of_refund(99, sale, gone, refund);
  }
  EXPECT_EQ(back, -99);
  EXPECT_EQ(points_of_sale(4399, 2, 1), 43);
  EXPECT_EQ(points_of_sale(-4399, 2, 1), 0);
}

}  // namespace
}  // namespace tillrig::oracle
