#include "sim/oracle/printed.hpp"

#include <string>
#include <vector>

namespace tillrig::oracle {
namespace {

bool beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

// U+0300 to U+036F, which change the letter before them.
bool combines(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if ((lead != 0xCC && lead != 0xCD) || at + 1 >= text.size()) return false;
  return lead == 0xCC || static_cast<unsigned char>(text[at + 1]) < 0xB0;
}

// A text without its blanks, cut where letters beyond ASCII stand.
std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (beyond_ascii(c)) {
      if (combines(text, at) && !pieces.back().empty()) pieces.back().pop_back();
      if (!pieces.back().empty()) pieces.emplace_back();
    } else if (c != ' ') {
      pieces.back() += c;
    }
  }
  return pieces;
}

}  // namespace

bool printed_as(std::string_view paper, std::string_view text) {
  std::string rest;
  for (const char c : paper) {
    if (c != ' ') rest += c;
  }
  const std::vector<std::string> pieces = pieces_of(text);
  std::size_t at = 0;
  for (const std::string& piece : pieces) {
    const std::size_t found = rest.find(piece, at);
    if (found == std::string::npos) return false;
    const bool first = &piece == &pieces.front();
    if (first && found != 0 && !piece.empty() && text.starts_with(piece.front())) return false;
    at = found + piece.size();
  }
  return at == rest.size() || text.empty() || beyond_ascii(text.back());
}

}  // namespace tillrig::oracle
