// What the scenario has done to the tills, and what became of them and of the sales they died in.
#include "sim/scenario/play/stage.hpp"

#include <algorithm>

namespace tillrig::scenario {
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

std::string clock_text(Instant at) {
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

void Stage::refused(const std::string& till, std::string_view step, const base::Error& error,
                    std::size_t began) {
  if (error.code == base::Code::closed) {
    const auto& acts = bed_.recording().tapes().acts;
    const auto since = acts.begin() + static_cast<std::ptrdiff_t>(began);
    const bool ours = std::any_of(
        since, acts.end(), [&](const ActEntry& act) { return act.till == till && stops(act); });
    if (ours) return;
    notice_death(till);
  }
  refusals_.push_back(
      {till, std::string(step), std::string(base::name(error.code)), error.what, line_, false});
}

Awaitable<Result<void>> Stage::start(std::string till) {
  notice_death(till);
  started.insert(till);
  auto begun = co_await bed_.start(till);
  if (!begun && !bed_.running(till)) told_[till] = acts_so_far();  // whoever asked is told
  if (begun) co_await resolve(till);
  co_return begun;
}

bool Stage::can_begin(const std::string& till, std::string_view step) {
  if (bed_.running(till)) return true;
  notice_death(till);
  const ActEntry* last = last_act(bed_.recording().tapes().acts, till);
  std::string why = "it was never started";
  if (last != nullptr) {
    const std::string_view how = stops(*last) ? stopped(last->kind) : "it ended after its start";
    why = fmt::format("{} at {} and was not started again", how, clock_text(last->at));
  }
  Failure failure;
  failure.till = till;
  failure.what = fmt::format("{} does not run: {}", till, why);
  failure.expected = fmt::format("a till that runs when the step {} begins", step);
  failure.seen = "none";
  fail(std::move(failure));
  return false;
}

void Stage::notice_death(const std::string& till) {
  if (bed_.running(till)) return;
  const auto& acts = bed_.recording().tapes().acts;
  const ActEntry* last = last_act(acts, till);
  if (last == nullptr || stops(*last)) return;
  const auto number = static_cast<std::size_t>(last - acts.data()) + 1;
  if (told_[till] >= number) return;
  told_[till] = number;
  Failure failure;
  failure.kind = Failure::Kind::safety;
  failure.till = till;
  failure.what = fmt::format("the app of {} ended by itself", till);
  failure.expected = "that it runs until the scenario ends it";
  failure.seen = fmt::format("started at {}, found gone at {}", clock_text(last->at),
                             clock_text(bed_.recording().now()));
  fail(std::move(failure));
}

Awaitable<void> Stage::resolve(std::string till) {
  const bool needed = std::any_of(sales_.begin(), sales_.end(), [&](const Sale& sale) {
    return sale.till == till && sale.state == Sale::State::unknown;
  });
  if (!needed || !bed_.running(till)) co_return;
  till::Command ask;
  ask.verb = till::Command::Verb::sales;
  auto answer = co_await bed_.command(till, ask);
  if (!answer) co_return;
  std::set<std::string> claimed;
  for (const Sale& sale : sales_) claimed.insert(sale.id);
  std::vector<std::string> found;  // oldest first
  for (const store::SaleRow& row : answer->sales) {
    const std::string id = row.id.text();
    const bool sold = row.kind == wire::EventKind::sale && row.id.till == till;
    if (sold && !claimed.contains(id)) found.insert(found.begin(), id);
  }
  std::size_t next = 0;
  for (Sale& sale : sales_) {
    if (sale.till != till || sale.state != Sale::State::unknown) continue;
    if (next == found.size()) {
      sale.state = Sale::State::absent;
      continue;
    }
    sale.state = Sale::State::completed;
    sale.id = found[next++];
    if (sale.poisoned) bed_.recording().tapes().poisoned.push_back(sale.id);
  }
}

}  // namespace tillrig::scenario
