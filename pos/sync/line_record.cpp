#include "pos/sync/line_record.hpp"

#include "pos/base/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::string_view kPeriodsNote = "local_mode_periods";

const base::Mutant kNoAdvice{"local_mode_for_good", "INV-52", "domain 1.4, SM-27",
                             "nobody is told that local mode is used again and again"};

std::int64_t ms(base::Duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

// As noted: the moments, each followed by a blank.
LineRecord::LineRecord(store::Notebook& notebook, const ports::Clock& clock, base::Mutants mutants)
    : notebook_(notebook), clock_(clock), mutants_(std::move(mutants)) {
  const std::string text = notebook_.noted(kPeriodsNote).value_or("");
  std::string_view rest = text;
  while (!rest.empty() && periods_.size() < kOften) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    const auto began = base::parse_decimal(word, 0, "beginning of local mode");
    if (began) periods_.push_back(*began);
  }
}

void LineRecord::probed(bool answered, base::Duration took) {
  probes_.push_back({answered, took});
  if (probes_.size() > kProbes) probes_.pop_front();
}

// Of the periods only the newest count, so no more than kOften are kept. At worst, on a disk that
// does not write, one is forgotten.
void LineRecord::local_mode_began() {
  periods_.push_back(clock_.wall().ms);
  if (periods_.size() > kOften) periods_.erase(periods_.begin());
  std::string text;
  for (const std::int64_t began : periods_) text += fmt::format("{} ", began);
  static_cast<void>(notebook_.keep_note(kPeriodsNote, text));
}

std::string LineRecord::advice() const {
  const std::int64_t from = clock_.wall().ms - ms(kSpan);
  const auto often = std::count_if(periods_.begin(), periods_.end(),
                                   [&](std::int64_t began) { return began > from; });
  if (static_cast<std::size_t>(often) < kOften || kNoAdvice.on(mutants_)) return {};
  return fmt::format(
      "Local mode was set {} times or more in 7 days. {} It is for short disturbances: have the "
      "connection mended.",
      kOften, measured());
}

std::string LineRecord::measured() const {
  if (probes_.empty()) return "The line has not been measured since the app was opened.";
  base::Duration all{};
  std::int64_t answered = 0;
  for (const Probe& probe : probes_) {
    if (!probe.answered) continue;
    ++answered;
    all += probe.took;
  }
  const auto asked = static_cast<std::int64_t>(probes_.size());
  const std::string lost =
      fmt::format("{} of the last {} probes got none", asked - answered, asked);
  if (answered == 0) return fmt::format("No answer came: {}.", lost);
  const std::int64_t each = ms(all / answered);
  return fmt::format("An answer of the cloud takes {}.{:03} s, and {}.", each / 1000, each % 1000,
                     lost);
}

}  // namespace tillrig::sync
