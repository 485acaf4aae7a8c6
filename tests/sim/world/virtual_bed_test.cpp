#include "sim/world/virtual_bed.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/spawn.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"
#include "sim/words/fault.hpp"
#include "sim/world/provision.hpp"
#include "tests/sim/world/shop.hpp"

#include <gtest/gtest.h>

namespace tillrig::world {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Setup small_shop() {
  return milk_shop("virtual_bed_test");
}

// Sells one piece of milk for cash; the id of the sale, or empty when it was refused.
Awaitable<std::string> sell(Bed* bed, std::string till) {
  const std::string code = "4006381333931";
  auto scanned = co_await bed->scan(till, code);
  EXPECT_TRUE(scanned.has_value());
  const Order tender = Order("tender").with("kind", "cash").with("amount", 500);
  auto tendered = co_await bed->command(till, tender);
  if (!tendered) {
    ADD_FAILURE() << tendered.error().what;
    co_return std::string();
  }
  const Order complete("complete");
  auto completed = co_await bed->command(till, complete);
  if (!completed) {
    if (completed.error().code != base::Code::closed) ADD_FAILURE() << completed.error().what;
    co_return std::string();
  }
  co_return completed->sale;
}

Awaitable<void> open_shop(Bed* bed) {
  auto opened = co_await bed->open();
  EXPECT_TRUE(opened.has_value());
  const std::string till = "till-1";
  auto started = co_await bed->start(till);
  EXPECT_TRUE(started.has_value());
}

Awaitable<void> sell_online(Bed* bed) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  const std::string sale = co_await sell(bed, till);
  EXPECT_EQ(sale, "till-1.1.2");
  co_await bed->pass(2s);
  auto looked = co_await bed->look();
  EXPECT_TRUE(looked.has_value());
  co_await bed->close();
}

TEST(VirtualBed, WhatItsTillsLogInWithStandsOnNoTimeline) {
  trace::MemorySink sink;
  trace::Writer timeline(sink, {"test", "", 1, "test"});
  const auto setup = small_shop();
  VirtualBed bed(setup, &timeline);
  const auto ran = bed.run(sell_online(&bed));
  ASSERT_TRUE(ran) << ran.error().what;
  ASSERT_TRUE(timeline.finish());
  const Provision provision(setup.seed);
  const base::Bytes& told = sink.bytes();
  EXPECT_NE(told.find("\"generation\":1"), std::string::npos) << "what went over the line is there";
  for (const std::string& secret : {provision.secret_of("till-1"), provision.audit_secret()}) {
    EXPECT_EQ(told.find(secret), std::string::npos);
    EXPECT_EQ(told.find(base::blake2b(secret).hex()), std::string::npos);
  }
}

TEST(VirtualBed, ASaleReachesPaperAndCloud) {
  VirtualBed bed(small_shop(), nullptr);
  const auto ran = bed.run(sell_online(&bed));
  ASSERT_TRUE(ran) << ran.error().what;
  const oracle::Tapes& tapes = bed.recording().tapes();
  ASSERT_EQ(tapes.paper.size(), 1U);
  EXPECT_NE(tapes.paper[0].text.find("TOTAL"), std::string::npos) << tapes.paper[0].text;
  EXPECT_NE(tapes.paper[0].text.find("Sale till-1.1.2"), std::string::npos);
  ASSERT_EQ(tapes.cloud.size(), 1U);
  ASSERT_EQ(tapes.cloud[0].rows.size(), 2U);  // the epoch's announcement and the sale
  EXPECT_EQ(tapes.cloud[0].rows[1].total, 129);
  ASSERT_EQ(tapes.registers.size(), 1U);
  EXPECT_EQ(tapes.registers[0].pending, 0U);
}

Awaitable<void> sell_two_days_ahead(Bed* bed) {
  co_await open_shop(bed);
  const words::Fault* jump = words::Table<words::Fault>::find("clock.jump");
  words::Args args;
  args.set("by", std::int64_t{std::chrono::nanoseconds(48h).count()});
  const std::string till = "till-1";
  EXPECT_TRUE(bed->start_fault(*jump, args, till));
  const std::string sale = co_await sell(bed, till);
  EXPECT_EQ(sale, "till-1.1.2");
  co_await bed->pass(2s);
  co_await bed->close();
}

