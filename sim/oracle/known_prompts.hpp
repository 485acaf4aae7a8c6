#pragma once

#include <string>
#include <string_view>

namespace tillrig::oracle {

// A prompt whose button is known, in the wording of the articles.
struct KnownPrompt {
  std::string_view id;
  std::string_view button;
  bool blocks = false;  // nothing can be sold while it stands
};

inline constexpr KnownPrompt kKnownPrompts[] = {
    {"no_internet", "Continue", false},
    {"critical_error", "OK", true},
    {"first_login_needed", "Try again", true},
    {"printer", "OK", false},
};

// Their ids, as a closed list of words.
inline const std::string& known_prompt_ids() {
  static const std::string ids = [] {
    std::string all;
    for (const KnownPrompt& known : kKnownPrompts) {
      all += (all.empty() ? "" : " ") + std::string(known.id);
    }
    return all;
  }();
  return ids;
}

}  // namespace tillrig::oracle
