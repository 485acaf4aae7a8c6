#include "tests/sim/oracle/day.hpp"

// INV-29 and INV-30: what a forced resync sends and does not, and what a clean-up may delete.
namespace tillrig::oracle {
namespace {

// Two sales are in the cloud; it is put back to a backup that has the first one only, and the till
// is told to compare: sales till-1.1.2 (line 3) and till-1.1.3 (line 4).
struct PutBackDay {
  Day day;
  std::string kept, lost;

  PutBackDay() {
    day.at(1s, 1).act(ActEntry::Kind::start, "till", Day::kTill);
    day.login(1);
    const std::string opened = day.at(2s, 2).opens(1);
    kept = day.at(3s, 3).sells(2, 1, 100);
    lost = day.at(4s, 4).sells(3, 2, 200);
    day.at(5s, 5).sends({opened, kept, lost});
    day.at(6s, 6).looks();
    day.at(10s, 7).act(ActEntry::Kind::kill, "cloud.put_back");
    day.at(11s, 8).looks();
    day.not_in_cloud(lost);
    OrderEntry order;
    order.at = Instant{0} + 20s;
    order.till = Day::kTill;
    order.what = "force_resync";
    order.outcome = OrderEntry::Outcome::done;
    day.tapes.orders.push_back(order);
  }
  Day& ends() { return day.at(40s, 10).looks(); }
};

TEST(Inv29, HoldsWhenExactlyWhatTheCloudLostIsSent) {
  PutBackDay it;
  it.day.at(30s, 9).sends({it.lost}, "applied");
  const Verdict verdict = verdict_of(it.ends(), "INV-29");
  EXPECT_GT(verdict.judged, 0U);
  EXPECT_TRUE(verdict.violations.empty());
}

TEST(Inv29, FindsWhatWasNotSent) {
  PutBackDay it;
  EXPECT_TRUE(is_found(it.ends(), "INV-29", it.lost, 4));
}

TEST(Inv29, AnInterruptedOneOwesNothing) {
  PutBackDay it;
  it.day.tapes.orders.back().outcome = OrderEntry::Outcome::refused;
  EXPECT_TRUE(verdict_of(it.ends(), "INV-29").violations.empty());
}

TEST(Inv29, FindsWhatTheCloudHeldAndWasSent) {
  PutBackDay it;
  it.day.at(30s, 9).sends({it.kept, it.lost}, "duplicate");
  EXPECT_TRUE(is_found(it.ends(), "INV-29", it.kept, 3));
}

TEST(Inv29, FindsOtherContentThatIsPassedOver) {
  PutBackDay it;
  it.day.cloud_row(it.kept).hash = "other";
  it.day.at(30s, 9).sends({it.lost}, "applied");
  it.ends();
  EXPECT_TRUE(is_found(it.day, "INV-29", it.kept, 3));
  it.day.register_row(it.kept).sync = "quarantined";
  EXPECT_TRUE(verdict_of(it.day, "INV-29").violations.empty());
}

TEST(Inv29, FindsAProgressThatLeavesOutWhatWasMade) {
  PutBackDay it;
  it.day.at(30s, 9).sends({it.lost}, "applied");
  it.ends();
  StateLook look;
  look.at = Instant{0} + 35s;
  look.till = Day::kTill;
  look.resync = "done";
  look.done = look.all = 3;
  it.day.tapes.states.push_back(look);
  EXPECT_TRUE(verdict_of(it.day, "INV-29").violations.empty());
  it.day.tapes.states.back().done = 2;
  EXPECT_FALSE(verdict_of(it.day, "INV-29").violations.empty()) << "done, with one left";
  it.day.tapes.states.back().done = it.day.tapes.states.back().all = 1;
  EXPECT_FALSE(verdict_of(it.day, "INV-29").violations.empty()) << "it had made two sales";
}

// Two sales are in the cloud, and somebody has old ones cleaned up: till-1.1.2 (line 3) goes.
struct CleanUpDay {
  Day day;
  std::string old, kept;

  CleanUpDay() {
    day.at(1s, 1).act(ActEntry::Kind::start, "till", Day::kTill);
    day.login(1);
    const std::string opened = day.at(2s, 2).opens(1);
    old = day.at(3s, 3).sells(2, 1, 100);
    kept = day.at(4s, 4).sells(3, 2, 200);
    day.at(5s, 5).sends({opened, old, kept});
    day.at(6s, 6).looks();
    OrderEntry order;
    order.at = Instant{0} + 20s;
    order.till = Day::kTill;
    order.what = "clean_up";
    order.fields.add("confirm", std::string("Clean up old transactions already on server"));
    order.outcome = OrderEntry::Outcome::done;
    day.tapes.orders.push_back(order);
    WireEntry wire = day.tapes.wire.back();
    wire.sent = wire.reached_cloud = Instant{0} + 21s;
    wire.ended = Instant{0} + 22s;
    wire.target = "/v1/sync/manifest";
    wire.body =
        R"({"items":[{"uuid":")" + old + R"(","hash":")" + day.cloud_row(old).hash + "\"}]}";
    say(wire, R"({"count":1,"missing":[],"different":[]})");
    day.tapes.wire.push_back(wire);
    day.at(40s, 10).looks();
    std::erase_if(day.tapes.registers.back().rows,
                  [&](const RegisterEntry& row) { return row.id == old; });
  }
  static void say(WireEntry& wire, const std::string& answer) {
    wire.answer = wire.cloud_answer = answer;
  }
};

TEST(Inv30, HoldsWhenTheCloudConfirmedIt) {
  const CleanUpDay it;
  const Verdict verdict = verdict_of(it.day, "INV-30");
  EXPECT_GT(verdict.judged, 0U);
  EXPECT_TRUE(verdict.violations.empty());
  EXPECT_TRUE(verdict_of(it.day, "INV-26").violations.empty()) << "it counts as uploaded still";
}

TEST(Inv30, FindsWhatWasDeletedUnasked) {
  CleanUpDay it;
  it.day.tapes.wire.pop_back();
  EXPECT_TRUE(is_found(it.day, "INV-30", it.old, 3));
}

TEST(Inv30, FindsWhatWasDeletedAlthoughTheCloudDoesNotHaveIt) {
  CleanUpDay it;
  CleanUpDay::say(it.day.tapes.wire.back(),
                  R"({"count":0,"missing":[")" + it.old + R"("],"different":[]})");
  EXPECT_TRUE(is_found(it.day, "INV-30", it.old, 3));
}

TEST(Inv30, FindsWhatTheCloudConfirmedAndDoesNotHave) {
  CleanUpDay it;
  it.day.not_in_cloud(it.old);
  EXPECT_TRUE(is_found(it.day, "INV-30", it.old, 3));
}

TEST(Inv30, FindsWhatIsThereAgainAfterItWasDeleted) {
  CleanUpDay it;
  it.day.at(50s, 11).looks();
  EXPECT_TRUE(is_found(it.day, "INV-30", it.old, 3));
  it.day.tapes.registers.pop_back();
  EXPECT_TRUE(verdict_of(it.day, "INV-30").violations.empty());
}

}  // namespace
}  // namespace tillrig::oracle
