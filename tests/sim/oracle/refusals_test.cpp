// INV-55: what a till refuses it has to refuse.

#include "sim/oracle/account/refusal.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/tapes.hpp"

#include <gtest/gtest.h>

namespace tillrig::oracle::refusals_test {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr const char* kTill = "till-1";

// A till that shows its sales page, with a milk at 1.29 in the cart.
class OneMilk : public ::testing::Test {
 protected:
  OneMilk() {
    tapes.shop.items = {{"milk", "Milk", "4012345100112", 129, 700, false},
                        {"wine", "Old wine", "4012345100228", 999, 1900, false}};
    tapes.shop.customers = {{"ana", "+49 40 1234567", "", "Ana Lind"}};
    tapes.cashier.reserve(100);
    tapes.orders.reserve(100);
    shows(CashierEntry::Kind::stage).text = "register";
    at_ += 1s;
    tapes.scans.push_back({now(), ++order_, kTill, 3, "4012345100112\r"});
    CashierEntry& added = shows(CashierEntry::Kind::other);
    added.code = "line_added";
    added.text = "Milk";
    added.amount = 129;
    CashierEntry& cart = shows(CashierEntry::Kind::other);
    cart.code = "cart";
    cart.facts.add("total", 129);
  }

  Instant now() const { return Instant{0} + at_; }
  CashierEntry& shows(CashierEntry::Kind kind) {
    CashierEntry entry;
    entry.at = now();
    entry.order = ++order_;
    entry.till = kTill;
    entry.kind = kind;
    return tapes.cashier.emplace_back(std::move(entry));
  }
  OrderEntry& refused(const std::string& what, const std::string& code) {
    at_ += 1s;
    OrderEntry entry;
    entry.at = now();
    entry.order = ++order_;
    entry.till = kTill;
    entry.what = what;
    entry.outcome = OrderEntry::Outcome::refused;
    entry.code = code;
    if (says_so_) shows(CashierEntry::Kind::refused).code = code;
    entry.ended = ++order_;
    return tapes.orders.emplace_back(std::move(entry));
  }
  void found(const std::string& text, std::vector<std::string> items,
             std::vector<std::string> customers = {}) {
    tapes.finds.push_back({now(), ++order_, kTill, text, std::move(items), std::move(customers)});
  }
  std::vector<Violation> told() {
    for (const Verdict& verdict : judge(tapes)) {
      if (verdict.invariant == "INV-55") return verdict.violations;
    }
    return {};
  }

  Tapes tapes;
  bool says_so_ = true;  // the screen, of each refusal

 private:
  base::Duration at_{};
  std::uint64_t order_ = 0;
};

TEST_F(OneMilk, AThousandOfItAreTaken) {
  OrderEntry& order = refused("quantity", "bad_input");
  order.fields.add("line", 1);
  order.fields.add("quantity", 1'000'000);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(OneMilk, TenThousandOfItAreNot) {
  OrderEntry& order = refused("quantity", "bad_input");
  order.fields.add("line", 1);
  order.fields.add("quantity", 10'000'000);
  EXPECT_TRUE(told().empty());
}

TEST_F(OneMilk, WhatIsKeyedAndRefusedIsSaidOnTheScreen) {
  OrderEntry& order = refused("quantity", "bad_input");
  order.fields.add("line", 1);
  order.fields.add("quantity", 10'000'000);
  EXPECT_TRUE(told().empty());
  says_so_ = false;
  OrderEntry& silent = refused("quantity", "bad_input");
  silent.fields.add("line", 1);
  silent.fields.add("quantity", 10'000'000);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(OneMilk, AllOfItMayBeTakenOff) {
  OrderEntry& order = refused("discount", "bad_input");
  order.fields.add("line", 1);
  order.fields.add("rate", 10'000);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(OneMilk, ACodeThatNoTillHasForItIsNoReason) {
  OrderEntry& order = refused("quantity", "dns");
  order.fields.add("line", 7);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(OneMilk, NothingIsTakenWhileAPromptStands) {
  shows(CashierEntry::Kind::prompt).code = "no_internet";
  tapes.cashier.back().facts.add("modal", 1);
  OrderEntry& order = refused("quantity", "not_allowed");
  order.fields.add("line", 1);
  order.fields.add("quantity", 2000);
  EXPECT_TRUE(told().empty());
}

TEST_F(OneMilk, CashIsMovedWhenNoSaleIsInHand) {
  refused("pay_in", "not_allowed").fields.add("amount", 100);
  EXPECT_TRUE(told().empty());
  OrderEntry& cancel = refused("cancel", "");
  cancel.outcome = OrderEntry::Outcome::done;
  shows(CashierEntry::Kind::other).code = "cart";
  refused("pay_in", "not_allowed").fields.add("amount", 100);
  refused("pay_in", "bad_input").fields.add("amount", 0);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(OneMilk, WhoeverTheShopKnowsIsKnown) {
  refused("customer", "not_found").fields.add("customer", "nobody");
  EXPECT_TRUE(told().empty());
  refused("customer", "not_found").fields.add("customer", "ana");
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(OneMilk, CardsAreNotJudged) {
  refused("tender", "protocol").fields.add("kind", "card");
  refused("tender", "not_allowed").fields.add("amount", 129);
  EXPECT_TRUE(told().empty());
}

TEST_F(OneMilk, ASearchFindsWhatThereIs) {
  found("WINE", {"wine"});
  found("4012345100112", {"milk"});
  found("lin", {}, {"ana"});
  EXPECT_TRUE(told().empty());
  found("wine", {});
  found("1234", {"wine"}, {"ana"});
  found("lind", {}, {});
  EXPECT_EQ(told().size(), 3U);
}

TEST_F(OneMilk, ATillThatHearsItsCloudIsNotOffline) {
  for (int i = 0; i < 3; ++i) {
    WireEntry ping;
    ping.till = kTill;
    ping.target = "/v1/ping?nonce=1";
    ping.sent = ping.reached_cloud = ping.ended = now();
    ping.status = ping.cloud_status = 200;
    ping.from_cloud = true;
    tapes.wire.push_back(ping);
  }
  CashierEntry& offline = shows(CashierEntry::Kind::connection);
  offline.text = "offline";
  offline.code = "server";
  EXPECT_EQ(told().size(), 1U);
  tapes.wire.back().status = 500;
  EXPECT_TRUE(told().empty());
}

TEST(Refusals, WhatIsNotJudgedStandsWithItsReason) {
  for (const std::string_view what : {"tender", "purse", "download", "unlock_manager"}) {
    for (const std::string_view code : {"not_found", "bad_input", "not_allowed"}) {
      for (const RefusalRow& row : refusal_rows(what, code)) {
        EXPECT_EQ(row.when == RefusedWhen::not_judged, !row.why.empty()) << what << " " << code;
      }
    }
  }
  EXPECT_TRUE(refusal_rows("refund", "dns").empty());
}

}  // namespace
}  // namespace tillrig::oracle::refusals_test
