#include "sim/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::report {
namespace {

struct Parts {
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  std::int64_t millis = 0;
};

Parts split(base::Duration time) {
  const std::int64_t ms = std::max<std::int64_t>(time.count(), 0) / 1'000'000;
  return {ms / 3'600'000, ms / 60'000 % 60, ms / 1'000 % 60, ms % 1'000};
}

}  // namespace

std::string time_text(base::Duration time) {
  const Parts p = split(time);
  if (p.hours != 0) {
    return fmt::format("{}h{:02}m{:02}.{:03}s", p.hours, p.minutes, p.seconds, p.millis);
  }
  if (p.minutes != 0) return fmt::format("{}m{:02}.{:03}s", p.minutes, p.seconds, p.millis);
  return fmt::format("{}.{:03}s", p.seconds, p.millis);
}

std::string short_time(base::Duration time) {
  const Parts p = split(time);
  if (p.hours != 0) return fmt::format("{}h{:02}m{:02}s", p.hours, p.minutes, p.seconds);
  if (p.minutes != 0) return fmt::format("{}m{:02}s", p.minutes, p.seconds);
  return fmt::format("{}s", p.seconds);
}

std::string wall_text(base::Duration time) {
  const std::int64_t ms = std::max<std::int64_t>(time.count(), 0) / 1'000'000;
  return fmt::format("{}.{:03} s", ms / 1'000, ms % 1'000);
}

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-=:,@%+").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  const bool controls = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
  });
  if (controls) {  // as bash and zsh read it, and POSIX shells since 2024
    std::string quoted = "$'";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte == 0x7f) {
        quoted += fmt::format("\\{:03o}", byte);
      } else {
        quoted += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
      }
    }
    return quoted + "'";
  }
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string_view first_columns(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t taken = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && taken++ == most) break;
  }
  return text.substr(0, end);
}

std::string table(const std::vector<Column>& head,
                  const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> width;
  for (const Column& column : head) width.push_back(columns(column.heading));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], columns(row[i]));
  }
  std::string out;
  const auto line = [&](auto&& cell) {
    std::string text;
    for (std::size_t i = 0; i < head.size(); ++i) {
      const std::string value = cell(i);
      const std::string gap(width[i] - columns(value), ' ');
      if (i != 0) text += "  ";
      text += head[i].right ? gap + value : value + gap;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  };
  line([&](std::size_t i) { return head[i].heading; });
  for (const auto& row : rows) line([&](std::size_t i) { return row[i]; });
  return out;
}

std::string Paint::wrap(std::string_view code, std::string_view text) const {
  if (!on) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace tillrig::report
