#include "pos/sync/freshness.hpp"

#include <chrono>
#include <utility>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::string_view kInStepNote = "in_step";

const base::Mutant kRedAfterADay{"arrows_red_after_a_day", "INV-20",
                                 "a fault planted by a reviewer",
                                 "the arrows are red when the till was not in step for a day"};
const base::Mutant kGoesBack{"last_sync_goes_back", "INV-50",
                             "jepsen-powersync: the time of the last sync goes backwards",
                             "after a pause in which it was not in step the till goes on from the "
                             "time that it had written down, which is older"};

}  // namespace

Freshness::Freshness(store::Notebook& notebook, const ports::Clock& clock, base::Mutants mutants)
    : notebook_(notebook), clock_(clock), mutants_(std::move(mutants)) {
  if (const auto text = notebook_.noted(kInStepNote)) kept_ = Moment::read(*text);
  last_ = kept_ ? kept_->as_of(clock_, mutants_) : Moment::now(clock_);
  const bool other_start = kept_ && kept_->uptime.boot != last_.uptime.boot;
  if (other_start) static_cast<void>(keep());
}

base::Result<void> Freshness::in_step() {
  if (kGoesBack.on(mutants_) && kept_ && age() > 1min) {
    last_ = kept_->as_of(clock_, mutants_);
    return {};
  }
  last_ = Moment::now(clock_);
  if (kept_ && kept_->age(clock_, mutants_) < kKeptEvery) return {};
  return keep();
}

base::Result<void> Freshness::keep() {
  auto kept = notebook_.keep_note(kInStepNote, last_.text());
  if (kept) kept_ = last_;
  return kept;
}

base::Duration Freshness::age() const {
  return last_.age(clock_, mutants_);
}

Ladder Freshness::ladder() const {
  const base::Duration old = age();
  if (old >= (kRedAfterADay.on(mutants_) ? 24h : 48h)) return Ladder::red;
  if (old >= 24h) return Ladder::amber;
  return old >= 1h ? Ladder::blue : Ladder::green;
}

}  // namespace tillrig::sync
