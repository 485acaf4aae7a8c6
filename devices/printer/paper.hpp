#pragma once

#include "devices/printer/protocol.hpp"
#include "pos/base/time.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tillrig::printer {

// One printed line as a reader of the receipt sees it.
struct Line {
  std::string text;   // UTF-8, without the blanks of its alignment
  bool bold = false;  // some of it is bold
  int width = 1;      // of its widest character: 1 to 8
  int height = 1;     // of its highest character: 1 to 8
  Align align = Align::left;
};

// A piece of paper. Until it is cut or torn off, whatever is printed next is on the same piece.
struct Receipt {
  std::vector<Line> lines;
  base::Instant printed_at;  // when it was cut, or its last line printed
  bool complete = false;     // the printer cut it
};

// A receipt as plain UTF-8 text: every line ended by LF, centred and right-hand lines set out with
// blanks on paper of that many columns.
std::string paper_text(const Receipt& receipt, std::size_t columns = 42);

}  // namespace tillrig::printer
