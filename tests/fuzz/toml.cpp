// Any text may stand in a scenario file: it is read, or every mistake has a place and a sentence.
#include "sim/scenario/read/source.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {

void one(base::ByteView input) {
  scenario::Problems problems("fuzzed.toml");
  const auto root = scenario::parse_toml(input, problems);
  must(root.has_value() == problems.all().empty(), "a file is read, or it is told why not");
}

}  // namespace tillrig::fuzz
