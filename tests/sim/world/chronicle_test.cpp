#include "sim/world/timeline/chronicle.hpp"

#include "sim/trace/reader.hpp"
#include "sim/trace/sink.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::world {
namespace {

using namespace std::chrono_literals;
using Args = std::vector<ports::Arg>;

// A timeline in the making, and as it reads afterwards.
class Told {
 public:
  std::uint64_t note(std::string_view whose, std::string_view mark, std::string_view sale = {},
                     const Args& args = {}, std::uint64_t cause = 0, std::uint64_t struck = 0) {
    Chronicle::Moment moment{at, cause, struck, 7};
    return chronicle.note(moment, whose, {mark, sale, severity}, args);
  }

  trace::Reader& read() {
    if (reader_) return *reader_;
    EXPECT_TRUE(writer.finish());
    reader_.emplace(*trace::Reader::open(sink.bytes(), "run"));
    return *reader_;
  }
  // "lane name sale" of each event.
  std::vector<std::string> lines() {
    trace::Reader& reader = read();
    std::vector<std::string> all;
    auto cursor = reader.from();
    trace::Event event;
    while (cursor.next(event)) {
      events.push_back(event);
      all.push_back(fmt::format("{} {} {}", reader.text(event.lane), reader.text(event.name),
                                reader.text(event.sale)));
    }
    return all;
  }
  template <class Record>
  std::vector<Record> records() {
    std::vector<Record> all;
    const auto records = read().records();
    for (const trace::Record& record : *records) {
      if (const auto* one = std::get_if<Record>(&record)) all.push_back(*one);
    }
    return all;
  }

  trace::MemorySink sink;
  trace::Writer writer{sink, {"test", "", 1, "test"}};
  Chronicle chronicle{writer};
  base::Instant at;
  ports::Severity severity = ports::Severity::info;
  std::vector<trace::Event> events;

 private:
  std::optional<trace::Reader> reader_;
};

TEST(Chronicle, PutsWhatATillDoesOnTheRowOfTheDeviceOrStoreThatDoesIt) {
  Told told;
  told.note("till-1", "scan.read");
  told.note("till-1", "ledger.synced", "till-1.1.2");
  told.note("till-1", "outbox.settled", "till-1.1.2");
  told.note("till-1", "login.ok");
  told.note("till-1", "receipt.printed");
  told.note("cloud", "cloud.applied", "till-1.1.2");
  told.note("till-2", "fault.begun");
  told.note("till-2", "fault.fired");
  EXPECT_EQ(told.lines(),
            (std::vector<std::string>{
                "till-1/scanner scan.read till-1~1", "till-1/store ledger.synced till-1.1.2",
                "till-1/outbox outbox.settled till-1.1.2", "till-1/sync login.ok ",
                "till-1/printer receipt.printed ", "cloud cloud.applied till-1.1.2",
                "faults fault.begun ", "till-2/faults fault.fired "}));
}

TEST(Chronicle, GivesEachDeviceARowOfItsOwnByItsRole) {
  Told told;
  told.note("till-1", "device.did", {}, {{"role", "printer"}, {"what", "drawer"}});
  told.note("till-1", "device.did", {}, {{"role", "scanner"}, {"what", "beep"}});
  EXPECT_EQ(told.lines(),
            (std::vector<std::string>{"till-1/printer device.did ", "till-1/scanner device.did "}));
}

TEST(Chronicle, KnowsASaleFromItsFirstScan) {
  Told told;
  told.note("till-1", "scan.read");
  told.note("till-2", "scan.read");
  told.note("till-1", "screen.shown", {}, {{"kind", "counters"}});
  told.note("till-1", "screen.shown", {}, {{"kind", "scan_rejected"}});
  told.note("till-1", "checkout.begun");
  told.note("till-1", "sale.begun", "till-1.1.1", {{"kind", "epoch_opened"}});
  told.note("till-1", "sale.begun", "till-1.1.2", {{"kind", "sale"}});
  told.note("till-1", "scan.read");
  told.note("till-1", "world.act", {}, {{"what", "till.kill"}});
  told.note("till-1", "scan.read");
  EXPECT_EQ(told.lines(),
            (std::vector<std::string>{
                "till-1/scanner scan.read till-1~1", "till-2/scanner scan.read till-2~1",
                "till-1/screen screen.shown ", "till-1/screen screen.shown till-1~1",
                "till-1 checkout.begun till-1~1", "till-1/store sale.begun till-1.1.1",
                "till-1/store sale.begun till-1.1.2", "till-1 sale.numbered till-1.1.2",
                "till-1/scanner scan.read till-1~2", "till-1 world.act till-1~2",
                "till-1/scanner scan.read till-1~3"}));
  const trace::Event& numbered = told.events[7];
  ASSERT_EQ(numbered.args.size(), 1U);
  const trace::Name was{static_cast<std::uint32_t>(numbered.args[0].number)};
  EXPECT_EQ(told.read().text(was), "till-1~1");
  EXPECT_EQ(numbered.cause, 7U);
}

TEST(Chronicle, TellsHowLongThingsTookWhenTheyEnd) {
  Told told;
  told.note("till-1", "link.offline");
  told.at = told.at + 2s;
  told.note("till-1", "link.offline");  // for another cause: the same outage
  told.note("till-1", "batch.sent", {}, {{"batch", std::int64_t{1}}});
  told.at = told.at + 1s;
  told.note("till-1", "batch.sent", {}, {{"batch", std::int64_t{2}}});
  told.at = told.at + 1s;
  told.note("till-1", "batch.failed", {}, {{"batch", std::int64_t{2}}});
  told.note("till-1", "batch.answered", {}, {{"batch", std::int64_t{1}}});
  told.note("till-1", "link.online");
  told.lines();
  std::map<std::uint64_t, base::Duration> took;
  for (const trace::Event& event : told.events) {
    if (event.duration.count() != 0) took[event.cause] = event.duration;
  }
  EXPECT_EQ(took, (std::map<std::uint64_t, base::Duration>{{5, 1s}, {7, 2s}, {9, 4s}}))
      << "by the event that ended it";
}

TEST(Chronicle, AKilledAppEndsNothingButItsSalesGoOnWaiting) {
  Told told;
  told.note("till-1", "batch.sent", {}, {{"batch", std::int64_t{1}}});
  told.note("till-1", "sale.committed", "till-1.1.2");
  told.note("till-1", "world.act", {}, {{"what", "till.kill"}});
  told.at = told.at + 9s;
  told.note("till-1", "batch.failed", {}, {{"batch", std::int64_t{1}}});
  told.note("till-1", "outbox.settled", "till-1.1.2");
  const auto lines = told.lines();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "till-1/sync upload "), 0);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "till-1/outbox sync till-1.1.2"), 1);
}

