// Wall clocks of tills that are wrong.
#include "sim/words/word.hpp"
#include "sim/world/machine_clock.hpp"

#include <chrono>

namespace tillrig::world::clock {
namespace {

using base::Duration;
using base::Instant;
using base::WallTime;

std::int64_t whole_ms(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

class Jumped final : public WrongTime {
 public:
  explicit Jumped(Duration by) : by_(by) {}
  [[nodiscard]] WallTime shown(WallTime right, Instant /*now*/) const override {
    return {right.ms + whole_ms(by_)};
  }

 private:
  Duration by_;
};

class Drifting final : public WrongTime {
 public:
  Drifting(std::int64_t ppm, Instant since) : ppm_(ppm), since_(since) {}
  [[nodiscard]] WallTime shown(WallTime right, Instant now) const override {
    constexpr std::int64_t kMillion = 1'000'000;
    return {right.ms + whole_ms(now - since_) * ppm_ / kMillion};
  }

 private:
  std::int64_t ppm_;
  Instant since_;
};

// Counts from 1970 on.
class Dead final : public WrongTime {
 public:
  explicit Dead(Instant since) : since_(since) {}
  [[nodiscard]] WallTime shown(WallTime /*right*/, Instant now) const override {
    return {whole_ms(now - since_)};
  }

 private:
  Instant since_;
};

std::unique_ptr<WrongTime> jump(const words::Args& args, Instant /*now*/) {
  return std::make_unique<Jumped>(args.duration("by"));
}
std::unique_ptr<WrongTime> drift(const words::Args& args, Instant now) {
  return std::make_unique<Drifting>(args.number("ppm"), now);
}
std::unique_ptr<WrongTime> dst(const words::Args& args, Instant /*now*/) {
  const Duration hour = std::chrono::hours(1);
  return std::make_unique<Jumped>(args.text("to", "summer") == "summer" ? hour : -hour);
}
std::unique_ptr<WrongTime> dead(const words::Args& /*args*/, Instant now) {
  return std::make_unique<Dead>(now);
}

words::Row<words::Fault> row(words::Word word,
                             std::unique_ptr<WrongTime> (*make)(const words::Args&, Instant)) {
  words::Fault fault;
  static_cast<words::Word&>(fault) = std::move(word);
  fault.domain = words::Domain::clock;
  fault.start = [make](words::Target& target, words::FaultId id, const words::Args& args) {
    auto& machine = static_cast<MachineClock&>(target);
    machine.start(id, make(args, machine.now()));
  };
  fault.heal = [](words::Target& target, words::FaultId id) {
    static_cast<MachineClock&>(target).heal(id);
  };
  fault.heals = "the wall clock is right again, at once";
  return words::Row<words::Fault>(std::move(fault));
}

const auto kJump = row(
    {.name = "clock.jump",
     .doc = "Somebody sets the till's wall clock wrong; of two that stand, both are added. On the "
            "virtual bed only, as all clock faults: real tills share this machine's clock.",
     .params = {{"by", words::Kind::shift, "so far, ahead or back", true}},
     .example = R"({ fault = "clock.jump", by = "-3h" })"},
    jump);
const auto kDrift = row({.name = "clock.drift",
                         .doc = "The till's wall clock runs too fast or too slow; jumps are added.",
                         .params = {{"ppm", words::Kind::whole,
                                     "so many microseconds a second; below 0 it loses them", true}},
                         .example = R"({ fault = "clock.drift", ppm = 200 })"},
                        drift);
const auto kDst = row({.name = "clock.dst",
                       .doc = "The till's wall clock changes by an hour, as if it were local time.",
                       .params = {{"to", words::Kind::text, "summer time: an hour ahead; or back",
                                   false, "summer winter", "summer"}},
                       .example = R"({ fault = "clock.dst", to = "winter" })"},
                      dst);
const auto kDead =
    row({.name = "clock.dead",
         .doc = "The battery of the till's clock is dead: it counts from 1970 on; what was wrong "
                "before does not matter, jumps after it are added.",
         .params = {},
         .example = R"({ fault = "clock.dead" })"},
        dead);

}  // namespace
}  // namespace tillrig::world::clock
