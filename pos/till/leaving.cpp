#include "pos/till/leaving.hpp"

#include <vector>

namespace tillrig::till {

using base::Code;
using base::fail;

namespace {

const base::Mutant kForgetsQueue{"signout_forgets_queue", "INV-01",
                                 "Square offline payments, lost on logout",
                                 "a till signs out whatever waits, and that is forgotten"};

constexpr std::string_view kLeft = "signed_out";
constexpr std::string_view kYes = "yes";

// "3 days", "5 hours", "12 minutes": since when something waits.
std::string age_text(std::int64_t ms) {
  constexpr std::int64_t kMinute = 60'000;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  if (ms >= 2 * kDay) return fmt::format("{} days", ms / kDay);
  if (ms >= 2 * kHour) return fmt::format("{} hours", ms / kHour);
  return fmt::format("{} minutes", std::max<std::int64_t>(ms, 0) / kMinute);
}

}  // namespace

Result<void> Leaving::allowed() const {
  const store::Counters now = parts_.store.counters();
  if (now.pending == 0 && now.quarantined == 0) return {};
  if (now.pending == 0) {
    return fail(Code::not_allowed,
                "{} transactions are in quarantine and only on this till: have them seen to first",
                now.quarantined);
  }
  const base::Currency currency = base::find_currency(parts_.config.currency)
                                      .value_or(base::Currency{parts_.config.currency, 2});
  return fail(
      Code::not_allowed,
      "{} transactions worth {} {}, the oldest from {} ago, and {} in quarantine are only on "
      "this till: connect it and let it send them first",
      now.pending, base::format_money(now.pending_value, currency), currency.code,
      age_text(parts_.ports.clock.wall().ms - now.oldest_pending.ms), now.quarantined);
}

void Leaving::forget_queue() {
  for (;;) {
    std::vector<store::Settled> settled;
    for (const wire::UpItem& item : parts_.store.peek(100, 1 << 20, {})) {
      settled.push_back({item.event.id, store::SyncState::acked, {}});
    }
    if (settled.empty() || !parts_.store.settle(settled)) return;
  }
}

Result<void> Leaving::sign_out() {
  if (kForgetsQueue.on(parts_.config.mutants)) {
    forget_queue();
  } else if (auto may = allowed(); !may) {
    return may;
  }
  return parts_.store.keep_note(kLeft, kYes);
}

bool Leaving::has_left() const {
  return parts_.store.noted(kLeft) == kYes;
}

void Leaving::back() {
  if (has_left()) static_cast<void>(parts_.store.keep_note(kLeft, ""));
}

}  // namespace tillrig::till
