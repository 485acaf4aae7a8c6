#pragma once

#include "sim/scenario/play/outcome.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/world/bed.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tillrig::scenario {

using base::Awaitable;
using base::Instant;
using base::Result;

// A sale that was rung up, and what is known of it.
struct Sale {
  enum class State { completed, refused, refunded, unknown, absent };
  std::string till;
  State state = State::unknown;
  std::string id;
  bool poisoned = false;
  int line = 0;
};
std::string_view name(Sale::State state);

// The till's own "no" to something done.
struct Refusal {
  std::string till;
  std::string what;  // the step
  std::string code;
  std::string text;
  int line = 0;
  bool expected = false;
};

// A fault of this run.
struct Armed {
  words::FaultId id = 0;
  const words::Fault* row = nullptr;
  std::string till;
  bool optional = false;
  bool healed = false;
  int line = 0;
};

// What a run is played on: the bed, the plan, and the bookkeeping between them. Shared by the
// player and its background trade.
class Stage : public std::enable_shared_from_this<Stage> {
 public:
  Stage(world::Bed& bed, const Plan& plan, Outcome& outcome)
      : bed_(bed), plan_(plan), outcome_(outcome) {}

  [[nodiscard]] world::Bed& bed() { return bed_; }
  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] Outcome& outcome() { return outcome_; }
  [[nodiscard]] Instant now() { return bed_.player().clock.now(); }
  Awaitable<void> pause(Duration duration);

  // The phase and line being played, for failures.
  void at_phase(const std::string& name);
  void at_line(int line);
  [[nodiscard]] int line() const { return line_; }
  [[nodiscard]] const std::string& phase() const { return phase_; }
  [[nodiscard]] Instant phase_began() const { return phase_began_; }
  void fail(Failure failure);
  void fail(Failure::Kind kind, std::string what);

  // A step came back with an error: the till's "no", to be expected by a `refused` line of the same
  // phase, or nothing to wonder about because the scenario stopped the till while the step was
  // under way; `began` is what acts_so_far() said at its beginning.
  void refused(const std::string& till, std::string_view step, const base::Error& error,
               std::size_t began);
  std::vector<Refusal>& refusals() { return refusals_; }
  void settle_refusals();  // at the end of a phase

  // Faults.
  Result<void> begin_fault(const Action& action);
  Result<void> heal(const words::Fault& fault, const std::string& till);
  Result<void> heal_all();
  [[nodiscard]] std::vector<Armed>& armed() { return armed_; }
  [[nodiscard]] std::vector<std::string> active_faults() const;

  // How much was done to the world so far.
  [[nodiscard]] std::size_t acts_so_far() { return bed_.recording().tapes().acts.size(); }
  // Starts the till's app; at once it is asked what became of the sales that it died in.
  Awaitable<Result<void>> start(std::string till);
  // Whether a step can begin at this till: its app runs. If not, the run has failed.
  bool can_begin(const std::string& till, std::string_view step);
  // Fails when the till's app has ended without an act of the scenario; told once.
  void notice_death(const std::string& till);

  // One cashier stands at each till: whoever holds the hands does a thing to its end.
  Awaitable<void> take_hands(std::string till);
  void give_hands(const std::string& till) { hands_.erase(till); }
  // The scenario's own cart is open: background trade waits.
  void open_cart(const std::string& till, const std::string& sku);
  void close_cart(const std::string& till);
  [[nodiscard]] bool cart_is_open(const std::string& till) const { return carts_.contains(till); }

  // The next complete at this till dies before its n-th port call; 0 lets it live and counts them.
  Result<void> sweep_next(const std::string& till, std::uint64_t n);
  // Told before each complete: the swept one begins, or is over when the next begins.
  void before_complete(const std::string& till);
  // At the end of the phases: a kill that never came is a failure.
  void end_sweeps();

  // Sales.
  Sale& add_sale(const std::string& till, const Result<till::Answer>& answer);
  void add_refund(const Result<till::Answer>& answer, const Sale& of);
  // "last", "last-1", "first", "#3"; of one till, or of all when empty. With `completed` only of
  // those that were, refunded since or not. Null: there is none.
  Sale* find_sale(std::string_view which, std::string_view till, bool completed);
  [[nodiscard]] std::vector<Sale>& sales() { return sales_; }
  // Asks the till's Register Sales what became of sales that nobody heard of again.
  Awaitable<void> resolve(std::string till);

  bool cloud_down = false;
  std::set<std::string> started;  // tills that the scenario has started at least once
  std::set<const When*> performed;
  std::size_t background = 0;  // background tasks that still run
  std::size_t promised = 0;    // of them, those that the run waits for
  bool ending = false;         // flows sell no more

 private:
  world::Bed& bed_;
  const Plan& plan_;
  Outcome& outcome_;
  std::string phase_;
  Instant phase_began_{0};
  int line_ = 0;
  std::vector<Refusal> refusals_;
  std::vector<Armed> armed_;
  std::set<std::string> hands_;
  std::map<std::string, bool> carts_;  // open carts of the scenario; true: with poison in it
  std::vector<Sale> sales_;
  std::map<std::string, std::size_t> told_;  // till -> its start (an act) that came to a known end
  // The complete that a kill-at-call is meant for.
  struct Sweep {
    std::uint64_t call = 0;  // to die before it; 0: only counted
    int line = 0;
    bool began = false;
  };
  void end_sweep(const std::string& till, const Sweep& sweep);
  std::map<std::string, Sweep> sweeps_;
};

}  // namespace tillrig::scenario