TEST(Chronicle, WritesTheStateOfATillNowAndThen) {
  Told told;
  told.note("till-1", "screen.shown", {}, {{"kind", "counters"}, {"pending", std::int64_t{3}}});
  told.note("till-1", "screen.shown", {}, {{"kind", "prompt"}, {"code", "no_internet"}});
  for (std::uint64_t i = 0; i < 3 * Chronicle::kBetweenSnapshots; ++i) told.note("cloud", "x.y");
  told.note("till-1", "prompt.closed", {}, {{"prompt", "no_internet"}});
  told.note("till-1", "world.act", {}, {{"what", "quiet"}});
  const auto all = told.records<trace::Snapshot>();
  ASSERT_EQ(all.size(), 4U);
  std::uint64_t after = 0;
  for (const trace::Snapshot& snapshot : all) {
    EXPECT_LE(snapshot.after - after, Chronicle::kBetweenSnapshots);
    after = snapshot.after;
  }
  ASSERT_EQ(all[0].state.size(), 2U);
  EXPECT_EQ(told.read().text(all[0].state[0].key), "counters.pending");
  EXPECT_EQ(all[0].state[0].number, 3);
  EXPECT_EQ(told.read().text(all[0].state[1].key), "prompt.no_internet");
  ASSERT_EQ(all[3].state.size(), 2U) << "the prompt is gone";
  EXPECT_EQ(told.read().text(all[3].state[0].key), "app");
}

TEST(Chronicle, ShowsLargeBytesAsFarAsTheyAreWorthIt) {
  Told told;
  told.chronicle.attach("request", "wire", std::string(2 * Chronicle::kMostAttached, 'x'));
  told.chronicle.attach("answer", "wire", "");
  told.note("till-1", "wire.ended");
  told.note("till-1", "wire.ended");
  told.lines();
  ASSERT_EQ(told.events[0].args.size(), 1U);
  EXPECT_EQ(told.events[0].args[0].kind, trace::ArgKind::blob);
  EXPECT_TRUE(told.events[1].args.empty());
  EXPECT_EQ(told.read().blobs().at(0).bytes.size(), Chronicle::kMostAttached);
}

TEST(Chronicle, LeadsFromWhatIsBrokenToTheFaultThatHadAHandInIt) {
  Told told;
  told.note("world", "scenario.step");                         // 1
  told.note("till-1", "sale.committed", "till-1.1.2", {}, 1);  // 2
  told.note("till-1", "batch.sent", {}, {}, 2);                // 3
  told.note("world", "scenario.step");                         // 4
  told.severity = ports::Severity::warn;
  told.note("world", "fault.begun", {}, {}, 4);      // 5
  told.note("till-1", "fault.fired", {}, {}, 5, 3);  // 6
  told.severity = ports::Severity::info;
  told.note("cloud", "cloud.applied", "till-1.1.2", {}, 6);       // 7
  told.note("till-1", "sale.acknowledged", "till-1.1.2", {}, 2);  // 8
  told.chronicle.broken({"INV-01", "it is gone", "till-1.1.2", "till-1", told.at, 3});
  const auto all = told.records<trace::Violation>();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].chain, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(told.read().text(all[0].sale), "till-1.1.2");
}

TEST(Chronicle, NamesTheDisturbanceNearestToWhatIsBrokenWhenNothingLeadsToOne) {
  Told told;
  told.note("till-1", "sale.committed", "till-1.1.2");  // 1
  told.at = told.at + 1s;
  told.severity = ports::Severity::warn;
  told.note("till-2", "world.act");  // 2: somebody else's
  told.note("till-1", "world.act");  // 3
  told.chronicle.broken({"INV-01", "it is gone", "till-1.1.2", "till-1", base::Instant{}, 3});
  EXPECT_EQ(told.records<trace::Violation>().at(0).chain, (std::vector<std::uint64_t>{1, 3}));
}

TEST(ChronicleDeathTest, ACauseComesBeforeItsEffect) {
  Told told;
  told.note("till-1", "scan.read");
  EXPECT_DEATH(told.note("till-1", "scan.read", {}, {}, 2), "a cause comes before its effect");
}

}  // namespace
}  // namespace tillrig::world
