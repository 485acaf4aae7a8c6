#include "sim/oracle/outage_text.hpp"

#include "sim/oracle/json_scan.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace tillrig::oracle {
namespace {

std::string_view without_margins(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// What follows the word, if the line begins with it.
bool says(std::string_view line, std::string_view word, std::string& into) {
  if (!line.starts_with(word)) return false;
  into = without_margins(line.substr(word.size()));
  return true;
}

bool is_nothing(std::string_view amount) {
  const std::string_view digits = "0.,";
  return amount.find('0') != std::string_view::npos &&
         amount.find_first_not_of(digits) == std::string_view::npos;
}

}  // namespace

std::optional<OutageText> read_outage(std::string_view body) {
  OutageText told;
  int found = 0;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    const bool known = key == "since_ms" || key == "until_ms" || key == "documents";
    found += known ? 1 : 0;
    if (key == "since_ms") {
      told.since_ms = scan.number();
    } else if (key == "until_ms") {
      told.until_ms = scan.number();
    } else if (key == "documents") {
      told.documents = scan.count();
    } else {
      scan.skip();
    }
  });
  return scan.finished() && found == 3 ? std::optional(told) : std::nullopt;
}

std::optional<NullReceiptText> read_null_receipt(std::string_view text,
                                                 std::string_view copy_mark) {
  NullReceiptText slip;
  bool begun = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = without_margins(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line == copy_mark) slip.copy = true;
    begun = begun || line == "NULL RECEIPT";
    if (!begun) continue;
    std::string word;
    if (says(line, "Event ", slip.event) || says(line, "From ", slip.since)) continue;
    if (says(line, "Until ", slip.until)) continue;
    if (says(line, "TOTAL ", word)) slip.nothing = is_nothing(word);
    if (says(line, "Documents ", word)) {
      std::from_chars(word.data(), word.data() + word.size(), slip.documents);
    }
  }
  return begun ? std::optional(slip) : std::nullopt;
}

std::string moment_on_paper(std::int64_t wall_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(wall_ms)};
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(moment));
  constexpr std::int64_t kDay = 24LL * 60 * 60;
  std::int64_t second = wall_ms >= 0 ? wall_ms / 1000 : (wall_ms - 999) / 1000;
  second = ((second % kDay) + kDay) % kDay;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     second / 3600, second / 60 % 60, second % 60);
}

}  // namespace tillrig::oracle
