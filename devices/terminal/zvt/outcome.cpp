#include "devices/terminal/zvt/outcome.hpp"

#include "devices/terminal/zvt/bookmark.hpp"
#include "devices/terminal/zvt/codes.hpp"

#include <utility>

namespace tillrig::terminal::zvt {

std::uint8_t code_in(const Message& message) {
  return static_cast<std::uint8_t>(message.code.value_or(kGood));
}

Outcome outcome_of_payment(const Charge& charge, const std::optional<Body>& status,
                           const Message& end, bool abort_accepted) {
  const bool good = end.command == kCompletion;
  const std::uint8_t said =
      status ? static_cast<std::uint8_t>(status->result.value_or(kGood)) : std::uint8_t{kGood};
  if (status && said == kGood) {
    if (good) return match(charge, *status);
    // Approved, and then not brought to an end: taken back, or nobody knows.
    const std::uint8_t code = code_in(end);
    if (code == kAborted || code == kAlreadyReversed) {
      return {Verdict::reversed, Reason::by_itself, slip_of(*status)};
    }
    return {Verdict::unknown, outcome_of(code).reason, slip_of(*status)};
  }
  if (good && !status) return {Verdict::unknown, Reason::rubbish, std::nullopt};
  Outcome outcome = outcome_of(status ? said : code_in(end));
  if (outcome.verdict == Verdict::aborted && abort_accepted) outcome.reason = Reason::cancelled;
  return outcome;
}

Outcome outcome_of_question(const Charge& charge, const std::optional<Body>& status,
                            const Message& end) {
  if (end.command == kCompletion) {
    if (!status) return {Verdict::unknown, Reason::rubbish, std::nullopt};
    return compare(charge, *status);
  }
  const std::uint8_t code = code_in(end);
  if (code == kPleaseWait) return {Verdict::in_progress, Reason::none, std::nullopt};
  if (code == kNotPossible) {
    const std::optional<Bookmark> since = read_bookmark(charge.since);
    const bool remembers = since && since->receipt == 0 && !charge.long_ago;
    if (remembers) return {Verdict::not_found, Reason::none, std::nullopt};
    return {Verdict::unknown, since ? Reason::forgotten : Reason::no_bookmark, std::nullopt};
  }
  return {Verdict::unknown, outcome_of(code).reason, std::nullopt};
}

Outcome outcome_of_reversal(const std::optional<Body>& status, const Message& end) {
  std::optional<CardSlip> slip;
  if (status) slip = slip_of(*status);
  if (end.command == kCompletion) return {Verdict::reversed, Reason::none, std::move(slip)};
  Outcome outcome = outcome_of(code_in(end));
  outcome.slip = std::move(slip);
  return outcome;
}

}  // namespace tillrig::terminal::zvt