TEST(VirtualBed, AWrongClockIsOnDocumentsAndChangesNoBusinessDay) {
  VirtualBed bed(small_shop(), nullptr);
  const auto ran = bed.run(sell_two_days_ahead(&bed));
  ASSERT_TRUE(ran) << ran.error().what;
  std::string sent;
  for (const oracle::WireEntry& entry : bed.recording().tapes().wire) {
    if (entry.target == "/v1/sync/up") sent = entry.body;
  }
  const std::int64_t two_days_ahead = bed.setup().wall_open_ms + 2 * 86'400'000;
  const std::string wall = std::to_string(two_days_ahead / 1'000'000);  // some 17 minutes of it
  EXPECT_NE(sent.find("\"wall\":" + wall), std::string::npos) << sent;
  EXPECT_NE(sent.find("\"day\":\"2026-03-02\""), std::string::npos) << sent;
}

Awaitable<void> thaw_after(Bed* bed, base::Duration time) {
  co_await bed->pass(time);
  const std::string till = "till-1";
  EXPECT_TRUE(bed->thaw(till));
}

Awaitable<void> sell_while_frozen(Bed* bed, base::Duration* took) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  EXPECT_FALSE(bed->thaw(till));
  EXPECT_TRUE(bed->freeze(till));
  EXPECT_FALSE(bed->freeze(till));
  auto thawing = thaw_after(bed, 30s);
  base::spawn(bed->player().executor, std::move(thawing));
  const base::Instant began = bed->player().clock.now();
  auto state = co_await bed->state(till);
  EXPECT_TRUE(state.has_value());
  *took = bed->player().clock.now() - began;
  const std::string sale = co_await sell(bed, till);
  EXPECT_EQ(sale, "till-1.1.2");
  co_await bed->close();
}

TEST(VirtualBed, AFrozenTillAnswersWhenItIsThawed) {
  VirtualBed bed(small_shop(), nullptr);
  base::Duration took{};
  const auto ran = bed.run(sell_while_frozen(&bed, &took));
  ASSERT_TRUE(ran) << ran.error().what;
  EXPECT_EQ(took, 30s);
}

Awaitable<void> kill_while_frozen(Bed* bed) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  EXPECT_TRUE(bed->freeze(till));
  co_await bed->pass(10s);
  EXPECT_TRUE(bed->kill(till));
  EXPECT_FALSE(bed->thaw(till));
  auto started = co_await bed->start(till);
  EXPECT_TRUE(started.has_value());
  const std::string sale = co_await sell(bed, till);
  EXPECT_FALSE(sale.empty());
  co_await bed->close();
}

TEST(VirtualBed, AFrozenTillCanBeKilledAndStartedAgain) {
  VirtualBed bed(small_shop(), nullptr);
  const auto ran = bed.run(kill_while_frozen(&bed));
  ASSERT_TRUE(ran) << ran.error().what;
}

// Starts the till a second time while it runs, and sells and closes in whatever is in front then.
Awaitable<void> sell_and_start_again(Bed* bed, Result<void>* again, bool* still_runs) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  const std::string sale = co_await sell(bed, till);
  EXPECT_EQ(sale, "till-1.1.2");
  *again = co_await bed->start_again(till);
  const Order close("close");
  auto closed = co_await bed->command(till, close);
  EXPECT_TRUE(closed.has_value());
  *still_runs = bed->running(till);
  co_await bed->close();
}

TEST(VirtualBed, ATillThatRunsIsNotStartedASecondTime) {
  VirtualBed bed(small_shop(), nullptr);
  Result<void> again;
  bool still_runs = true;
  const auto ran = bed.run(sell_and_start_again(&bed, &again, &still_runs));
  ASSERT_TRUE(ran) << ran.error().what;
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::Code::busy);
  EXPECT_NE(again.error().what.find("till-1 is running already"), std::string::npos)
      << again.error().what;
  EXPECT_FALSE(still_runs);
}

