#pragma once

#include "pos/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::explore {

// What -k asks for: texts joined by `and`, `or`, `not` and brackets; words that stand side by side
// are one text with a space between. A text is met by what contains it, upper and lower case alike.
class Keyword {
 public:
  // An empty expression is met by everything. Errors: bad_input, with what was expected where.
  static base::Result<Keyword> read(std::string_view expression);

  // Whether one of the texts (a name, a title, a path) has what is asked for.
  [[nodiscard]] bool met_by(const std::vector<std::string_view>& texts) const;

 private:
  enum class Kind { text, both, either, none };
  struct Term {
    Kind kind = Kind::text;
    std::string text;       // in lower case
    std::size_t left = 0;   // of terms_, for all but texts
    std::size_t right = 0;  // for both and either
  };
  class Reader;

  [[nodiscard]] bool met(std::size_t term, const std::vector<std::string>& texts) const;

  std::vector<Term> terms_;  // the last is the whole
};

}  // namespace tillrig::explore
