#pragma once

#include "pos/base/mutant.hpp"
#include "pos/base/names.hpp"
#include "pos/store/notebook.hpp"
#include "pos/sync/moment.hpp"

#include <optional>

namespace tillrig::sync {

// How long ago the till was in step with its cloud, as the arrows at the bottom of the screen show
// it (reference: domain OUT-22, after the ladder of Retail Express).
enum class Ladder {
  green,  // less than an hour
  blue,   // less than a day
  amber,  // a day and more
  red,    // two days and more
};
constexpr auto names_of(Ladder) {
  return base::named<Ladder>({
      {Ladder::green, "green"},
      {Ladder::blue, "blue"},
      {Ladder::amber, "amber"},
      {Ladder::red, "red"},
  });
}
using base::name;

// When all that the till had sold was in the cloud, and all that the cloud tells was at the till:
// both directions, or it does not count. Sans-I/O but for the note that outlives the process.
class Freshness {
 public:
  // The note is kept at most this often; a till that is killed forgets no more than that.
  static constexpr base::Duration kKeptEvery = std::chrono::minutes(5);
  // More than this is told to the cashier (article S2): strictly more.
  static constexpr base::Duration kStale = std::chrono::hours(24);

  Freshness(store::Notebook& notebook, const ports::Clock& clock, base::Mutants mutants);

  // It is in step now. Errors are the store's, and change nothing else.
  base::Result<void> in_step();
  // The till is being closed: nothing is forgotten.
  base::Result<void> keep();

  // Since it was in step; a till that never was counts from its first start.
  [[nodiscard]] base::Duration age() const;
  [[nodiscard]] bool stale() const { return age() > kStale; }
  [[nodiscard]] Ladder ladder() const;

 private:
  store::Notebook& notebook_;
  const ports::Clock& clock_;
  base::Mutants mutants_;
  Moment last_;
  std::optional<Moment> kept_;
};

}  // namespace tillrig::sync
