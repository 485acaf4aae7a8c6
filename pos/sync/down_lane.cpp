#include "pos/sync/down_lane.hpp"

#include "pos/base/assert.hpp"

#include <fmt/format.h>

namespace tillrig::sync {
namespace {

constexpr int kGone = 410;
// After an outage all tills of a chain are back at once.
constexpr Duration kSpread = std::chrono::seconds(2);

const base::Mutant kDriftUnseen{"drift_unseen", "INV-21", "domain 1.4, SM-29",
                                "a row that got lost on its way stays lost, however often "
                                "somebody asks for what is new"};

const base::Mutant kCountLoop{"count_mismatch_loop", "INV-28", "woocommerce/woocommerce#66999",
                              "what was removed counts here and not in the cloud, so that a table "
                              "which is compared is read from the start for ever"};
const base::Mutant kRowsCounted{"rows_counted_alone", "INV-21", "a fault planted by a reviewer",
                                "two tables with as many rows count as the same"};

bool begins(const store::Reading& reading) {
  return reading.anew && reading.epoch.empty();
}

}  // namespace

void DownLane::heard(std::string_view epoch, std::uint64_t head) {
  // An answer that was overtaken by a newer one says nothing new.
  head_ = epoch == epoch_ ? std::max(head_, head) : head;
  epoch_ = epoch;
}

// A cloud whose tables never changed has nothing for a till that never heard of any.
bool DownLane::due(const store::Reading& kept) const {
  if (epoch_.empty()) return false;
  if (wanted_) return true;
  if (kept.epoch.empty()) return head_ > 0;
  return kept.anew || start_again_ || kept.epoch != epoch_ || kept.v < head_;
}

bool DownLane::level() {
  if (epoch_.empty() || in_flight_) return false;
  const auto kept = shelf_.reading(table_);
  return kept && !due(*kept);
}

std::optional<FeedAsk> DownLane::next(Instant now) {
  if (in_flight_ || epoch_.empty()) return std::nullopt;
  if (now < (wanted_ ? asked_until_ : free_at())) return std::nullopt;
  const auto kept = shelf_.reading(table_);
  if (!kept || !due(*kept)) return std::nullopt;
  FeedAsk ask{table_, *kept, compare_};
  if (start_again_ || kept->epoch.empty()) ask.after = {.epoch = {}, .v = 0, .anew = true};
  in_flight_ = true;
  wanted_ = false;
  return ask;
}

Instant DownLane::resume_at(Instant now) const {
  return !in_flight_ && now < free_at() ? free_at() : Instant::never();
}

base::Result<bool> DownLane::finish(const FeedAsk& asked, const FeedOutcome& outcome, Instant now) {
  TILLRIG_ASSERT(in_flight_, "an outcome is of a page that was asked for");
  in_flight_ = false;
  drifted_ = false;
  if (outcome.answer) return take(asked, *outcome.answer, now);
  // A reading that has only begun cannot be too old: that answer is a failure as any other.
  if (outcome.status == kGone && outcome.cause == Cause::none && !begins(asked.after)) {
    start_again_ = true;
    backoff_.succeeded();
    return false;
  }
  failed(outcome.retry_after, now);
  return false;
}

base::Result<bool> DownLane::take(const FeedAsk& asked, const wire::FeedPage& page, Instant now) {
  const store::Reading& after = asked.after;
  const bool goes_on = begins(after) || page.epoch == after.epoch;
  const bool forward = page.rows.empty() || page.rows.front().v > after.v;
  const bool moves = page.next > after.v || page.next == page.head;
  if (!goes_on || !forward || page.next < after.v || !moves) {
    failed({}, now);  // not an answer to what was asked
    return false;
  }
  auto kept = shelf_.keep(table_, after, page);
  if (!kept) {
    failed({}, now);
    return kept;
  }
  if (begins(after)) start_again_ = false;  // not by a page that was asked for before
  backoff_.succeeded();
  epoch_ = page.epoch;
  head_ = page.head;
  if (asked.compare && !page.sum.empty()) {
    compare_ = false;
    drifted_ = differs(page);
    if (drifted_) start_again_ = true;
    if (kCountLoop.on(mutants_)) start_again_ = wanted_ = compare_ = true;
  }
  return kept;
}

// With the last page the table is as the cloud's was when it told of it.
bool DownLane::differs(const wire::FeedPage& page) {
  const auto here = shelf_.sum(table_);
  if (here && kRowsCounted.on(mutants_))
    return !page.sum.starts_with(fmt::format("{}:", here->rows));
  return here && here->text() != page.sum && !kDriftUnseen.on(mutants_);
}

void DownLane::failed(Duration retry_after, Instant now) {
  asked_until_ = std::max(asked_until_, now + retry_after);
  not_before_ = now + backoff_.failed(retry_after);
}

void DownLane::now() {
  wanted_ = true;
  compare_ = true;
}

void DownLane::line_is_back(Instant now) {
  backoff_.succeeded();
  not_before_ = now + Duration{static_cast<std::int64_t>(entropy_.below(
                          "sync.resume_down", static_cast<std::uint64_t>(kSpread.count())))};
}

}  // namespace tillrig::sync
