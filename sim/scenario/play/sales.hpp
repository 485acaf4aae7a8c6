#pragma once

#include "sim/scenario/play/story.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

// A sale that was rung up, and what is known of it.
struct Sale {
  enum class State { completed, refused, refunded, unknown, absent };
  std::string till;
  State state = State::unknown;
  std::string id;
  std::string name;  // that the scenario gave it; empty: none
  bool poisoned = false;
  int line = 0;
};
constexpr auto names_of(Sale::State) {
  using State = Sale::State;
  return base::named<State>({{State::completed, "completed"},
                             {State::refused, "refused"},
                             {State::refunded, "refunded"},
                             {State::unknown, "unknown"},
                             {State::absent, "absent"}});
}

// All sales of a run, in the order in which they were rung up.
class Sales {
 public:
  Sales(world::Bed& bed, Outcome& outcome, Story& story)
      : bed_(bed), outcome_(outcome), story_(story) {}

  // What a `complete` came to; `name` is what the scenario calls it, empty for nothing.
  void add(const std::string& till, const base::Result<world::Reply>& reply, bool poisoned,
           std::string name);
  // A card is being asked for what is in hand; when it pays, the sale is called `name`.
  void try_card(const std::string& till, std::string attempt, bool poisoned, std::string name);
  // Sales that were paid by card since the last call complete by themselves. Gives their tills.
  std::vector<std::string> take_card_sales();
  // That sale was refunded by this document.
  void refund(const std::string& id, const world::Reply& reply);
  // "last", "last-1", "first", "#3", or the newest of a name; of one till, or of all when empty.
  // With `completed` only of those that were, refunded since or not. Null: there is none. Good
  // until the next add().
  Sale* find(std::string_view which, std::string_view till, bool completed);

  // Asks the till's Register Sales what became of sales that nobody heard of again.
  base::Awaitable<void> resolve(std::string till);
  // At the end: those that no till could tell of, by what the cloud holds; else the run has failed.
  void settle_unknown(const std::vector<oracle::CloudEntry>* rows);

 private:
  [[nodiscard]] bool any_unknown(const std::string& till) const;
  void resolve_from(const std::string& till, const std::vector<world::SaleRow>& rows);
  void note_poison(const std::string& id);

  world::Bed& bed_;
  Outcome& outcome_;
  Story& story_;
  std::vector<Sale> sales_;
  std::map<std::string, Sale> cards_;                 // by attempt, as they will be
  std::map<std::string, std::string> card_approved_;  // by till: the last attempt
  std::size_t seen_ = 0;                              // of the cashiers' tape
};

}  // namespace tillrig::scenario
