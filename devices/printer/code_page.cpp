#include "devices/printer/code_page.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tillrig::printer {
namespace {

using HighHalf = std::array<char16_t, 128>;  // what bytes 0x80 to 0xFF stand for

// clang-format off
constexpr HighHalf kCp437 = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7,
    0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5,
    0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9,
    0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192,
    0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA, 0x00BA,
    0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556,
    0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510,
    0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567,
    0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B,
    0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580,
    0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4,
    0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229,
    0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7, 0x2248,
    0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
};

constexpr HighHalf kCp858 = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7,
    0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5,
    0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9,
    0x00FF, 0x00D6, 0x00DC, 0x00F8, 0x00A3, 0x00D8, 0x00D7, 0x0192,
    0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA, 0x00BA,
    0x00BF, 0x00AE, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x00C1, 0x00C2, 0x00C0,
    0x00A9, 0x2563, 0x2551, 0x2557, 0x255D, 0x00A2, 0x00A5, 0x2510,
    0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x00E3, 0x00C3,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x00A4,
    0x00F0, 0x00D0, 0x00CA, 0x00CB, 0x00C8, 0x20AC, 0x00CD, 0x00CE,
    0x00CF, 0x2518, 0x250C, 0x2588, 0x2584, 0x00A6, 0x00CC, 0x2580,
    0x00D3, 0x00DF, 0x00D4, 0x00D2, 0x00F5, 0x00D5, 0x00B5, 0x00FE,
    0x00DE, 0x00DA, 0x00DB, 0x00D9, 0x00FD, 0x00DD, 0x00AF, 0x00B4,
    0x00AD, 0x00B1, 0x2017, 0x00BE, 0x00B6, 0x00A7, 0x00F7, 0x00B8,
    0x00B0, 0x00A8, 0x00B7, 0x00B9, 0x00B3, 0x00B2, 0x25A0, 0x00A0,
};
// clang-format on

constexpr char32_t kBad = 0xFFFD;

// What is printed for characters that people type and no page has.
struct Substitute {
  char32_t character;
  std::string_view ascii;
};
constexpr std::array<Substitute, 12> kSubstitutes = {{
    {0x00A0, " "},
    {0x2010, "-"},
    {0x2013, "-"},
    {0x2014, "-"},
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201C, "\""},
    {0x201D, "\""},
    {0x201E, "\""},
    {0x2026, "..."},
    {0x20AC, "EUR"},
    {0x2212, "-"},
}};

// A letter and the mark that follows it, as one character (Unicode Normalization Form C), for those
// that a page has.
struct Marked {
  char32_t mark;
  std::string_view letters;
  std::array<char16_t, 12> composed;
};
// clang-format off
constexpr Marked kMarked[] = {
    {0x0300, "AEIOUaeiou", {0x00C0, 0x00C8, 0x00CC, 0x00D2, 0x00D9, 0x00E0, 0x00E8, 0x00EC, 0x00F2, 0x00F9}},
    {0x0301, "AEIOUYaeiouy", {0x00C1, 0x00C9, 0x00CD, 0x00D3, 0x00DA, 0x00DD, 0x00E1, 0x00E9, 0x00ED, 0x00F3, 0x00FA, 0x00FD}},
    {0x0302, "AEIOUaeiou", {0x00C2, 0x00CA, 0x00CE, 0x00D4, 0x00DB, 0x00E2, 0x00EA, 0x00EE, 0x00F4, 0x00FB}},
    {0x0303, "ANOano", {0x00C3, 0x00D1, 0x00D5, 0x00E3, 0x00F1, 0x00F5}},
    {0x0308, "AEIOUaeiouy", {0x00C4, 0x00CB, 0x00CF, 0x00D6, 0x00DC, 0x00E4, 0x00EB, 0x00EF, 0x00F6, 0x00FC, 0x00FF}},
    {0x030A, "Aa", {0x00C5, 0x00E5}},
    {0x0327, "Cc", {0x00C7, 0x00E7}},
};
// clang-format on

bool is_mark(char32_t character) {
  return character >= 0x0300 && character <= 0x036F;
}

// kBad when there is no such character.
char32_t compose(char letter, char32_t mark) {
  for (const Marked& each : kMarked) {
    const std::size_t at = each.letters.find(letter);
    if (each.mark == mark && at != std::string_view::npos) return each.composed[at];
  }
  return kBad;
}

const HighHalf& high_half(CodePage page) {
  return page == CodePage::cp437 ? kCp437 : kCp858;
}

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

// The character at `at`, which is moved behind it. A byte that is no UTF-8 is kBad and one byte.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4) return kBad;
  char32_t value = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if (!continues(text, at + i)) return kBad;
    value = (value << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  const bool overlong = (more == 2 && value < 0x800) || (more == 3 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return kBad;
  at += more;
  return value;
}

// How many characters at the front are the same in ASCII, UTF-8 and every page.
std::size_t run_of_plain(std::string_view text) {
  const auto is_plain = [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7F); };
  const auto* const end = std::find_if_not(text.begin(), text.end(), is_plain);
  return static_cast<std::size_t>(end - text.begin());
}

void append_utf8(std::string& out, char32_t value) {
  const auto add = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (value < 0x80) {
    add(value);
  } else if (value < 0x800) {
    add(0xC0U | (value >> 6U));
    add(0x80U | (value & 0x3FU));
  } else {
    add(0xE0U | (value >> 12U));
    add(0x80U | ((value >> 6U) & 0x3FU));
    add(0x80U | (value & 0x3FU));
  }
}

}  // namespace

std::string_view name(CodePage page) {
  return page == CodePage::cp437 ? "CP437" : "CP858";
}

Encoded encode_text(CodePage page, std::string_view utf8) {
  Encoded out;
  const HighHalf& high = high_half(page);
  out.bytes.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t plain = run_of_plain(utf8.substr(at));
    out.bytes.append(utf8, at, plain);
    at += plain;
    if (at == utf8.size()) break;
    char32_t character = next_character(utf8, at);
    if (is_mark(character)) {  // goes with the letter before it, or is left out
      character = out.bytes.empty() ? kBad : compose(out.bytes.back(), character);
      if (std::find(high.begin(), high.end(), character) == high.end()) continue;
      out.bytes.pop_back();
    }
    const auto* found = std::find(high.begin(), high.end(), character);
    if (found != high.end() && character != kBad) {
      out.bytes += static_cast<char>(0x80 + (found - high.begin()));
      continue;
    }
    const auto* close =
        std::find_if(kSubstitutes.begin(), kSubstitutes.end(),
                     [&](const Substitute& each) { return each.character == character; });
    if (close != kSubstitutes.end()) {
      out.bytes += close->ascii;
    } else {
      out.bytes += '?';
      ++out.lost;
    }
  }
  return out;
}

void append_decoded(CodePage page, unsigned char byte, std::string& utf8) {
  if (byte < 0x80) {
    utf8 += static_cast<char>(byte);
  } else {
    append_utf8(utf8, char32_t{high_half(page)[byte - 0x80U]});
  }
}

std::string as_printed(CodePage page, std::string_view utf8) {
  std::string text;
  for (const char byte : encode_text(page, utf8).bytes) {
    append_decoded(page, static_cast<unsigned char>(byte == '\n' ? ' ' : byte), text);
  }
  return text;
}

std::size_t count_characters(std::string_view utf8) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < utf8.size(); ++count) next_character(utf8, at);
  return count;
}

}  // namespace tillrig::printer
