#include "sim/world/marks.hpp"

#include "sim/words/mark.hpp"

namespace tillrig::world {

void Marks::met(std::string_view mark, const std::string& lane) {
  auto at = counts_.find(mark);
  if (at == counts_.end()) {
    at = counts_.emplace(mark, Lanes()).first;
    if (words::Table<words::Mark>::find(mark) == nullptr) unknown_.emplace_back(mark);
  }
  const std::uint64_t count = ++at->second[lane];  // a listener may note something itself
  for (std::size_t i = 0; i < listeners_.size(); ++i) listeners_[i](mark, count, lane);
}

std::uint64_t Marks::count(std::string_view mark, std::string_view lane) const {
  const auto lanes = counts_.find(mark);
  if (lanes == counts_.end()) return 0;
  const auto at = lanes->second.find(lane);
  return at == lanes->second.end() ? 0 : at->second;
}

}  // namespace tillrig::world
