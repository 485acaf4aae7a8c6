// What INV-12 says to a lie about a gift card. A card is sold with 20.00 on it, and 5.00 of it are
// spent; at a till with a line.
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/tapes.hpp"

#include <gtest/gtest.h>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

class GiftCard : public ::testing::Test {
 protected:
  GiftCard() {
    tapes.shop.items = {{"wine", "Wine", "4012345100228", 999, 1900, false}};
    tapes.shop.taxes = {{"A", 1900}, {"C", 0}};
    tapes.shop.gift = true;
    shows(CashierEntry::Kind::connection).text = "online";
    loads("GC-1", 2000);
    order("tender").fields.add("amount", 2000);
    cart("1 x Gift card GC-1 20.00", 0);
    done();
    completes("till-1.1.2", 2000);
    order("enter").fields.add("code", std::string("wine"));
    CashierEntry& added = shows_as("line_added");
    added.text = "Wine";
    added.amount = 999;
    cart("1 x Wine 9.99", 999);
    done();
    pays("GC-1", 500);
    cart("1 x Wine 9.99", 499);
    done();
    order("tender").fields.add("amount", 499);
    cart("1 x Wine 9.99", 0);
    done();
    completes("till-1.1.3", 999);
    at_ += 60s;
    tapes.cloud.push_back({now(), {row("till-1.1.2", 2, 2000), row("till-1.1.3", 3, 999)}});
    tapes.postings = {{"till-1.1.2", "gift", "GC-1", 2000}, {"till-1.1.3", "gift", "GC-1", -500}};
  }

