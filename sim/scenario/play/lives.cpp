#include "sim/scenario/play/lives.hpp"

#include <algorithm>

namespace tillrig::scenario {

namespace lives {
namespace {

using oracle::ActEntry;

bool stops(const ActEntry& act) {
  using Kind = ActEntry::Kind;
  return act.kind == Kind::kill || act.kind == Kind::power_cut || act.kind == Kind::stop;
}

// The last that was done to a till's app, or null.
const ActEntry* last_act(const std::vector<ActEntry>& acts, const std::string& till) {
  for (auto act = acts.rbegin(); act != acts.rend(); ++act) {
    if (act->till == till && (act->kind == ActEntry::Kind::start || stops(*act))) return &*act;
  }
  return nullptr;
}

std::string clock_text(base::Instant at) {
  const std::int64_t seconds = at.ns / 1'000'000'000;
  const std::int64_t hours = seconds / 3600;
  if (hours > 0) return fmt::format("{}h{:02}m{:02}s", hours, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
}

std::string_view stopped(ActEntry::Kind kind) {
  if (kind == ActEntry::Kind::kill) return "it was killed";
  if (kind == ActEntry::Kind::power_cut) return "it lost its power";
  return "it was closed";
}

}  // namespace
}  // namespace lives

base::Awaitable<base::Result<void>> Lives::start(std::string till) {
  notice_death(till);
  started_.insert(till);
  auto begun = co_await bed_.start(till);
  if (!begun && !bed_.running(till)) told_[till] = acts_so_far();  // whoever asked is told
  co_return begun;
}

bool Lives::stopped_since(const std::string& till, std::size_t acts) {
  const auto& all = bed_.recording().tapes().acts;
  return std::any_of(
      all.begin() + static_cast<std::ptrdiff_t>(acts), all.end(),
      [&](const oracle::ActEntry& act) { return act.till == till && lives::stops(act); });
}

bool Lives::can_begin(const std::string& till, std::string_view step) {
  if (bed_.running(till)) return true;
  notice_death(till);
  const oracle::ActEntry* last = lives::last_act(bed_.recording().tapes().acts, till);
  std::string why = "it was never started";
  if (last != nullptr) {
    const std::string_view how =
        lives::stops(*last) ? lives::stopped(last->kind) : "it ended after its start";
    why = fmt::format("{} at {} and was not started again", how, lives::clock_text(last->at));
  }
  Failure failure;
  failure.till = till;
  failure.what = fmt::format("{} does not run: {}", till, why);
  failure.expected = fmt::format("a till that runs when the step {} begins", step);
  failure.seen = "none";
  story_.fail(std::move(failure));
  return false;
}

void Lives::notice_death(const std::string& till) {
  if (bed_.running(till)) return;
  const auto& acts = bed_.recording().tapes().acts;
  const oracle::ActEntry* last = lives::last_act(acts, till);
  if (last == nullptr || lives::stops(*last)) return;
  const auto number = static_cast<std::size_t>(last - acts.data()) + 1;
  if (told_[till] >= number) return;
  told_[till] = number;
  Failure failure;
  failure.kind = Failure::Kind::safety;
  failure.till = till;
  failure.what = fmt::format("the app of {} ended by itself", till);
  failure.expected = "that it runs until the scenario ends it";
  failure.seen = fmt::format("started at {}, found gone at {}", lives::clock_text(last->at),
                             lives::clock_text(bed_.recording().now()));
  story_.fail(std::move(failure));
}

}  // namespace tillrig::scenario
