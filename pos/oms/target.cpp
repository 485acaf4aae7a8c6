#include "pos/oms/target.hpp"

#include <algorithm>
#include <charconv>

namespace tillrig::oms {

Target::Target(std::string_view target) {
  const std::size_t mark = std::min(target.find('?'), target.size());
  path_ = target.substr(0, mark);
  query_ = target.substr(std::min(mark + 1, target.size()));
}

bool Target::matches(std::string_view pattern) {
  named_ = {};
  const std::size_t open = pattern.find('{');
  if (open == std::string_view::npos) return path_ == pattern;
  const std::string_view before = pattern.substr(0, open);
  const std::string_view after = pattern.substr(pattern.find('}') + 1);
  if (path_.size() <= before.size() + after.size()) return false;
  if (!path_.starts_with(before) || !path_.ends_with(after)) return false;
  const std::string_view name =
      path_.substr(before.size(), path_.size() - before.size() - after.size());
  if (name.find('/') != std::string_view::npos) return false;
  named_ = name;
  return true;
}

std::string_view Target::parameter(std::string_view name) const {
  std::string_view rest = query_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

std::optional<std::uint64_t> Target::count(std::string_view name, std::uint64_t otherwise) const {
  const std::string_view text = parameter(name);
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace tillrig::oms
