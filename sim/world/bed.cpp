#include "sim/world/bed.hpp"

namespace tillrig::world {

using base::Code;
using base::fail;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Awaitable<Result<void>> Bed::scan(std::string till, std::string code) {
  constexpr base::Duration kGlance = 5ms;   // how often the cashier looks whether it was taken
  constexpr base::Duration kPatience = 2s;  // and how long
  ScannerPost* const scanner = scanner_of(till);
  if (scanner == nullptr) co_return fail(Code::not_found, "there is no till {}", till);
  const ports::Ports& mine = player();
  const std::uint64_t before = recording().scans_answered(till);
  scanner->scan(code);
  const base::Instant give_up = mine.clock.now() + kPatience;
  while (recording().scans_answered(till) == before && mine.clock.now() < give_up) {
    const base::Instant soon = mine.clock.now() + kGlance;
    co_await mine.timer.sleep_until(soon);
  }
  co_return Result<void>{};
}

Awaitable<Result<till::State>> Bed::state(std::string till) {
  till::Command ask;
  ask.verb = till::Command::Verb::state;
  auto answer = co_await command(std::move(till), ask);
  if (!answer) co_return base::Failure(answer.error());
  if (!answer->state) co_return fail(Code::protocol, "the till said nothing of its state");
  co_return *answer->state;
}

Result<words::FaultId> Bed::start_fault(const words::Fault& fault, const words::Args& args,
                                        const std::string& till) {
  std::vector<words::Target*> targets = targets_of(fault.domain, till);
  if (targets.empty()) {
    return fail(Code::not_found, "this bed has nothing at \"{}\" that {} could be done to", till,
                fault.name);
  }
  return faults().begin(fault, args, till, std::move(targets));
}

}  // namespace tillrig::world
