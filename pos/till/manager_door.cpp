#include "pos/till/manager_door.hpp"

#include "pos/base/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tillrig::till {
namespace {

using base::Code;
using base::fail;

constexpr std::string_view kUsesNote = "manager_uses";

const base::Mutant kDoorOpen{"manager_open_to_all", "INV-52", "domain 1.4, SM-01",
                             "the Sync Manager's controls work without the PIN"};
const base::Mutant kGuessedOn{"pin_guessed_on", "INV-52", "a fault planted by a reviewer",
                              "the Sync Manager hears each PIN, however many were wrong"};
const base::Mutant kSlipsCounted{"pin_slips_add_up", "INV-52", "a fault planted by a reviewer",
                                 "wrong PINs count on after a right one, until nobody is heard"};
const base::Mutant kUsesForgotten{"manager_uses_forgotten", "INV-52", "domain 1.4, SM-01",
                                  "what was done in the Sync Manager is forgotten at a restart"};

}  // namespace

ManagerDoor::ManagerDoor(const ports::Clock& clock, store::Notebook& notebook, std::string pin,
                         base::Mutants mutants)
    : clock_(clock), notebook_(notebook), pin_(std::move(pin)), mutants_(std::move(mutants)) {
  if (!kUsesForgotten.on(mutants_)) read_uses();
}

// As noted: a line a use, `when control outcome`.
void ManagerDoor::read_uses() {
  const std::string text = notebook_.noted(kUsesNote).value_or("");
  std::string_view rest = text;
  while (!rest.empty() && uses_.size() < kListed) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const auto when = base::parse_decimal(line.substr(0, first), 0, "time of a use");
    if (!when) continue;
    uses_.push_back({*when, std::string(line.substr(first + 1, second - first - 1)),
                     std::string(line.substr(second + 1))});
  }
}

base::Result<void> ManagerDoor::unlock(std::string_view pin) {
  if (pin_.empty()) return {};
  if (clock_.now() < shut_until_) {
    return fail(Code::not_allowed, "{} wrong PINs in a row: wait a minute", kTries);
  }
  if (pin != pin_) {
    if (++wrong_ >= kTries && !kGuessedOn.on(mutants_)) {
      wrong_ = 0;
      shut_until_ = clock_.now() + kShut;
    }
    return fail(Code::not_allowed, "this is not the Sync Manager's PIN");
  }
  if (!kSlipsCounted.on(mutants_)) wrong_ = 0;
  open_until_ = clock_.now() + kOpen;
  return {};
}

bool ManagerDoor::locked() const {
  return !pin_.empty() && clock_.now() >= open_until_ && !kDoorOpen.on(mutants_);
}

base::Result<void> ManagerDoor::may_use() const {
  if (!locked()) return {};
  return fail(Code::not_allowed, "the Sync Manager is locked: type its PIN first");
}

// At worst, on a disk that does not write, it is not listed after the next start.
void ManagerDoor::used(std::string_view control, const base::Result<void>& outcome) {
  if (!locked() && !pin_.empty()) open_until_ = clock_.now() + kOpen;
  ManagerUse use;
  use.wall_ms = clock_.wall().ms;
  use.control = control;
  use.outcome = outcome ? "done" : base::name(outcome.error().code);
  uses_.insert(uses_.begin(), std::move(use));
  if (uses_.size() > kListed) uses_.resize(kListed);
  std::string text;
  for (const ManagerUse& each : uses_) {
    text += fmt::format("{} {} {}\n", each.wall_ms, each.control, each.outcome);
  }
  static_cast<void>(notebook_.keep_note(kUsesNote, text));
}

}  // namespace tillrig::till
