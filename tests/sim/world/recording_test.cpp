#include "sim/world/recording.hpp"

#include "pos/wire/api.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace tillrig::world {
namespace {

class StillClock final : public ports::Clock {
 public:
  [[nodiscard]] base::Instant now() const override { return {}; }
  [[nodiscard]] base::WallTime wall() const override { return {}; }
  [[nodiscard]] ports::Uptime uptime() const override { return {}; }
};

constexpr const char* kTill = "till-1";

Shown shown(std::string kind) {
  Shown made;
  made.kind = std::move(kind);
  return made;
}

// One of each that a run puts on its tapes.
struct Seen {
  Shown completed = shown("completed");
  Shown counters = shown("counters");
  Shown prompt = shown("prompt");
  Shown refused = shown("refused");
  Shown cart = shown("cart");
  net::Exchange exchange;
  oracle::CloudEntry row;
  oracle::RegisterEntry register_row;
  oracle::RegisterLook look;
  std::string poisoned = "till-1.1.2";

  Seen() {
    completed.facts.add("sale", "till-1.1.2");
    prompt.prompt.buttons = {"OK"};
    exchange.till = kTill;
  }

  [[nodiscard]] std::uint64_t digest() const {
    const StillClock clock;
    Recording recording(clock, nullptr);
    for (const Shown& one : {completed, counters, prompt, refused, cart}) {
      recording.shown(kTill, one);
    }
    recording.finished(exchange);
    oracle::Tapes& tapes = recording.tapes();
    tapes.cloud.push_back({base::Instant{}, {row}});
    tapes.registers.push_back(look);
    tapes.registers.back().rows.push_back(register_row);
    tapes.poisoned.push_back(poisoned);
    return recording.digest();
  }
};

TEST(Recording, TellsApartRunsThatDifferInOneThingThatAnybodySaw) {
  const std::vector<std::function<void(Seen&)>> changes = {
      [](Seen&) {},
      [](Seen& seen) { seen.completed = shown("completed"); },
      [](Seen& seen) { seen.completed.facts.add("number", "1-0000002"); },
      [](Seen& seen) { seen.completed.facts.add("amount", 1); },
      [](Seen& seen) { seen.completed.facts.add("change", 1); },
      [](Seen& seen) { seen.counters.facts.add("pending", 1); },
      [](Seen& seen) { seen.counters.facts.add("quarantined", 1); },
      [](Seen& seen) { seen.counters.facts.add("uploaded", 1); },
      [](Seen& seen) { seen.counters.facts.add("points", 1); },
      [](Seen& seen) { seen.cart.facts.add("points", 1); },
      [](Seen& seen) { seen.row.facts.add("member", "ana"); },
      [](Seen& seen) { seen.prompt.prompt.text = "İ"; },
      [](Seen& seen) { seen.prompt.prompt.buttons = {"Cancel"}; },
      [](Seen& seen) { seen.refused.facts.add("text", "1,50"); },
      [](Seen& seen) { seen.exchange.body = "{}"; },
      [](Seen& seen) { seen.exchange.body = "{1}"; },
      [](Seen& seen) { seen.exchange.encoding = "zstd"; },
      [](Seen& seen) { seen.exchange.target = "/v1/ping"; },
      [](Seen& seen) { seen.exchange.answer = "{\"v\":17,\"hash\":\"ab\"}"; },
      [](Seen& seen) { seen.exchange.answer = "{\"v\":17,\"hash\":\"ac\"}"; },
      [](Seen& seen) { seen.exchange.retry_after = std::chrono::seconds(1); },
      [](Seen& seen) { seen.exchange.cloud_status = 200; },
      [](Seen& seen) { seen.exchange.cloud_answer = "{}"; },
      [](Seen& seen) { seen.row.total = 1; },
      [](Seen& seen) { seen.row.payments_total = 1; },
      [](Seen& seen) { seen.row.hash = "ab"; },
      [](Seen& seen) { seen.register_row.sync = "queued"; },
      [](Seen& seen) { seen.register_row.why = "unknown_item"; },
      [](Seen& seen) { seen.look.pending = 1; },
      [](Seen& seen) { seen.poisoned = "till-1.1.3"; },
  };
  std::set<std::uint64_t> digests;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Seen seen;
    changes[i](seen);
    EXPECT_EQ(seen.digest(), seen.digest());
    EXPECT_TRUE(digests.insert(seen.digest()).second) << "change " << i << " is not noticed";
  }
}

TEST(Recording, PutsAFactThatNobodyTypedOnTheTapeByItsName) {
  const StillClock clock;
  Recording recording(clock, nullptr);
  Shown done = shown("completed");
  done.facts.add("amount", 129);
  done.facts.add("points", 12);
  recording.shown(kTill, done);
  const oracle::CashierEntry& entry = recording.tapes().cashier.at(0);
  EXPECT_EQ(entry.amount, 129);
  EXPECT_EQ(entry.fact("points"), 12);
  EXPECT_EQ(entry.fact("miles"), std::nullopt);
}

TEST(Recording, APromptThatClosesStandsOnTheTapeAsThat) {
  const StillClock clock;
  Recording recording(clock, nullptr);
  Shown closed = shown("prompt_closed");
  closed.facts.add("prompt", "printer");
  recording.shown(kTill, closed);
  const oracle::CashierEntry& entry = recording.tapes().cashier.at(0);
  EXPECT_EQ(entry.code, "prompt_closed");
  EXPECT_EQ(entry.facts.text("prompt"), "printer");
}

oracle::WireEntry taped(std::string packed) {
  const StillClock clock;
  Recording recording(clock, nullptr);
  net::Exchange exchange;
  exchange.till = kTill;
  exchange.encoding = "zstd";
  exchange.body = std::move(packed);
  recording.finished(exchange);
  return recording.tapes().wire.at(0);
}

TEST(Recording, ReadsABodyThatIsTooLargeForTheCloud) {
  const std::string large(2 * wire::kBodyLimit, '7');
  const auto entry = taped(wire::pack(large));
  EXPECT_TRUE(entry.body == large);
  EXPECT_EQ(entry.unreadable, "");
}

TEST(Recording, SaysWhyABodyCouldNotBeUnpacked) {
  const auto entry = taped("-E not packed");
  EXPECT_EQ(entry.body, "-E not packed");
  EXPECT_NE(entry.unreadable.find("zstd"), std::string::npos) << entry.unreadable;
}

}  // namespace
}  // namespace tillrig::world