  Instant now() const { return Instant{0} + at_; }
  static CloudEntry row(const std::string& id, std::uint64_t seq, std::int64_t total) {
    CloudEntry entry;
    entry.v = seq;
    entry.id = id;
    entry.till = "till-1";
    entry.epoch = 1;
    entry.seq = seq;
    entry.kind = "sale";
    entry.total = total;
    return entry;
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
  void done() {
    tapes.orders.back().outcome = OrderEntry::Outcome::done;
    tapes.orders.back().ended = ++order_;
  }
  void loads(const std::string& card, std::int64_t amount) {
    OrderEntry& entry = order("load");
    entry.fields.add("purse", std::string("gift"));
    entry.fields.add("of", card);
    entry.fields.add("amount", amount);
    cart("1 x Gift card " + card + " 20.00", amount);
    done();
  }
  void pays(const std::string& card, std::int64_t amount) {
    OrderEntry& entry = order("tender");
    entry.fields.add("kind", std::string("gift-card"));
    entry.fields.add("of", card);
    entry.fields.add("amount", amount);
  }
  void completes(const std::string& id, std::int64_t total) {
    order("complete");
    cart("", 0);
    CashierEntry& acked = shows(CashierEntry::Kind::acknowledged);
    acked.sale = id;
    acked.amount = total;
    tapes.orders.back().sale = id;
    done();
  }
  void screen_says(std::int64_t balance, std::int64_t told) {
    WireEntry wire;
    wire.till = "till-1";
    wire.sent = wire.reached_cloud = now();
    wire.ended = now() + 40ms;
    wire.target = "/v1/purses/gift:GC-1";
    wire.status = wire.cloud_status = 200;
    wire.from_cloud = true;
    wire.order = ++order_;
    wire.answer = R"({"of":"gift:GC-1","balance":)" + std::to_string(told) + "}";
    tapes.wire.push_back(wire);
    CashierEntry& entry = shows_as("purse");
    entry.facts.add("purse", std::string("gift"));
    entry.facts.add("of", std::string("GC-1"));
    entry.facts.add("balance", balance);
  }
  [[nodiscard]] std::vector<Violation> judge(const std::string& invariant = "INV-12") const {
    const Evidence evidence(tapes);
    return words::Table<Invariant>::find(invariant)->check(evidence).violations;
  }
  // The first one says so.
  [[nodiscard]] bool found(std::string_view part) const {
    const auto violations = judge();
    return !violations.empty() && violations[0].what.find(part) != std::string::npos;
  }

  Tapes tapes;
  base::Duration at_{};
  std::uint64_t order_ = 0;
};

TEST_F(GiftCard, ThatIsSoldAndSpentAsItShouldIsRight) {
  for (const char* each : {"INV-12", "INV-33", "INV-41", "INV-43"}) {
    const auto violations = judge(each);
    EXPECT_TRUE(violations.empty()) << each << ": " << violations[0].what << " "
                                    << violations[0].expected << " / " << violations[0].seen;
  }
  const Evidence evidence(tapes);
  EXPECT_GE(words::Table<Invariant>::find("INV-12")->check(evidence).judged, 4U);
}

TEST_F(GiftCard, WhosePostingIsMissingOrAnotherIsFound) {
  tapes.postings[1].amount = -400;
  EXPECT_TRUE(found("moved by another amount"));
  tapes.postings.pop_back();
  EXPECT_TRUE(found("not moved by"));
  tapes.postings.push_back({"till-1.1.3", "gift", "GC-2", -500});
  EXPECT_TRUE(found("GC-2 is moved"));
}

TEST_F(GiftCard, ThatIsSoldTwiceOrOverspentIsFoundWhateverTheCloudHas) {
  tapes.orders[0].fields = {};
  tapes.orders[0].fields.add("purse", std::string("gift"));
  tapes.orders[0].fields.add("of", std::string("GC-1"));
  tapes.orders[0].fields.add("amount", std::int64_t{400});
  tapes.postings[0].amount = 400;
  EXPECT_TRUE(found("More is spent of the gift card GC-1"));
}

TEST_F(GiftCard, WhoseMoneyOnTheScreenIsNotWhatTheCloudSaidIsFound) {
  screen_says(1500, 1500);
  EXPECT_TRUE(judge().empty());
  screen_says(2000, 1500);
  EXPECT_TRUE(found("shows other money"));
}

TEST_F(GiftCard, InAShopThatHasNoneIsFound) {
  tapes.shop.gift = false;
  EXPECT_TRUE(found("in a shop without gift cards"));
}

TEST_F(GiftCard, ThatIsTakenWithoutALineIsFound) {
  CashierEntry& lost = shows(CashierEntry::Kind::connection);
  lost.text = "offline";
  pays("GC-1", 100);
  done();
  EXPECT_FALSE(judge("INV-33").empty());
}

TEST_F(GiftCard, ThatIsKeptForAnEventWhichIsThereIsFound) {
  WireEntry wire;
  wire.till = "till-1";
  wire.sent = wire.reached_cloud = now();
  wire.target = "/v1/holds";
  wire.cloud_status = 200;
  wire.body = R"({"id":"h1"})";
  tapes.wire.push_back(wire);
  wire.target = "/v1/holds/h1/keep";
  wire.body = R"({"epoch":1,"seq":4})";
  tapes.wire.push_back(wire);
  tapes.holds = {{"h1", "till-1", 500, "kept"}};
  EXPECT_TRUE(judge("INV-14").empty()) << "its event may still come";
  tapes.wire.back().body = R"({"epoch":1,"seq":3})";
  EXPECT_FALSE(judge("INV-14").empty());
}

// The same sales with a customer's money in the place of a card's: INV-15.
class CustomersMoney : public GiftCard {
 protected:
  CustomersMoney() {
    for (OrderEntry& each : tapes.orders) {
      if (each.what == "load") {
        each.fields = {};
        each.fields.add("purse", std::string("credit"));
        each.fields.add("of", std::string("ana"));
        each.fields.add("amount", std::int64_t{2000});
      } else if (each.fields.text("kind")) {
        each.fields = {};
        each.fields.add("kind", std::string("credit"));
        each.fields.add("of", std::string("ana"));
        each.fields.add("amount", std::int64_t{500});
      }
    }
    tapes.postings = {{"till-1.1.2", "credit", "ana", 2000}, {"till-1.1.3", "credit", "ana", -500}};
    looks(1500);
  }
  void looks(std::int64_t balance) {
    tapes.balance_looks = {{now(), "till-1", "credit", "ana", balance}};
  }
  void page(std::int64_t balance, std::uint64_t through) {
    WireEntry wire;
    wire.till = "till-1";
    wire.sent = wire.reached_cloud = now();
    wire.ended = now() + 40ms;
    wire.target = "/v1/sync/down?collection=balances&cursor=0";
    wire.status = 200;
    wire.from_cloud = true;
    wire.order = ++order_;
    wire.answer = R"({"rows":[{"v":1,"id":"credit:ana","body":{"of":"credit:ana","balance":)" +
                  std::to_string(balance) + R"(,"through":[{"till":"till-1","epoch":1,"seq":)" +
                  std::to_string(through) + "}]}}]}";
    tapes.wire.push_back(wire);
  }
  void shows_as_of(std::int64_t balance) {
    CashierEntry& entry = shows_as("purse");
    entry.facts.add("purse", std::string("credit"));
    entry.facts.add("of", std::string("ana"));
    entry.facts.add("balance", balance);
    entry.facts.add("as_of_ms", std::int64_t{1});
  }
  [[nodiscard]] bool is_odd(std::string_view part) const {
    const auto violations = judge("INV-15");
    return !violations.empty() && violations[0].what.find(part) != std::string::npos;
  }
};

TEST_F(CustomersMoney, ThatIsTheSumOfItsPostingsIsRight) {
  EXPECT_TRUE(judge("INV-15").empty());
  EXPECT_TRUE(judge("INV-12").empty());
}

TEST_F(CustomersMoney, ThatABalanceHasOverwrittenIsFound) {
  tapes.postings[1].amount = -2000;
  EXPECT_TRUE(is_odd("moved by another amount"));
}

TEST_F(CustomersMoney, ThatATillKnowsOtherwiseIsFound) {
  looks(2000);
  EXPECT_TRUE(is_odd("knows another credit of ana"));
}

TEST_F(CustomersMoney, IsShownWithTheTillsOwnSalesThatTheCloudHadNot) {
  page(2000, 2);
  shows_as_of(1500);
  EXPECT_TRUE(judge("INV-15").empty());
  shows_as_of(2000);
  EXPECT_TRUE(is_odd("than it can know"));
}

TEST_F(CustomersMoney, IsNotCountedTwiceWhenTheCloudHadIt) {
  page(1500, 3);
  shows_as_of(1500);
  EXPECT_TRUE(judge("INV-15").empty());
  shows_as_of(1000);
  EXPECT_TRUE(is_odd("than it can know"));
}

TEST_F(CustomersMoney, ThatIsOwedBeyondTheLimitIsFound) {
  for (OrderEntry& each : tapes.orders) {
    if (each.what != "tender" || !each.fields.text("kind")) continue;
    each.fields = {};
    each.fields.add("kind", std::string("account"));
    each.fields.add("of", std::string("ana"));
    each.fields.add("amount", std::int64_t{500});
  }
  tapes.postings[1] = {"till-1.1.3", "account", "ana", -500};
  tapes.balance_looks.clear();
  tapes.limits = {{Instant{0}, "ana", 500}};
  EXPECT_TRUE(judge("INV-15").empty());
  tapes.limits = {{Instant{0}, "ana", 499}};
  EXPECT_TRUE(is_odd("owe more than the limit"));
}

}  // namespace
}  // namespace tillrig::oracle
