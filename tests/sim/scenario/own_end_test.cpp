// A till whose process ends without an act of the scenario, as a real one can that crashes.
#include "sim/scenario/play/player.hpp"
#include "sim/world/virtual_bed.hpp"

#include <gtest/gtest.h>

namespace tillrig::scenario {
namespace {

using base::Awaitable;
using base::Result;

// The virtual bed, but that a till which was started for the first time is gone two minutes later.
class CrashingBed final : public world::Bed {
 public:
  explicit CrashingBed(world::Setup setup) : bed_(std::move(setup), nullptr) {}

  world::VirtualBed& inner() { return bed_; }
  const ports::Ports& player() override { return bed_.player(); }
  world::Recording& recording() override { return bed_.recording(); }
  [[nodiscard]] const world::Setup& setup() const override { return bed_.setup(); }
  Awaitable<void> pass(base::Duration time) override { return bed_.pass(time); }
  Awaitable<Result<void>> open() override { return bed_.open(); }
  Awaitable<void> close() override { return bed_.close(); }
  Awaitable<Result<void>> start(std::string till) override {
    if (!gone()) return bed_.start(std::move(till));
    again_ = true;
    return nothing();
  }
  Result<void> kill(const std::string& till) override { return bed_.kill(till); }
  Result<void> power_cut(const std::string& till, const world::PowerCut& cut) override {
    return bed_.power_cut(till, cut);
  }
  [[nodiscard]] bool running(const std::string& till) const override {
    return bed_.running(till) && !gone();
  }
  Result<void> kill_cloud() override { return bed_.kill_cloud(); }
  Awaitable<Result<void>> start_cloud() override { return bed_.start_cloud(); }
  Awaitable<Result<till::Answer>> command(std::string till, till::Command command) override {
    return bed_.command(std::move(till), std::move(command));
  }
  world::FaultBook& faults() override { return bed_.faults(); }
  Awaitable<Result<void>> look() override { return bed_.look(); }
  [[nodiscard]] std::uint64_t port_calls(const std::string& till) const override {
    return bed_.port_calls(till);
  }
  Result<void> kill_at_port_call(const std::string& till, std::uint64_t n) override {
    return bed_.kill_at_port_call(till, n);
  }

 private:
  static Awaitable<Result<void>> nothing() { co_return Result<void>{}; }
  [[nodiscard]] bool gone() const {
    return !again_ && clock_.now() > base::Instant{0} + std::chrono::minutes(2);
  }
  std::vector<words::Target*> targets_of(words::Domain /*domain*/,
                                         const std::string& /*till*/) override {
    return {};
  }
  world::ScannerPost* scanner_of(const std::string& /*till*/) override { return nullptr; }

  world::VirtualBed bed_;
  const ports::Clock& clock_ = bed_.player().clock;
  bool again_ = false;
};

std::string played(const std::string& doing) {
  const std::string near = std::string(TILLRIG_SOURCE_DIR) + "/scenarios/x.toml";
  const Scenario scenario =
      load_text("title = \"t\"\n[[phase]]\nname = \"p\"\ndo = [\n" + doing + "\n]\n", near);
  for (const Problem& problem : scenario.problems) ADD_FAILURE() << sentence(problem);
  if (scenario.plans.size() != 1) return "no single run";
  const Plan& plan = scenario.plans.front();
  Outcome outcome;
  CrashingBed bed(plan.setup);
  EXPECT_TRUE(bed.inner().run(play(bed, plan, outcome)));
  EXPECT_TRUE(outcome.finished);
  std::string text;
  for (const Failure& failure : outcome.failures) {
    text += fmt::format("{} [{}] {}\n", failure.line, name(failure.kind), failure.what);
  }
  return text;
}

TEST(OwnEnd, ATillThatEndsByItselfIsAFailureEvenWhenNobodyAsksItAgain) {
  EXPECT_EQ(played("{ act = \"restart\" }, { wait = \"1m\" }"), "");
  EXPECT_EQ(played("{ act = \"restart\" }, { wait = \"3m\" }"),
            "0 [safety] the app of till-1 ended by itself\n");
}

TEST(OwnEnd, AStepAfterItSaysThatTheTillIsGone) {
  EXPECT_EQ(played("{ wait = \"3m\" },\n{ act = \"cancel\" }"),
            "6 [safety] the app of till-1 ended by itself\n"
            "6 [expectation] till-1 does not run: it ended after its start at 0m00s and was not "
            "started again\n");
}

}  // namespace
}  // namespace tillrig::scenario
