#include "sim/words/args.hpp"

namespace tillrig::words {

std::int64_t Args::number(std::string_view key, std::int64_t otherwise) const {
  const auto at = values_.find(key);
  if (at == values_.end()) return otherwise;
  const auto* number = std::get_if<std::int64_t>(&at->second);
  return number != nullptr ? *number : otherwise;
}

std::string Args::text(std::string_view key, std::string_view otherwise) const {
  const auto at = values_.find(key);
  if (at == values_.end()) return std::string(otherwise);
  const auto* text = std::get_if<std::string>(&at->second);
  return text != nullptr ? *text : std::string(otherwise);
}

}  // namespace tillrig::words
