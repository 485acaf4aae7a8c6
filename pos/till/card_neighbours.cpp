#include "pos/till/card_neighbours.hpp"

#include "pos/till/card_words.hpp"

#include <utility>

namespace tillrig::till {
namespace {

constexpr base::Duration kOverTheLan = std::chrono::milliseconds(500);
constexpr base::Duration kGlance = std::chrono::milliseconds(20);
constexpr std::size_t kOfOthers = 200;  // that are remembered

}  // namespace

base::Awaitable<bool> CardNeighbours::ask(std::string attempt, std::function<bool()> settled) {
  if (!ask_at_once(attempt)) co_return false;
  const base::Instant give_up = ports_.clock.now() + kOverTheLan;
  while (ports_.clock.now() < give_up) {
    const base::Instant soon = ports_.clock.now() + kGlance;
    co_await ports_.timer.sleep_until(soon);
    if (settled()) co_return true;
  }
  co_return false;
}

void CardNeighbours::tell(const wire::AttemptKnown& known) {
  const std::string till = till_of_attempt(known.id);
  const bool news = known.outcome != wire::AttemptOutcome::unknown;
  if (!news || till.empty() || till == till_) return;
  const auto [at, fresh] = of_others_.try_emplace(known.id, known);
  if (!fresh && at->second == known) return;
  at->second = known;
  if (way_.tell) way_.tell(known.id, till, wire::write_json(known));
  if (of_others_.size() > kOfOthers) of_others_.erase(of_others_.begin());
}

void CardNeighbours::asked(const std::string& attempt, const std::string& by) {
  const auto at = of_others_.find(attempt);
  if (at != of_others_.end() && way_.tell) way_.tell(attempt, by, wire::write_json(at->second));
}

std::optional<pay::Told> CardNeighbours::told(const std::string& by, const std::string& body) {
  const auto known = wire::read_attempt(body);
  if (!known) return std::nullopt;
  if (by != till_) {
    of_others_.insert_or_assign(known->id, *known);
    if (of_others_.size() > kOfOthers) of_others_.erase(of_others_.begin());
    return std::nullopt;
  }
  auto told = told_by_cloud(*known);
  if (told) told->channel = wire::Channel::lan;
  return told;
}

}  // namespace tillrig::till
