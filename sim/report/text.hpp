#pragma once

#include "pos/base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::report {

// Virtual time for people: "4.200s", "14m03.250s", "72h00m05.000s"; milliseconds, rounded down.
std::string time_text(base::Duration time);
// The same without the milliseconds, for tables: "4s", "14m03s", "72h00m05s".
std::string short_time(base::Duration time);
// Wall-clock time: "0.012 s".
std::string wall_text(base::Duration time);

// A text as one argument of a shell command: as it is when nothing in it is special.
std::string shell_word(std::string_view text);

// How many columns a terminal gives to the text; continuation bytes of UTF-8 take none.
std::size_t columns(std::string_view text);
// As much of the text as fits so many columns; no character is cut in the middle.
std::string_view first_columns(std::string_view text, std::size_t most);

// Columns two spaces apart; those marked right are aligned to the right. No spaces at line ends.
struct Column {
  std::string heading;
  bool right = false;
};
std::string table(const std::vector<Column>& head,
                  const std::vector<std::vector<std::string>>& rows);

// Which colours: none, or those of a terminal.
struct Paint {
  bool on = false;
  [[nodiscard]] std::string good(std::string_view text) const { return wrap("32", text); }
  [[nodiscard]] std::string bad(std::string_view text) const { return wrap("1;31", text); }
  [[nodiscard]] std::string dim(std::string_view text) const { return wrap("2", text); }

 private:
  [[nodiscard]] std::string wrap(std::string_view code, std::string_view text) const;
};

}  // namespace tillrig::report
