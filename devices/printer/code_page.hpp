#pragma once

#include "pos/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::printer {

// The character tables of a receipt printer, numbered as ESC t takes them. CP858 is CP850 with the
// euro sign at 0xD5.
enum class CodePage : std::uint8_t { cp437 = 0, cp858 = 19 };

std::string_view name(CodePage page);

struct Encoded {
  base::Bytes bytes;
  std::size_t lost = 0;  // characters that became '?'
};

// UTF-8 to the bytes of a page. Line feeds stay; every other control character becomes '?', so that
// an item's name can never be a command. Dashes, curly quotes and a euro sign that the page lacks
// are written in ASCII ("EUR"); a letter and a mark that follows it are the one character that they
// make; what has no likeness, and bytes that are no UTF-8, become '?'.
Encoded encode_text(CodePage page, std::string_view utf8);

// Appends what a byte stands for in a page, as UTF-8.
void append_decoded(CodePage page, unsigned char byte, std::string& utf8);

// What of a text will stand on paper, as UTF-8: each character is one column. For layout, which has
// to know how wide a text is after all that. A line feed is a blank.
std::string as_printed(CodePage page, std::string_view utf8);

// Characters in a UTF-8 text; a byte that is no UTF-8 counts as one.
std::size_t count_characters(std::string_view utf8);

}  // namespace tillrig::printer
