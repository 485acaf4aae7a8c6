// What the other tills of the shop know of payments by card, and are told (MP-26).
#include "pos/till/card_desk.hpp"
#include "pos/till/card_words.hpp"

#include <utility>

namespace tillrig::till {
namespace {

constexpr base::Duration kOverTheLan = std::chrono::milliseconds(500);
constexpr base::Duration kGlance = std::chrono::milliseconds(20);
constexpr std::size_t kOfOthers = 200;  // that are remembered

}  // namespace

// True: it is settled now, and the cloud need not be asked.
base::Awaitable<bool> CardDesk::ask_neighbours(std::string id) {
  if (!neighbours_.ask || !neighbours_.ask(id)) co_return false;
  const base::Instant give_up = parts_.ports.clock.now() + kOverTheLan;
  while (!stopped_ && parts_.ports.clock.now() < give_up) {
    const base::Instant soon = parts_.ports.clock.now() + kGlance;
    co_await parts_.ports.timer.sleep_until(soon);
    const pay::Attempt* const attempt = cards_.find(id);
    if (attempt == nullptr || !wire::is_unresolved(attempt->state)) co_return true;
  }
  co_return false;
}

// Whether that one hears it or not, who asks is answered.
void CardDesk::tell_neighbour(const wire::AttemptKnown& known) {
  const std::string till = till_of_attempt(known.id);
  const bool news = known.outcome != wire::AttemptOutcome::unknown;
  if (!news || till.empty() || till == parts_.config.name) return;
  auto [at, fresh] = of_others_.try_emplace(known.id, known);
  if (!fresh && at->second == known) return;
  at->second = known;
  if (neighbours_.tell) neighbours_.tell(known.id, till, wire::write_json(known));
  if (of_others_.size() > kOfOthers) of_others_.erase(of_others_.begin());
}

void CardDesk::asked_over_lan(const std::string& attempt, const std::string& by) {
  const auto at = of_others_.find(attempt);
  if (at != of_others_.end() && neighbours_.tell) {
    neighbours_.tell(attempt, by, wire::write_json(at->second));
  }
}

void CardDesk::told_over_lan(const std::string& by, const std::string& body) {
  const auto known = wire::read_attempt(body);
  if (!known || stopped_) return;
  if (by != parts_.config.name) {
    of_others_[known->id] = *known;
    return;
  }
  const pay::Attempt* const attempt = cards_.find(known->id);
  if (!on() || attempt == nullptr) return;
  auto told = told_by_cloud(*known);
  if (!told) return;
  told->channel = wire::Channel::lan;
  put(*std::move(told));
}

}  // namespace tillrig::till
