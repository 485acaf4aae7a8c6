#include "pos/till/paper_layout.hpp"

#include "devices/printer/code_page.hpp"
#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

constexpr std::size_t kLeastRoom = 8;  // for a text beside an amount

std::size_t width(std::string_view text) {
  return printer::count_characters(text);
}

// How many bytes the first `columns` characters take.
std::size_t bytes_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (begins && columns-- == 0) break;
  }
  return at;
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

// The front of a text that goes into one line; at least a character. A word that would not go into
// the `next` line either is begun here.
std::string_view front_of(std::string_view text, std::size_t columns, std::size_t next) {
  const std::size_t most = bytes_of(text, columns);
  if (most == text.size() || text[most] == ' ') return text.substr(0, most);
  const std::size_t blank = text.substr(0, most).find_last_of(' ');
  const std::size_t first_word = text.find_first_not_of(' ');
  if (blank == std::string_view::npos || blank < first_word) return text.substr(0, most);
  const std::string_view word = text.substr(blank + 1);
  const bool breaks = width(word.substr(0, word.find(' '))) <= next;
  return text.substr(0, breaks ? blank : most);
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  return wrapped(text, {}, columns, indent);
}

std::vector<std::string> wrapped(std::string_view text, std::string_view right, std::size_t columns,
                                 std::size_t indent) {
  TILLRIG_ASSERT(columns > indent + kLeastRoom, "paper has room for a text");
  std::vector<std::string> lines;
  const std::size_t taken = right.empty() ? 0 : width(right) + 1;
  std::size_t room = columns - taken;
  if (taken + kLeastRoom > columns) room = columns;
  std::string_view rest = text;
  do {
    const std::string_view front = front_of(rest, room, columns - indent);
    std::string line(lines.empty() ? 0 : indent, ' ');
    line += front;
    lines.push_back(std::move(line));
    rest = without_blanks(rest.substr(front.size()));
    room = columns - indent;
  } while (!rest.empty());
  if (right.empty()) return lines;
  if (taken + kLeastRoom > columns) lines.emplace_back();
  std::string& beside = taken + kLeastRoom > columns ? lines.back() : lines.front();
  const std::size_t used = width(beside) + width(right);
  beside.append(columns > used ? columns - used : 0, ' ');
  beside += right;
  return lines;
}

}  // namespace tillrig::till
