#pragma once

#include "pos/base/result.hpp"

#include <span>
#include <string_view>

namespace tillrig::base {

// The one of `words` that somebody who typed `word` most likely meant: fewest insertions,
// deletions, replacements and swaps of neighbours (optimal string alignment), the first of equals.
// Empty when none is within max(2, a third of the word's length), or the word is over 64 bytes.
std::string_view nearest(std::string_view word, std::span<const std::string_view> words);

// not_found: there is no such thing; the nearest of those there are, or else all of them.
Failure unknown_word(std::string_view thing, std::string_view word,
                     std::span<const std::string_view> words);

}  // namespace tillrig::base
