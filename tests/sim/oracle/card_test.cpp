// What INV-08 to INV-11 and INV-34 to INV-36 say to a lie about a card. Milk for 1.29 is paid by
// card; then wine for 9.99, whose card nobody hears of until Re-sync.
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/tapes.hpp"

#include <gtest/gtest.h>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

class CardSales : public ::testing::Test {
 protected:
  CardSales() {
    tapes.shop.items = {{"milk", "Milk", "4012345100112", 129, 700, false},
                        {"wine", "Wine", "4012345100228", 999, 1900, false}};
    tapes.shop.taxes = {{"A", 1900}, {"B", 700}};
    tapes.settlement_known = true;
    shows(CashierEntry::Kind::stage).text = "register";
    rings_up("milk", "Milk", 129);
    asks_card("a-1", "a-1", 129);
    settles("charge", "a-1", 129);
    card("a-1", "a-1", "approved", 129);
    acknowledges("till-1.1.3", 129);
    rings_up("wine", "Wine", 999);
    asks_card("a-2", "a-2", 999);
    settles("charge", "a-2", 999);
    at_ += 26s;
    closes("card_payment");
    at_ += 34s;
    prompt("card_unknown", "Re-sync");
    presses("card_unknown", "Re-sync");
    card("a-2", "a-2", "unknown", 999, 1);
    card("a-2", "a-2", "approved", 999, 1);
    acknowledges("till-1.1.6", 999);
    at_ += 60s;
    settles("capture", "a-1", 129);
    settles("capture", "a-2", 999);
    ActEntry quiet;
    quiet.at = now();
    quiet.kind = ActEntry::Kind::quiet;
    quiet.order = ++order_;
    tapes.acts.push_back(quiet);
    tapes.cloud.push_back({now(), {row("till-1.1.3", 3, 129), row("till-1.1.6", 6, 999)}});
    RegisterLook look;
    look.at = now();
    look.till = "till-1";
    tapes.registers.push_back(look);
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
  void rings_up(const std::string& sku, const std::string& name, std::int64_t total) {
    order("enter").fields.add("code", sku);
    CashierEntry& added = shows_as("line_added");
    added.text = name;
    added.amount = total;
    cart(fmt::format("1 x {} {}.{:02}", name, total / 100, total % 100));
    done();
  }
  void cart(const std::string& lines) { shows_as("cart").facts.add("lines", lines); }
  void asks_card(const std::string& attempt, const std::string& of, std::int64_t amount) {
    OrderEntry& entry = order("tender");
    entry.fields.add("kind", std::string("card"));
    entry.fields.add("amount", amount);
    done();
    card(attempt, of, "created", amount);
    prompt("card_payment", "Cancel");
    at_ += 4s;
  }
  void card(const std::string& attempt, const std::string& of, const std::string& state,
            std::int64_t amount, std::int64_t resyncs = 0) {
    CashierEntry& entry = shows_as("card");
    entry.facts.add("attempt", attempt);
    entry.facts.add("order", of);
    entry.facts.add("state", state);
    entry.amount = amount;
    if (resyncs != 0) entry.facts.add("resyncs", resyncs);
    if (state != "created") closes("card_payment");
  }
  void prompt(const std::string& id, const std::string& button) {
    CashierEntry& entry = shows(CashierEntry::Kind::prompt);
    entry.code = id;
    entry.text = "What about it?";
    entry.buttons = {button};
    entry.facts.add("modal", std::int64_t{1});
  }
  void closes(const std::string& id) {
    CashierEntry& entry = shows_as("prompt_closed");
    entry.facts.add("prompt", id);
    entry.facts.add("because", std::string("the payment is settled"));
  }
  void presses(const std::string& id, const std::string& button) {
    CashierEntry& entry = shows(CashierEntry::Kind::pressed);
    entry.code = id;
    entry.text = button;
  }
  SettlementEntry& settles(const std::string& kind, const std::string& attempt,
                           std::int64_t amount) {
    SettlementEntry entry;
    entry.at = now();
    entry.kind = kind;
    entry.attempt = attempt;
    entry.till = "till-1";
    entry.terminal = "52500001";
    entry.amount = amount;
    entry.currency = "EUR";
    entry.order = ++order_;
    return tapes.settlement.emplace_back(std::move(entry));
  }
  void acknowledges(const std::string& id, std::int64_t total) {
    cart("");
    CashierEntry& entry = shows(CashierEntry::Kind::acknowledged);
    entry.sale = id;
    entry.amount = total;
  }
  std::vector<Violation> judged(const std::string& name) const {
    for (const Verdict& verdict : judge(tapes)) {
      if (verdict.invariant == name) return verdict.violations;
    }
    ADD_FAILURE() << name;
    return {};
  }
  void expect_blamed(const std::string& name, const std::string& words) const {
    const auto all = judged(name);
    ASSERT_FALSE(all.empty()) << name;
    EXPECT_NE(all.front().what.find(words), std::string::npos) << all.front().what;
  }

  Tapes tapes;
  base::Duration at_{};
  std::uint64_t order_ = 0;
};

TEST_F(CardSales, HoldsWhatIsTrue) {
  for (const char* name :
       {"INV-08", "INV-09", "INV-10", "INV-11", "INV-34", "INV-35", "INV-36", "INV-41"}) {
    for (const Violation& each : judged(name)) ADD_FAILURE() << name << ": " << each.what;
  }
}

TEST_F(CardSales, FindsASecondChargeForAnOrder) {
  settles("charge", "a-2", 999);
  expect_blamed("INV-08", "charged twice");
}

TEST_F(CardSales, FindsAChargeThatPaysNothing) {
  settles("charge", "a-9", 999);
  expect_blamed("INV-09", "no order is paid by it");
}

TEST_F(CardSales, FindsASaleWithoutItsCharge) {
  tapes.settlement.erase(tapes.settlement.begin());
  expect_blamed("INV-09", "has no charge");
  expect_blamed("INV-10", "its money is not there");
}

TEST_F(CardSales, FindsAChargeThatIsNeverCaptured) {
  tapes.settlement.pop_back();
  expect_blamed("INV-10", "its money is not there");
}

TEST_F(CardSales, FindsAPaymentThatNobodySettles) {
  asks_card("a-3", "a-3", 0);
  expect_blamed("INV-11", "not settled");
}

TEST_F(CardSales, FindsAnOrderThatStaysUnpaid) {
  tapes.registers.back().unpaid.push_back(
      {"a-2", "a-2", 999, "unpaid", "payment_unresolved", {}, 0});
  expect_blamed("INV-11", "stands as unpaid");
}

TEST_F(CardSales, FindsAThirdPressOfResync) {
  rings_up("milk", "Milk", 129);
  asks_card("a-3", "a-3", 129);
  closes("card_payment");
  for (int i = 0; i < 3; ++i) presses("card_unknown", "Re-sync");
  expect_blamed("INV-34", "a third time");
}

TEST_F(CardSales, FindsACancelThatStandsForTooLong) {
  rings_up("milk", "Milk", 129);
  asks_card("a-3", "a-3", 129);
  at_ += 40s;
  card("a-3", "a-3", "cancelled", 129);
  expect_blamed("INV-34", "for longer than it may");
}

TEST_F(CardSales, FindsOtherMoneyWhileNobodyKnows) {
  rings_up("milk", "Milk", 129);
  asks_card("a-3", "a-3", 129);
  order("tender").fields.add("amount", 500);
  done();
  expect_blamed("INV-35", "carried out tender");
}

TEST_F(CardSales, FindsARefundOfAnUnpaidOrder) {
  rings_up("milk", "Milk", 129);
  asks_card("a-3", "a-3", 129);
  card("a-3", "a-3", "parked", 129);
  at_ += 10s;
  order("refund").fields.add("sale", std::string("a-3"));
  done();
  expect_blamed("INV-35", "gives back the order a-3");
}

TEST_F(CardSales, FindsTheNumberOfACard) {
  shows(CashierEntry::Kind::refused).text = "the card 5500005555555559 was declined";
  expect_blamed("INV-36", "The number of a card");
}

}  // namespace
}  // namespace tillrig::oracle
