// What the tills of a shop read of each other.
#include "pos/lan/message.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {

void one(base::ByteView input) {
  const auto said = lan::read_line(input);
  if (!said) return;
  std::string line = lan::write_line(*said);
  line.pop_back();
  const auto again = lan::read_line(line);
  must(again && again->from == said->from && lan::write_line(*again) == line + "\n",
       "a line that was read can be written and read");
}

}  // namespace tillrig::fuzz
