#include "pos/sync/local_mode.hpp"

#include "pos/base/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace tillrig::sync {
namespace {

constexpr std::string_view kLocalNote = "local_mode";

const base::Mutant kLocalModeForgotten{
    "local_mode_forgotten", "INV-18", "a till that was restarted because it was slow",
    "local mode ends with the process: after a restart the till waits for its line again"};

bool good(Duration lasts) {
  return lasts > Duration{} && lasts <= LocalMode::kMost;
}

}  // namespace

// As noted: the moment it began, and how many nanoseconds it lasts; 0: until it is ended.
LocalMode::LocalMode(store::Notebook& notebook, const ports::Clock& clock, base::Mutants mutants)
    : notebook_(notebook), clock_(clock), mutants_(std::move(mutants)) {
  if (kLocalModeForgotten.on(mutants_)) return;
  const auto text = notebook_.noted(kLocalNote);
  if (!text) return;
  const std::size_t bar = text->find('|');
  const auto since = Moment::read(std::string_view(*text).substr(0, bar));
  if (!since || bar == std::string::npos) return;
  const auto ns = base::parse_decimal(std::string_view(*text).substr(bar + 1), 0, "local mode");
  if (!ns || (*ns != 0 && !good(Duration{*ns}))) return;
  since_ = since->as_of(clock_, mutants_);
  if (*ns != 0) lasts_ = Duration{*ns};
  if (since_->uptime.boot != since->uptime.boot) static_cast<void>(keep());
}

base::Result<void> LocalMode::keep() {
  return notebook_.keep_note(kLocalNote,
                             fmt::format("{}|{}", since_->text(), lasts_ ? lasts_->count() : 0));
}

Duration LocalMode::age() const {
  return since_ ? since_->age(clock_, mutants_) : Duration{};
}

Duration LocalMode::left() const {
  if (!lasts_) return Duration::max();
  return std::max(Duration{}, *lasts_ - age());
}

base::Result<void> LocalMode::begin(std::optional<Duration> lasts) {
  if (lasts && !good(*lasts)) {
    return base::fail(
        base::Code::bad_input,
        "local mode lasts more than 0 and at most 72 hours, or until it is unchecked");
  }
  const auto before = std::pair(since_, lasts_);
  since_ = Moment::now(clock_);
  lasts_ = lasts;
  auto kept = keep();
  if (!kept) std::tie(since_, lasts_) = before;
  return kept;
}

base::Result<void> LocalMode::end() {
  since_.reset();
  lasts_.reset();
  return notebook_.keep_note(kLocalNote, "");
}

base::Result<std::optional<Duration>> read_hours(std::string_view text) {
  if (text.empty()) return std::optional<Duration>();
  const auto thousandths = base::parse_decimal(text, 3, "number of hours");
  if (!thousandths) return base::Failure(thousandths.error());
  constexpr Duration kThousandth = std::chrono::milliseconds(3600);
  const bool fits = *thousandths > 0 && *thousandths <= 72'000;
  if (fits) return std::optional<Duration>(*thousandths * kThousandth);
  return base::fail(
      base::Code::bad_input,
      "the number of hours '{}' is not above 0 and at most 72; leave the box empty for "
      "as long as the check stands",
      text.substr(0, 48));
}

}  // namespace tillrig::sync
