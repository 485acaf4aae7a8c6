#pragma once

#include "pos/pay/attempt.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tillrig::pay {

// What both halves of the coordinator say and ask.

inline void act(std::vector<Action>& actions, Action::Kind kind, const Attempt& attempt,
                std::string text = {}) {
  actions.push_back({kind, attempt, std::move(text), true});
}

inline void say(std::vector<Action>& actions, const Attempt& attempt, std::string text) {
  act(actions, Action::Kind::say, attempt, std::move(text));
}

// Whether the terminal may be at it, and the cashier waits for it.
inline bool in_flight(const Attempt& attempt) {
  return attempt.state < AttemptState::parked;
}

inline bool waits_for_terminal(const Attempt& attempt) {
  return attempt.state == AttemptState::created || attempt.state == AttemptState::requested ||
         attempt.state == AttemptState::cancel_asked;
}

inline std::string in_words(Money amount, const std::string& currency) {
  const auto known = base::find_currency(currency).value_or(base::Currency{currency, 2});
  return base::format_money(amount, known);
}

inline std::string because(std::string sentence, const std::string& why) {
  return why.empty() ? sentence : sentence + " (" + why + ")";
}

}  // namespace tillrig::pay
