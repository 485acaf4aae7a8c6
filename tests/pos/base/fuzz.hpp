#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::base {

// The same damage in every run: xorshift64 from a fixed seed.
class Damage {
 public:
  std::uint64_t below(std::uint64_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ % bound;
  }

  // The text with one to four bytes replaced, dropped, doubled, or the text cut or spliced; half of
  // the new bytes are from `spice`, which the format cares about.
  std::string mutate(std::string text, std::string_view spice) {
    for (std::uint64_t edits = 1 + below(4); edits > 0 && !text.empty(); --edits) {
      const auto at = static_cast<std::size_t>(below(text.size()));
      const char c = below(2) == 0 ? spice[static_cast<std::size_t>(below(spice.size()))]
                                   : static_cast<char>(below(256));
      switch (below(6)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        case 2:
          text.insert(at, text.substr(at, static_cast<std::size_t>(below(12))));
          break;
        case 3:
          text.erase(at, static_cast<std::size_t>(below(12)));
          break;
        default:
          text[at] = c;
      }
    }
    return text;
  }

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15;
};

}  // namespace tillrig::base
