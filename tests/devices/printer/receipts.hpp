#pragma once

#include "devices/printer/protocol.hpp"

#include <fmt/format.h>

namespace tillrig::printer {

// A receipt of seven lines, and a drawer kick in front.
inline base::Bytes sample_job() {
  EscPos page;
  page.init().kick_drawer();
  page.align(Align::center).bold(true).double_size(true).line("Corner Shop");
  page.double_size(false).bold(false).align(Align::left);
  page.line("Crème fraîche                     1.09 A")
      .line("Milk                              1.29 A");
  page.bold(true).line("TOTAL                            2.38 €").bold(false);
  page.feed(2).align(Align::right).line("Thank you").align(Align::left).cut();
  return page.take();
}

inline constexpr std::size_t kSampleLines = 7;

// A receipt of so many numbered lines.
inline base::Bytes long_job(int lines) {
  EscPos page;
  page.init();
  for (int i = 1; i <= lines; ++i) page.line(fmt::format("line {:03}", i));
  page.cut();
  return page.take();
}

}  // namespace tillrig::printer
