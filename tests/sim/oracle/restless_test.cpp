#include "tests/sim/oracle/day.hpp"

// INV-28, INV-37: a till does not go round in circles, and a sale waits for no line.
namespace tillrig::oracle {
namespace {

// A question that a till asks so often, a second apart.
void asks(Day& day, const std::string& target, int times) {
  for (int i = 0; i < times; ++i) {
    WireEntry wire;
    wire.till = Day::kTill;
    wire.exchange = day.tapes.wire.size() + 1;
    wire.sent = Instant{0} + 200s + i * base::Duration{1s};
    wire.ended = wire.reached_cloud = wire.sent;
    wire.method = "GET";
    wire.target = target + (target.starts_with("/v1/ping") ? std::to_string(i) : "");
    wire.status = wire.cloud_status = 200;
    wire.from_cloud = true;
    day.tapes.wire.push_back(wire);
  }
}

OrderEntry& completes(Day& day, const std::string& sale) {
  OrderEntry order;
  order.till = Day::kTill;
  order.what = "complete";
  order.at = day.acknowledgement(sale).at - 10ms;
  order.outcome = OrderEntry::Outcome::done;
  order.sale = sale;
  day.tapes.orders.push_back(order);
  return day.tapes.orders.back();
}

TEST(Inv28, FindsATableThatIsReadAgainAndAgain) {
  Day day = good_day();
  asks(day, "/v1/sync/down?collection=items&cursor=0", 260);
  EXPECT_TRUE(verdict_of(day, "INV-28").violations.empty());
  asks(day, "/v1/sync/down?collection=items&cursor=0", 1);
  EXPECT_TRUE(is_found(day, "INV-28", "", 0));
}

TEST(Inv28, CountsWhatDiffersApart) {
  Day day = good_day();
  asks(day, "/v1/sync/down?collection=items&cursor=0", 200);
  asks(day, "/v1/sync/down?collection=items&cursor=5", 200);
  EXPECT_TRUE(verdict_of(day, "INV-28").violations.empty());
}

TEST(Inv28, KnowsAProbeByItsNameAndLetsItComeOftener) {
  Day day = good_day();
  asks(day, "/v1/ping?nonce=", 1400);
  EXPECT_TRUE(verdict_of(day, "INV-28").violations.empty());
  asks(day, "/v1/ping?nonce=", 100);
  EXPECT_TRUE(is_found(day, "INV-28", "", 0));
}

TEST(Inv28, FindsAnUploadThatIsSentAgainAtOnceUnderANewNumber) {
  Day day = good_day();
  const WireEntry last = day.tapes.wire.back();
  for (int i = 0; i < 300; ++i) {
    WireEntry again = last;
    again.exchange = day.tapes.wire.size() + 1;
    again.sent = again.reached_cloud = again.ended = last.ended + i * base::Duration{1s};
    day.tapes.wire.push_back(again);
  }
  EXPECT_TRUE(is_found(day, "INV-28", "", 0));
}

TEST(Inv37, FindsASaleThatKeptTheCashierWaiting) {
  Day day = good_day();
  OrderEntry& order = completes(day, "till-1.1.2");
  EXPECT_EQ(verdict_of(day, "INV-37").judged, 1U);
  EXPECT_TRUE(verdict_of(day, "INV-37").violations.empty());
  order.at = day.acknowledgement("till-1.1.2").at - 151ms;
  EXPECT_TRUE(is_found(day, "INV-37", "till-1.1.2", 3));
}

TEST(Inv37, ExcusesAMachineThatHindersAndABedOfRealTime) {
  Day day = good_day();
  completes(day, "till-1.1.2").at = Instant{0};
  Day frozen = day;
  frozen.tapes.acts.insert(frozen.tapes.acts.begin(), ActEntry{Instant{0}, ActEntry::Kind::fault,
                                                               "app.frozen", Day::kTill, 0, 0});
  EXPECT_TRUE(verdict_of(frozen, "INV-37").violations.empty());
  day.tapes.real_time = true;
  EXPECT_EQ(verdict_of(day, "INV-37").judged, 0U);
}

TEST(Inv37, LeavesOutMoneyThatTheCloudKeeps) {
  Day day = good_day();
  OrderEntry tender;
  tender.till = Day::kTill;
  tender.what = "tender";
  tender.fields.add("kind", std::string("gift-card"));
  day.tapes.orders.push_back(tender);
  completes(day, "till-1.1.2").at = Instant{0};
  EXPECT_EQ(verdict_of(day, "INV-37").judged, 0U);
}

}  // namespace
}  // namespace tillrig::oracle