TEST(VirtualBed, ASecondProgramIsInFrontUntilItIsClosed) {
  auto setup = small_shop();
  setup.mutants.add("no_folder_lock");
  VirtualBed bed(setup, nullptr);
  Result<void> again;
  bool still_runs = false;
  const auto ran = bed.run(sell_and_start_again(&bed, &again, &still_runs));
  ASSERT_TRUE(ran) << ran.error().what;
  EXPECT_TRUE(again) << again.error().what;
  EXPECT_TRUE(still_runs) << "the first one is there again";
}

Awaitable<void> sell_through_an_outage(Bed* bed, std::uint64_t* pending) {
  co_await open_shop(bed);
  const words::Fault* down = words::Table<words::Fault>::find("wan.down");
  EXPECT_NE(down, nullptr);
  const words::Args none;
  co_await bed->pass(2s);  // the epoch's announcement is uploaded
  const auto fault = bed->start_fault(*down, none, "till-1");
  EXPECT_TRUE(fault.has_value());
  co_await bed->pass(60s);
  const std::string till = "till-1";
  const std::string sale = co_await sell(bed, till);
  EXPECT_FALSE(sale.empty());
  auto state = co_await bed->state(till);
  EXPECT_TRUE(state.has_value());
  EXPECT_EQ(state->link, "offline");
  EXPECT_EQ(state->cause, "link");
  *pending = state->counters.pending;
  EXPECT_TRUE(bed->faults().heal(*fault).has_value());
  co_await bed->pass(30s);
  auto looked = co_await bed->look();
  EXPECT_TRUE(looked.has_value());
  co_await bed->close();
}

TEST(VirtualBed, ASaleSurvivesAnOutageAndTwoRunsAreTheSame) {
  std::uint64_t digests[2] = {0, 0};
  for (std::uint64_t& digest : digests) {
    VirtualBed bed(small_shop(), nullptr);
    std::uint64_t pending = 0;
    const auto ran = bed.run(sell_through_an_outage(&bed, &pending));
    ASSERT_TRUE(ran) << ran.error().what;
    EXPECT_EQ(pending, 1U);
    ASSERT_EQ(bed.recording().tapes().cloud.size(), 1U);
    EXPECT_EQ(bed.recording().tapes().cloud[0].rows.size(), 2U);
    digest = bed.digest();
  }
  EXPECT_EQ(digests[0], digests[1]);
}

Awaitable<void> die_and_come_back(Bed* bed, std::uint64_t call, std::uint64_t* calls,
                                  std::string* second) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  bed->kill_at_port_call(till, call);
  co_await sell(bed, till);
  co_await bed->pass(5s);
  *calls = bed->port_calls(till);
  if (!bed->running(till)) {
    auto restarted = co_await bed->start(till);
    EXPECT_TRUE(restarted.has_value());
  }
  *second = co_await sell(bed, till);
  co_await bed->pass(10s);
  auto looked = co_await bed->look();
  EXPECT_TRUE(looked.has_value());
  co_await bed->close();
}

TEST(VirtualBed, ATillKilledBeforeAnyPortCallSellsAgain) {
  std::uint64_t calls = 0;
  std::string second;
  {
    VirtualBed bed(small_shop(), nullptr);
    ASSERT_TRUE(bed.run(die_and_come_back(&bed, 0, &calls, &second)));
  }
  ASSERT_GE(calls, 10U);
  const std::uint64_t boundaries = calls;
  for (std::uint64_t call = 1; call <= boundaries; ++call) {
    VirtualBed bed(small_shop(), nullptr);
    std::uint64_t met = 0;
    const auto ran = bed.run(die_and_come_back(&bed, call, &met, &second));
    ASSERT_TRUE(ran) << ran.error().what;
    EXPECT_EQ(met, call);
    EXPECT_FALSE(second.empty()) << "killed before call " << call;
  }
  RecordProperty("boundaries", static_cast<int>(boundaries));
}

