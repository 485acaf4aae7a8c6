// What a till's program says, and what it is due to, where only its control line tells.
#include "sim/world/seat.hpp"

#include "sim/trace/reader.hpp"
#include "sim/trace/sink.hpp"
#include "tests/sim/world/real_time.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace tillrig::world {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

using Lines = std::vector<std::string>;

constexpr const char* kFirstPage = R"({"ev":"shown","kind":"stage","stage":"register"})";
constexpr const char* kNote = R"({"ev":"note","mark":"ledger.synced","sale":"till-1.1.2"})";
constexpr const char* kShown = R"({"ev":"shown","kind":"cart","total":129})";

// A program that says the next lines of its script whenever it is started or asked.
class Scripted final : public Seat {
 public:
  Scripted(const ports::Ports& rig, Recording& recording, std::deque<Lines> script)
      : Seat("till-1", rig, recording),
        link_("till-1", rig.clock, net::Conditions{}),
        script_(std::move(script)) {}

  net::Link& link() override { return link_; }
  Awaitable<Result<void>> retire() override { co_return Result<void>{}; }
  void says(const Lines& lines) {
    for (const std::string& line : lines) heard(line);
  }

 private:
  Result<void> launch() override {
    says_next();
    return {};
  }
  void cut_off() override {}
  void say(std::string /*line*/) override { says_next(); }
  [[nodiscard]] base::Duration patience() const override { return 5s; }
  void says_next() {
    if (script_.empty()) return;
    const Lines lines = std::move(script_.front());
    script_.pop_front();
    says(lines);
  }

  net::Link link_;
  std::deque<Lines> script_;
};

struct Table {
  // "name <- name of its cause" of each event.
  Lines told() {
    EXPECT_TRUE(writer.finish());
    auto reader = trace::Reader::open(sink.bytes(), "run");
    Lines names;
    Lines all;
    auto cursor = reader->from();
    trace::Event event;
    while (cursor.next(event)) {
      names.emplace_back(reader->text(event.name));
      all.push_back(names.back() + " <- " + (event.cause == 0 ? "?" : names.at(event.cause - 1)));
    }
    return all;
  }

  trace::MemorySink sink;
  trace::Writer writer{sink, {"test", "", 1, "test"}};
  RealTime real{&writer};
};

Awaitable<void> ask_one(RealTime* real, Scripted* seat) {
  auto started = co_await seat->start();
  EXPECT_TRUE(started);
  real->recording.at_line(7);
  Order complete("complete");
  auto asking = seat->ask(std::move(complete));
  auto answered = co_await std::move(asking);
  EXPECT_TRUE(answered);
  const Lines late = {kNote};
  seat->says(late);
}

TEST(Seat, WhatATillSaysWhileItHasOneOrderIsDueToThatOrderAndItsStep) {
  Table table;
  Scripted seat(table.real.ports, table.real.recording,
                {{kFirstPage}, {kNote, kShown, R"({"id":1,"ok":{}})", kNote}});
  EXPECT_TRUE(table.real.run(ask_one(&table.real, &seat)));
  EXPECT_EQ(table.told(),
            (Lines{"screen.shown <- ?", "scenario.step <- ?", "order.sent <- scenario.step",
                   "ledger.synced <- order.sent", "screen.shown <- order.sent",
                   "order.answered <- order.sent", "ledger.synced <- ?", "ledger.synced <- ?"}));
}

Awaitable<void> ask_another(Scripted* seat) {
  Order state("state");
  auto asking = seat->ask(std::move(state));
  co_await std::move(asking);
}

Awaitable<void> ask_two(RealTime* real, Scripted* seat) {
  auto started = co_await seat->start();
  EXPECT_TRUE(started);
  real->recording.at_line(7);
  real->recording.many_hands();
  auto other = ask_another(seat);
  base::spawn(real->io.get_executor(), std::move(other));
  Order complete("complete");
  auto asking = seat->ask(std::move(complete));
  auto answered = co_await std::move(asking);
  EXPECT_TRUE(answered);
}

TEST(Seat, WhereSeveralOrdersOrHandsAreAtWorkOnlyAnswersKnowTheirCause) {
  Table table;
  Scripted seat(table.real.ports, table.real.recording,
                {{kFirstPage}, {}, {kNote, R"({"id":1,"ok":{}})", kShown, R"({"id":2,"ok":{}})"}});
  EXPECT_TRUE(table.real.run(ask_two(&table.real, &seat)));
  EXPECT_EQ(table.told(),
            (Lines{"screen.shown <- ?", "scenario.step <- ?", "order.sent <- ?", "order.sent <- ?",
                   "ledger.synced <- ?", "order.answered <- order.sent", "screen.shown <- ?",
                   "order.answered <- order.sent"}));
}

}  // namespace
}  // namespace tillrig::world
