#include "sim/words/args.hpp"

#include <sstream>
#include <utility>

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

std::vector<std::string> Args::words(std::string_view key) const {
  std::vector<std::string> found;
  std::istringstream stream(text(key));
  for (std::string word; stream >> word;) found.push_back(std::move(word));
  return found;
}

std::vector<std::int64_t> Args::numbers(std::string_view key) const {
  std::vector<std::int64_t> found;
  std::istringstream stream(text(key));
  for (std::int64_t number = 0; stream >> number;) found.push_back(number);
  return found;
}

}  // namespace tillrig::words
