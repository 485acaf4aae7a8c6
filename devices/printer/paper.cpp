#include "devices/printer/paper.hpp"

namespace tillrig::printer {

std::string paper_text(const Receipt& receipt, std::size_t columns) {
  std::string out;
  for (const Line& line : receipt.lines) {
    const std::size_t wide = count_characters(line.text) * static_cast<std::size_t>(line.width);
    const std::size_t room = wide < columns ? columns - wide : 0;
    if (line.align == Align::center) out.append(room / 2, ' ');
    if (line.align == Align::right) out.append(room, ' ');
    out += line.text;
    out += '\n';
  }
  return out;
}

}  // namespace tillrig::printer
