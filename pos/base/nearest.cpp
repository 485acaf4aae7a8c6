#include "pos/base/nearest.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace tillrig::base {
namespace {

constexpr std::size_t kLongest = 64;  // nobody mistypes a longer word; bounds the work

using Row = std::array<std::size_t, kLongest + 1>;

// Both at most kLongest. Three rows suffice: a swap looks back two.
std::size_t distance(std::string_view a, std::string_view b) {
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> words) {
  if (word.size() > kLongest) return {};
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::string_view best;
  for (const std::string_view candidate : words) {
    if (candidate.size() > kLongest) continue;
    const std::size_t steps = distance(word, candidate);
    if (steps >= least) continue;
    least = steps;
    best = candidate;
  }
  return best;
}

Failure unknown_word(std::string_view thing, std::string_view word,
                     std::span<const std::string_view> words) {
  const std::string_view meant = nearest(word, words);
  if (!meant.empty()) {
    return fail(Code::not_found, "there is no {} \"{}\"; did you mean \"{}\"?", thing, word, meant);
  }
  return fail(Code::not_found, "there is no {} \"{}\"; there is: {}", thing, word,
              fmt::join(words, ", "));
}

}  // namespace tillrig::base
