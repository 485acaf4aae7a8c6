#pragma once

#include "pos/base/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tillrig::app {

// How far the suite is. On a terminal: one line at its foot, drawn anew and erased at the end.
// Elsewhere nothing but a line when there was silence for ten seconds.
class Progress {
 public:
  Progress();
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::size_t done, std::size_t failed, std::size_t total, std::string_view now_playing);
  // Prints a text above the line.
  void print(std::string_view text);
  void clear();

 private:
  bool terminal_;
  bool drawn_ = false;
  base::Instant began_;
  base::Instant last_;
};

// Whether standard output is a terminal that wants colours: NO_COLOR, TERM=dumb and a pipe do not,
// FORCE_COLOR and CLICOLOR_FORCE do.
bool wants_colour();

}  // namespace tillrig::app
