#include "pos/base/visible.hpp"

#include <fmt/format.h>

namespace tillrig::base {

namespace {

// The bytes of U+202A to U+202E and U+2066 to U+2069 at the start of `text`: 3, else 0.
std::size_t turns_direction(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xe2') return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  const bool embeds = second == 0x80 && third >= 0xaa && third <= 0xae;
  const bool isolates = second == 0x81 && third >= 0xa6 && third <= 0xa9;
  return embeds || isolates ? 3 : 0;
}

std::string escaped(std::string_view text, std::string_view kept) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool second_set = c == 0xc2 && i + 1 < text.size() &&
                            static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                            static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (turns_direction(text.substr(i)) > 0) {
      const unsigned code = 0x2000U + ((static_cast<unsigned char>(text[i + 1]) & 0x3fU) << 6U) +
                            (static_cast<unsigned char>(text[i + 2]) & 0x3fU);
      out += fmt::format("\\u{:04x}", code);
      i += 2;
    } else if (second_set) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else if ((c < 0x20 && kept.find(text[i]) == std::string_view::npos) || c == 0x7f) {
      out += fmt::format("\\x{:02x}", c);
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string visible(std::string_view text) {
  return escaped(text, "\n\t");
}

std::string visible_name(std::string_view name) {
  return escaped(name, "");
}

}  // namespace tillrig::base
