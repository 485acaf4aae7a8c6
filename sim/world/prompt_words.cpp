#include "sim/world/prompt_words.hpp"

#include "pos/till/prompts.hpp"

namespace tillrig::world {

const std::string& prompt_words() {
  static const std::string words = [] {
    std::string all;
    for (const till::PromptKind* kind : till::prompt_kinds()) {
      all += (all.empty() ? "" : " ") + std::string(kind->id);
    }
    return all;
  }();
  return words;
}

std::vector<std::string_view> prompt_buttons(std::string_view id) {
  for (const till::PromptKind* kind : till::prompt_kinds()) {
    if (kind->id == id) return kind->buttons;
  }
  return {};
}

}  // namespace tillrig::world
