#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace tillrig::app {

// The inside of every block of a page that is fenced as this language.
inline std::vector<std::string> blocks(const std::string& text, const std::string& language) {
  std::vector<std::string> all;
  const std::string fence = fmt::format("\n```{}\n", language);
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    all.push_back(text.substr(at, text.find("\n```", at) + 1 - at));
  }
  return all;
}

}  // namespace tillrig::app
