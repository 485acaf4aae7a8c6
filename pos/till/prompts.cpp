#include "pos/till/prompts.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/version.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::till {
namespace {

constexpr std::string_view kPromptsSince = "1.14.10";

const base::Mutant kVersionAsText{"version_as_text", "INV-25", "OUT-31",
                                  "versions are compared as texts: 1.14.9 counts as newer than "
                                  "1.14.10"};

std::vector<const PromptKind*>& prompt_table() {
  static std::vector<const PromptKind*> table;  // filled before main, read-only after
  return table;
}

}  // namespace

PromptKind::PromptKind(std::string_view id_, std::initializer_list<std::string_view> buttons_,
                       bool modal_, bool of_s2_)
    : id(id_), buttons(buttons_), modal(modal_), of_s2(of_s2_) {
  TILLRIG_ASSERT(!buttons.empty(), "a prompt without a button cannot be answered");
  prompt_table().push_back(this);
}

std::vector<const PromptKind*> prompt_kinds() {
  auto sorted = prompt_table();
  std::sort(sorted.begin(), sorted.end(),
            [](const PromptKind* a, const PromptKind* b) { return a->id < b->id; });
  return sorted;
}

Prompts::Prompts(Screen& screen, std::string_view version, const base::Mutants& mutants)
    : screen_(screen) {
  static const base::Version kSince = *base::parse_version(kPromptsSince);
  if (const auto ours = base::parse_version(version)) of_the_article_ = *ours >= kSince;
  if (kVersionAsText.on(mutants)) of_the_article_ = version >= kPromptsSince;
}

void Prompts::open(const PromptKind& kind, std::string text, std::vector<Act> acts, bool blocks) {
  TILLRIG_ASSERT(acts.size() <= kind.buttons.size(), "an act without a button");
  if (!has(kind)) return;
  acts.resize(kind.buttons.size());
  const auto standing = std::find_if(
      open_.begin(), open_.end(), [&](const Standing& each) { return each.prompt.id == kind.id; });
  PromptShown shown;
  if (standing != open_.end()) {
    if (standing->prompt.text == text) return;
    standing->prompt.text = std::move(text);
    standing->acts = std::move(acts);
    shown.prompt = standing->prompt;
  } else {
    shown.prompt.id = kind.id;
    shown.prompt.text = std::move(text);
    shown.prompt.buttons.assign(kind.buttons.begin(), kind.buttons.end());
    shown.prompt.modal = kind.modal || blocks;
    open_.push_back({shown.prompt, std::move(acts)});
  }
  screen_.show(shown);
}

void Prompts::close(std::size_t at, std::string_view button, std::string_view because) {
  PromptClosed shown;
  shown.prompt = open_[at].prompt.id;
  shown.button = button;
  shown.because = because;
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
  screen_.show(shown);
}

void Prompts::withdraw(const PromptKind& kind, std::string_view because) {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i].prompt.id == kind.id) return close(i, "", because);
  }
}

base::Result<Act> Prompts::press(std::string_view id, std::string_view button) {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const Prompt& prompt = open_[i].prompt;
    if (prompt.id != id) continue;
    const auto pressed = std::find(prompt.buttons.begin(), prompt.buttons.end(), button);
    if (pressed == prompt.buttons.end()) {
      return base::fail(base::Code::bad_input, "the prompt {} has no button \"{}\"; it has: {}", id,
                        button, fmt::join(prompt.buttons, ", "));
    }
    Act act = std::move(open_[i].acts[static_cast<std::size_t>(pressed - prompt.buttons.begin())]);
    close(i, button, "");
    return act;
  }
  std::vector<std::string_view> ids;
  for (const Standing& each : open_) ids.push_back(each.prompt.id);
  return base::fail(base::Code::not_found, "no prompt {} stands on the screen; there is: {}", id,
                    ids.empty() ? "none" : fmt::format("{}", fmt::join(ids, ", ")));
}

bool Prompts::modal() const {
  return std::any_of(open_.begin(), open_.end(),
                     [](const Standing& each) { return each.prompt.modal; });
}

std::vector<Prompt> Prompts::all() const {
  std::vector<Prompt> prompts;
  for (const Standing& each : open_) prompts.push_back(each.prompt);
  return prompts;
}

}  // namespace tillrig::till
