#pragma once

#include "pos/base/result.hpp"
#include "sim/world/sight.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace tillrig::world {

// A line of the control line that comes from a till, in the rig's own words.

// The answer to the order of that id. An Error with the till's own code is its "no": it did not
// happen. in_doubt: the answer cannot be read, which says nothing about what the till did.
struct Answered {
  std::int64_t id = 0;
  base::Result<Reply> reply;
};

// A mark that the till's process noted on its way.
struct Noted {
  std::string mark;
  std::string sale;
  oracle::Facts args;
};

// Something that is none of these; newer tills may say more than we know.
struct Unknown {};

using Said = std::variant<Unknown, Answered, Shown, Noted>;
// Errors: bad_input, naming the field that is missing or has the wrong type.
base::Result<Said> read_till_line(std::string_view line);

}  // namespace tillrig::world
