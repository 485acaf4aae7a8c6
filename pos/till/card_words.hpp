#pragma once

#include "devices/terminal/driver.hpp"
#include "pos/pay/coordinator.hpp"
#include "pos/till/prompts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::till {

// What the coordinator, the cashier, the terminal and the cloud mean, each in the words of the
// others.

// The prompt that has the button; null: there is none now.
const PromptKind* prompt_of(pay::Button button);
pay::Event press_of(pay::Button button, std::string id);
std::string prompt_text(const pay::Attempt& paying, pay::Button button);
// `attempt`: that it is about; null: it is not known.
pay::Told told_by_terminal(const terminal::Answered& answered, const pay::Attempt* attempt,
                           const base::Mutants& mutants = {});
// Nothing: it is no news.
std::optional<pay::Told> told_by_cloud(const wire::AttemptKnown& known);
// The till whose payment or order it is; empty: none's.
std::string till_of_attempt(std::string_view id);
// Whether it looks like the id of an order that was closed as unpaid, here or elsewhere.
bool is_card_order(std::string_view text);

}  // namespace tillrig::till
