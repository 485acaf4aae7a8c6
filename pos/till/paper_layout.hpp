#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// Lines of at most `columns`, broken at blanks; a word that is longer is broken where the paper
// ends. `text` is as it will be printed, a column a character. At least one line; `indent` blanks
// begin each but the first.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns,
                                 std::size_t indent = 0);

// The same with `right` at the right end of the first line, at least one blank before it. A `right`
// that leaves no room stands in a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::string_view right, std::size_t columns,
                                 std::size_t indent);

}  // namespace tillrig::till
