#include "sim/world/timeline/open_spans.hpp"

namespace tillrig::world {
namespace {

// Whether a list of words with spaces between has this one.
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t space = std::min(list.find(' '), list.size());
    if (list.substr(0, space) == word) return true;
    list.remove_prefix(std::min(space + 1, list.size()));
  }
  return false;
}

}  // namespace

void OpenSpans::begin(std::size_t span, const std::string& key, Begun begun) {
  auto& open = open_[span][key];
  if (open.empty() || words::spans()[span].by == "order") open.push_back(begun);
}

std::optional<OpenSpans::Begun> OpenSpans::end(std::size_t span, const std::string& key) {
  const auto found = open_[span].find(key);
  if (found == open_[span].end()) return std::nullopt;
  const Begun began = found->second.front();
  found->second.pop_front();
  if (found->second.empty()) open_[span].erase(found);
  return began;
}

void OpenSpans::drop() {
  for (std::size_t span = 0; span < open_.size(); ++span) {
    if (!words::spans()[span].outlives_app) open_[span].clear();
  }
}

SpanEnds spans_of(std::string_view mark) {
  SpanEnds both;
  for (std::size_t span = 0; span < words::spans().size(); ++span) {
    const words::Span& row = words::spans()[span];
    if (row.begins == mark) both.begins.push_back(span);
    if (lists(row.ends, mark)) both.ends.push_back(span);
  }
  return both;
}

}  // namespace tillrig::world
