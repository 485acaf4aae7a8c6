#pragma once

#include <span>
#include <string_view>

namespace tillrig::words {

// Something that takes time, told on the timeline as one event with a duration when it ends. The
// marks at both ends are notes of their own.
struct Span {
  std::string_view name;
  std::string_view begins;  // a mark
  std::string_view ends;    // one mark, or several with a space between
  // What tells two of one kind at one till apart: "sale"; the name of a note's argument; "order":
  // they end as they began; "till": there is one at a time, from its first begin.
  std::string_view by;
  bool outlives_app = false;  // goes on while the till's app is down
  std::string_view lane;      // as a mark's
  std::string_view doc;
};

// In the order of the table.
std::span<const Span> spans();

}  // namespace tillrig::words
