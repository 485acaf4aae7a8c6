#pragma once

#include "pos/base/mutant.hpp"
#include "pos/store/notebook.hpp"
#include "pos/sync/moment.hpp"

#include <optional>
#include <string_view>

namespace tillrig::sync {

using base::Duration;
using base::Instant;

// Local mode of the Sync Manager (article S4, "Go Offline"): from the check on nothing is asked of
// the cloud and nothing is sent, until somebody takes the check away or its hours are over. It
// outlives the process, and no change of the wall clock moves its end. Sans-I/O but for its note.
class LocalMode {
 public:
  static constexpr Duration kMost = std::chrono::hours(72);

  LocalMode(store::Notebook& notebook, const ports::Clock& clock, base::Mutants mutants);

  [[nodiscard]] bool on() const { return since_ && left() > Duration{}; }
  // Since when; only while it is on, or has just run out.
  [[nodiscard]] Duration age() const;
  // Until it ends by itself: Duration::max() until the check is taken away, zero when it is over.
  [[nodiscard]] Duration left() const;
  [[nodiscard]] bool ends_by_itself() const { return lasts_.has_value(); }

  // Begins now, whether it was on or not; without a duration it lasts until end(). Errors:
  // bad_input (not above 0, or over kMost), the store's; then nothing changed.
  base::Result<void> begin(std::optional<Duration> lasts);
  // Errors are the store's: it is off for this run, and may be on again after the next start.
  base::Result<void> end();

 private:
  base::Result<void> keep();

  store::Notebook& notebook_;
  const ports::Clock& clock_;
  base::Mutants mutants_;
  std::optional<Moment> since_;
  std::optional<Duration> lasts_;
};

// The number of hours as it is typed into the box: "2", "0.5"; empty: until the check is taken
// away. Errors: bad_input for anything that is not above 0 and at most 72.
base::Result<std::optional<Duration>> read_hours(std::string_view text);

}  // namespace tillrig::sync
