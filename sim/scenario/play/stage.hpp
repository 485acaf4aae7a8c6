#pragma once

#include "sim/scenario/play/armoury.hpp"
#include "sim/scenario/play/carts.hpp"
#include "sim/scenario/play/hands.hpp"
#include "sim/scenario/play/lives.hpp"
#include "sim/scenario/play/outcome.hpp"
#include "sim/scenario/play/refusals.hpp"
#include "sim/scenario/play/sales.hpp"
#include "sim/scenario/play/story.hpp"
#include "sim/scenario/play/sweeps.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/step.hpp"

#include <memory>
#include <set>
#include <string>

namespace tillrig::scenario {

using base::Awaitable;
using base::Instant;
using base::Result;

// What a run is played on: the bed, the plan, and the books that are kept between them, each of
// which owns its own. Shared by the player and its background trade.
class Stage : public std::enable_shared_from_this<Stage> {
 public:
  Stage(world::Bed& bed, const Plan& plan, Outcome& outcome);

  [[nodiscard]] world::Bed& bed() { return bed_; }
  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] Instant now() { return bed_.player().clock.now(); }
  Awaitable<void> pause(Duration duration);

  // A step came back with an error: the till's "no", to be expected by a `refused` line of the same
  // phase, or nothing to wonder about because the scenario stopped the till while the step was
  // under way; `began` is what lives.acts_so_far() said at its beginning.
  void refused(const std::string& till, std::string_view step, const base::Error& error,
               std::size_t began);
  // Sales that were paid by card have completed by themselves: they are known from here on.
  void notice_card_sales();
  // Starts the till's app; at once it is asked what became of the sales that it died in.
  Awaitable<Result<void>> start(std::string till);
  // `complete` at a till, with all that is kept of it; `as` is what the scenario calls the sale.
  Awaitable<Result<void>> complete(std::string till, std::string as);

 private:
  world::Bed& bed_;
  const Plan& plan_;

 public:
  Armoury armoury;
  Story story;
  Hands hands;
  Carts carts;
  Sales sales;
  Sweeps sweeps;
  Refusals refusals;
  Lives lives;

  bool cloud_down = false;
  std::set<const When*> performed;
  std::size_t background = 0;  // background tasks that still run
  std::size_t promised = 0;    // of them, those that the run waits for
  bool ending = false;         // flows sell no more
};

}  // namespace tillrig::scenario
