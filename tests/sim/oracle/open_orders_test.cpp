// INV-40: an order that waits is at one till.
#include "tests/sim/oracle/day.hpp"

namespace tillrig::oracle {
namespace {

// What cashiers did at two tills of a LAN, tersely.
class Tab {
 public:
  Tab() { tapes.lan = true; }

  Tab& done(const std::string& till, const std::string& what, const std::string& order = {}) {
    OrderEntry entry;
    entry.till = till;
    entry.what = what;
    entry.open_order = order;
    entry.outcome = OrderEntry::Outcome::done;
    entry.order = ++order_;
    entry.ended = ++order_;
    tapes.orders.push_back(entry);
    return *this;
  }
  Tab& sold(const std::string& till) {
    CashierEntry entry;
    entry.till = till;
    entry.kind = CashierEntry::Kind::acknowledged;
    entry.order = ++order_;
    tapes.cashier.push_back(entry);
    return done(till, "complete");
  }
  Tab& killed(const std::string& till) {
    ActEntry act;
    act.kind = ActEntry::Kind::kill;
    act.till = till;
    act.order = ++order_;
    tapes.acts.push_back(act);
    return *this;
  }
  Tab& quiet() {
    ActEntry act;
    act.kind = ActEntry::Kind::quiet;
    act.order = ++order_;
    tapes.acts.push_back(act);
    return *this;
  }
  Tab& lists(const std::string& till, const std::vector<OrderLook>& open,
             const std::string& hub = "till-1", std::uint64_t epoch = 1) {
    tapes.lan_looks.push_back({Instant{1}, till, hub, epoch, {}, open});
    return *this;
  }
  Tab& believes(const std::string& till, std::int64_t epoch) {
    CashierEntry entry;
    entry.till = till;
    entry.kind = CashierEntry::Kind::other;
    entry.code = "lan";
    entry.order = ++order_;
    entry.facts.add("hub_epoch", epoch);
    tapes.cashier.push_back(entry);
    return *this;
  }
  // What INV-40 finds.
  [[nodiscard]] std::vector<std::string> found() const {
    std::vector<std::string> what;
    for (const Verdict& verdict : judge(tapes)) {
      if (verdict.invariant != "INV-40") continue;
      for (const Violation& violation : verdict.violations) what.push_back(violation.what);
    }
    return what;
  }

  Tapes tapes;

 private:
  std::uint64_t order_ = 0;
};

using Found = std::vector<std::string>;

TEST(Inv40, HoldsWhereAnOrderGoesFromTillToTillAndIsSold) {
  Tab tab;
  tab.done("till-1", "park", "a").done("till-2", "resume", "a").done("till-2", "park", "a");
  tab.done("till-1", "resume", "a").sold("till-1").quiet();
  tab.lists("till-1", {}).lists("till-2", {});
  EXPECT_EQ(tab.found(), Found());
}

TEST(Inv40, FindsAnOrderInHandAtTwoTills) {
  Tab tab;
  tab.done("till-1", "park", "a").done("till-2", "resume", "a").done("till-1", "resume", "a");
  EXPECT_EQ(tab.found(), Found{"The order a is in hand at two tills."});
}

TEST(Inv40, AnOrderOfATillThatDiedWaitsAgain) {
  Tab tab;
  tab.done("till-1", "park", "a").done("till-2", "resume", "a").killed("till-2");
  tab.done("till-1", "resume", "a");
  EXPECT_EQ(tab.found(), Found());
}

TEST(Inv40, FindsAnOrderThatComesBackAfterItWasSold) {
  Tab tab;
  tab.done("till-1", "park", "a").done("till-1", "resume", "a").sold("till-1");
  tab.done("till-2", "resume", "a");
  EXPECT_EQ(tab.found(), Found{"The order a came back at till-2."});
}

TEST(Inv40, FindsAnOrderThatIsListedAlthoughItIsOver) {
  Tab tab;
  tab.done("till-1", "park", "a").done("till-1", "resume", "a").done("till-1", "cancel");
  tab.quiet().lists("till-1", {{"a", "parked", "till-1"}}).lists("till-2", {});
  EXPECT_EQ(tab.found().front(), "till-1 lists an order that is over.");
}

TEST(Inv40, FindsAnOrderThatIsLostOrListedTwice) {
  Tab lost;
  lost.done("till-1", "park", "a").quiet().lists("till-1", {}).lists("till-2", {});
  lost.believes("till-2", 1);
  EXPECT_EQ(lost.found(), Found{"The order a is lost."});
  Tab twice;
  const OrderLook row{"a", "parked", "till-1"};
  twice.done("till-1", "park", "a").quiet().lists("till-1", {row, row}).lists("till-2", {row});
  EXPECT_EQ(twice.found(), Found{"till-1 lists an order twice."});
}

TEST(Inv40, FindsTwoHubsAndTillsThatListDifferentThings) {
  Tab tab;
  tab.done("till-1", "park", "a").quiet();
  tab.lists("till-1", {{"a", "parked", "till-1"}}).lists("till-2", {}, "till-2", 2);
  EXPECT_EQ(tab.found(), (Found{"The tills do not agree on a hub, although the LAN is whole.",
                                "till-1 and till-2 do not list the same orders."}));
}

TEST(Inv40, FindsATillThatBelievesAnOlderEpochAgain) {
  Tab tab;
  tab.believes("till-1", 1).believes("till-1", 2).believes("till-1", 1);
  EXPECT_EQ(tab.found(), Found{"till-1 believes a hub of an older epoch again."});
}

}  // namespace
}  // namespace tillrig::oracle
