#include "pos/store/home.hpp"

#include "pos/base/hash.hpp"

#include <fmt/format.h>

#include <charconv>

namespace tillrig::store {

Home Home::here(const ports::Clock& clock, ports::Disk& disk, const std::string& lock) {
  return {clock.uptime().boot, disk.birth(lock)};
}

std::string Home::text() const {
  return fmt::format("{} {}", boot, birth);
}

std::optional<Home> Home::read(std::string_view text) {
  Home home;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, home.boot);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, home.birth);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return home;
}

std::string Home::mark() const {
  if (boot == 0 && birth == 0) return {};
  return fmt::format("{:016x}", base::fnv1a(text()));
}

std::uint32_t Home::jump() const {
  constexpr std::uint64_t kPlaces = 4093;
  return 1 + static_cast<std::uint32_t>(base::fnv1a(text()) % kPlaces);
}

Moved moved_between(const Home& noted, const Home& here) {
  const bool both = noted.birth != 0 && here.birth != 0;
  if (both && noted.birth != here.birth) return Moved::copied;
  return noted.boot == here.boot ? Moved::no : Moved::restarted;
}

}  // namespace tillrig::store
