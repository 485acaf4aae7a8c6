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

}  // namespace tillrig::world
