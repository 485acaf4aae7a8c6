#include "sim/world/timeline/past.hpp"

#include "pos/base/assert.hpp"

#include <utility>

namespace tillrig::world {
namespace {

// Sets the last event under an id and gives the one before it.
Past::Number replace_last(std::vector<Past::Number>& last, std::uint32_t id, Past::Number number) {
  if (id == 0) return 0;
  if (last.size() <= id) last.resize(id + id / 2 + 8, 0);
  return std::exchange(last[id], number);
}

}  // namespace

void Past::add(const Event& event) {
  const auto number = static_cast<Number>(past_.size());
  TILLRIG_ASSERT(event.cause < number && event.struck < number, "a cause comes before its effect");
  Kept kept{event};
  kept.before_of_sale = replace_last(last_of_sale_, event.sale, number);
  kept.before_there = replace_last(last_by_whose_, event.whose, number);
  past_.push_back(kept);
  if (event.disturbance) disturbances_.push_back(number);
  if (first_of_line_.size() <= event.line) first_of_line_.resize(event.line + 1, 0);
  if (first_of_line_[event.line] == 0) first_of_line_[event.line] = number;
}

bool Past::walk(Number from, std::set<Number>& into) const {
  bool disturbed = false;
  std::vector<Number> open = {from};
  while (!open.empty()) {
    const Number number = open.back();
    open.pop_back();
    if (number == 0 || !into.insert(number).second) continue;
    const Kept& event = past_[number];
    disturbed = disturbed || event.disturbance;
    open.push_back(event.cause);
    open.push_back(event.struck);
  }
  return disturbed;
}

Past::Number Past::last_there(std::uint32_t whose, base::Instant at) const {
  Number number = whose < last_by_whose_.size() ? last_by_whose_[whose] : 0;
  while (number != 0 && past_[number].at > at && past_[number].before_there != 0) {
    number = past_[number].before_there;
  }
  return number != 0 ? number : events();
}

// The last one before that moment, else the first after it.
Past::Number Past::nearest_disturbance(std::uint32_t whose, base::Instant at) const {
  Number nearest = 0;
  for (const Number number : disturbances_) {
    const Kept& event = past_[number];
    if (whose != 0 && event.whose != 0 && event.whose != whose) continue;
    if (nearest == 0 || event.at <= at) nearest = number;
  }
  return nearest;
}

std::vector<std::uint64_t> Past::chain(const Subject& subject) const {
  const Number last =
      subject.sale != 0 && subject.sale < last_of_sale_.size() ? last_of_sale_[subject.sale] : 0;
  std::set<Number> chain;
  const Number from = last != 0 ? last : last_there(subject.whose, subject.at);
  bool disturbed = walk(from, chain);
  if (last == 0 && subject.line != 0 && subject.line < first_of_line_.size()) {
    disturbed = walk(first_of_line_[subject.line], chain) || disturbed;
  }
  std::set<Number> seen = chain;  // none of it a disturbance, so far
  for (Number number = last; number != 0 && !disturbed; number = past_[number].before_of_sale) {
    disturbed = walk(number, seen);
    if (disturbed) walk(number, chain);
  }
  if (!disturbed) walk(nearest_disturbance(subject.whose, subject.at), chain);
  return {chain.begin(), chain.end()};
}

}  // namespace tillrig::world
