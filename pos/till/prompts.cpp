#include "pos/till/prompts.hpp"

#include "pos/base/assert.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::till {

void Prompts::open(Prompt prompt) {
  TILLRIG_ASSERT(!prompt.buttons.empty(), "a prompt without a button cannot be answered");
  const auto standing = std::find_if(open_.begin(), open_.end(),
                                     [&](const Prompt& each) { return each.id == prompt.id; });
  if (standing == open_.end()) {
    open_.push_back(prompt);
  } else {
    if (standing->text == prompt.text) return;
    standing->text = std::move(prompt.text);
    prompt = *standing;
  }
  Shown shown;
  shown.kind = Shown::Kind::prompt;
  shown.prompt = std::move(prompt);
  screen_.show(shown);
}

void Prompts::close(std::size_t at, std::string_view how) {
  Shown shown;
  shown.kind = Shown::Kind::prompt_closed;
  shown.prompt = open_[at];
  shown.text = how;
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
  screen_.show(shown);
}

void Prompts::withdraw(std::string_view id, std::string_view because) {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i].id == id) return close(i, because);
  }
}

base::Result<void> Prompts::press(std::string_view id, std::string_view button) {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const Prompt& prompt = open_[i];
    if (prompt.id != id) continue;
    if (std::find(prompt.buttons.begin(), prompt.buttons.end(), button) == prompt.buttons.end()) {
      return base::fail(base::Code::bad_input, "the prompt {} has no button \"{}\"; it has: {}", id,
                        button, fmt::join(prompt.buttons, ", "));
    }
    close(i, button);
    return {};
  }
  std::vector<std::string_view> ids;
  for (const Prompt& prompt : open_) ids.push_back(prompt.id);
  return base::fail(base::Code::not_found, "no prompt {} stands on the screen; there is: {}", id,
                    ids.empty() ? "none" : fmt::format("{}", fmt::join(ids, ", ")));
}

bool Prompts::stands(std::string_view id) const {
  return std::any_of(open_.begin(), open_.end(), [&](const Prompt& p) { return p.id == id; });
}

bool Prompts::modal() const {
  return std::any_of(open_.begin(), open_.end(), [](const Prompt& p) { return p.modal; });
}

}  // namespace tillrig::till
