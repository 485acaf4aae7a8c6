#pragma once

#include "sim/scenario/read/values.hpp"
#include "sim/words/word.hpp"

#include <string_view>
#include <vector>

namespace tillrig::scenario {

// A table of a scenario file, or the keys that lines of one sort have in common: what stands around
// the steps, faults and expectations. The reader, `tillrig explain` and the schema take their keys
// from these rows.
struct Frame : words::Word {
  std::string_view form;  // as it stands in a file: "[[flow]]"
  std::string_view what;  // as sentences name one of its keys: "key of a flow"
  words::Param others;    // what every other key is; without a name there are none
};

// Kinds of values that only the frame has. Those of a part of the file are read by whoever reads
// that part.
struct FrameKind {
  static constexpr std::string_view table = "table";    // [name], the row of that name
  static constexpr std::string_view tables = "tables";  // [[name]]
  static constexpr std::string_view doing = "doing";    // lines of `do`
  static constexpr std::string_view expect = "expect";  // lines of `expect`
  static constexpr std::string_view answers = "answers";
  static constexpr std::string_view axis = "axis";
  static constexpr std::string_view given = "given";  // by a case: a value of whatever uses it
  static constexpr std::string_view spread = "spread";
  static constexpr std::string_view goods = "goods";
  static constexpr std::string_view names = "names";  // of tills
  static constexpr std::string_view day = "day";
  static constexpr std::string_view beds = "beds";
  static constexpr std::string_view version = "version";
  static constexpr std::string_view tags = "tags";
  static constexpr std::string_view requirements = "requirements";
  static constexpr std::string_view mutants = "mutants";
  static constexpr std::string_view fault = "fault";
  static constexpr std::string_view file = "file";
};

// The row of that name, which is there.
const Frame& frame(std::string_view name);
// All rows, as a reader of a file meets them.
std::vector<const Frame*> frames();

// The values of a table's keys, each checked by its kind; a key that is unknown, and one that is
// missing though it is needed, is a problem. Left out is what a part of the file is read from.
words::Args read_keys(const Node& table, const Frame& frame, const Surroundings& around,
                      Problems& problems);
// The same of a line that has other keys too: they are let be.
words::Args read_common_keys(const Node& line, const Frame& frame, const Surroundings& around,
                             Problems& problems);

}  // namespace tillrig::scenario
