#include "sim/oracle/names.hpp"

#include <charconv>

namespace tillrig::oracle {
namespace {

template <class T>
bool read_whole(std::string_view text, T& out) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && at == end && !text.empty();
}

}  // namespace

std::optional<IdParts> read_id(std::string_view text) {
  const std::size_t second = text.rfind('.');
  if (second == std::string_view::npos || second == 0) return std::nullopt;
  const std::size_t first = text.rfind('.', second - 1);
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  IdParts parts;
  parts.till = text.substr(0, first);
  if (!read_whole(text.substr(first + 1, second - first - 1), parts.epoch)) return std::nullopt;
  if (!read_whole(text.substr(second + 1), parts.seq)) return std::nullopt;
  return parts;
}

std::optional<NumberParts> read_number(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  NumberParts parts;
  if (!read_whole(text.substr(0, dash), parts.epoch)) return std::nullopt;
  if (!read_whole(text.substr(dash + 1), parts.number)) return std::nullopt;
  return parts;
}

}  // namespace tillrig::oracle