Awaitable<void> start_on_a_full_stop(Bed* bed) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  const words::Fault* read_only = words::Table<words::Fault>::find("disk.read_only");
  const words::Args none;
  const auto fault = bed->start_fault(*read_only, none, till);
  EXPECT_TRUE(fault.has_value());
  EXPECT_TRUE(bed->kill(till).has_value());
  auto started = co_await bed->start(till);
  EXPECT_FALSE(started.has_value());
  if (!started) {
    EXPECT_NE(started.error().what.find("till-1 cannot open its store"), std::string::npos)
        << started.error().what;
  }
  EXPECT_FALSE(bed->running(till)) << "its process ended, as the real one's does";
  auto state = co_await bed->state(till);
  EXPECT_FALSE(state.has_value());
  auto looked = co_await bed->look();
  EXPECT_TRUE(looked.has_value());
  EXPECT_GT(bed->faults().hits(*fault), 0U);
  co_await bed->close();
}

TEST(VirtualBed, ATillThatCannotOpenItsStoreEnds) {
  VirtualBed bed(small_shop(), nullptr);
  const auto ran = bed.run(start_on_a_full_stop(&bed));
  ASSERT_TRUE(ran) << ran.error().what;
  const auto& acts = bed.recording().tapes().acts;
  ASSERT_FALSE(acts.empty());
  EXPECT_EQ(acts.back().kind, oracle::ActEntry::Kind::stop);
}

Awaitable<void> look_often(Bed* bed, int looks) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  for (int i = 0; i < looks; ++i) {
    if (i % 50 == 0) co_await sell(bed, till);
    co_await bed->pass(1s);
    auto rows = co_await bed->cloud_rows();
    EXPECT_TRUE(rows.has_value());
  }
  auto looked = co_await bed->look();
  EXPECT_TRUE(looked.has_value());
  co_await bed->close();
}

TEST(VirtualBed, AskingTheCloudAgainAndAgainPutsOnlyWhatIsNewOnTheTapes) {
  VirtualBed bed(small_shop(), nullptr);
  const auto ran = bed.run(look_often(&bed, 200));
  ASSERT_TRUE(ran) << ran.error().what;
  const oracle::Tapes& tapes = bed.recording().tapes();
  EXPECT_LE(tapes.cloud.size(), 6U) << "four sales, and the end";
  EXPECT_GE(tapes.cloud.size(), 5U);
  EXPECT_EQ(tapes.cloud.back().rows.size(), 5U);
  EXPECT_EQ(tapes.registers.size(), tapes.cloud.size());
}

Awaitable<void> ask_beside(Bed* bed, std::vector<std::string>* order) {
  co_await open_shop(bed);
  const std::string till = "till-1";
  const std::string code = "4006381333931";
  auto scanned = co_await bed->scan(till, code);
  const Order tender = Order("tender").with("kind", "cash").with("amount", 500);
  auto tendered = co_await bed->command(till, tender);
  EXPECT_TRUE(scanned && tendered);
  auto completing = [](Bed* on, std::vector<std::string>* said) -> Awaitable<void> {
    const std::string where = "till-1";
    const Order complete("complete");
    auto completed = co_await on->command(where, complete);
    EXPECT_TRUE(completed.has_value());
    said->emplace_back("complete");
  };
  auto complete = completing(bed, order);
  base::spawn(bed->player().executor, std::move(complete));
  co_await bed->pass(1us);  // the sale's copies are being synced
  auto state = co_await bed->state(till);
  EXPECT_TRUE(state.has_value());
  order->emplace_back("state");
  co_await bed->pass(2s);
  co_await bed->close();
}

TEST(VirtualBed, ATillAnswersWhileAnotherCommandIsUnderWay) {
  VirtualBed bed(small_shop(), nullptr);
  std::vector<std::string> order;
  const auto ran = bed.run(ask_beside(&bed, &order));
  ASSERT_TRUE(ran) << ran.error().what;
  EXPECT_EQ(order, (std::vector<std::string>{"state", "complete"}));
}

Awaitable<void> break_a_promise(Bed* bed) {
  co_await bed->pass(3s);
  TILLRIG_ASSERT(bed == nullptr, "planted");
}

TEST(VirtualBedDeathTest, ABrokenAssertionSaysInWhichRunAndWhen) {
  EXPECT_DEATH(
      {
        VirtualBed bed(small_shop(), nullptr);
        static_cast<void>(bed.run(break_a_promise(&bed)));
      },
      "virtual_bed_test, seed 1, at 3000000000 ns of virtual time");
}

}  // namespace
}  // namespace tillrig::world
