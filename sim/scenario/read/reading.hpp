#pragma once

#include "sim/scenario/read/document.hpp"
#include "sim/scenario/read/values.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

// One run's view of a scenario file: the values of its case and matrix put in, and every wrong
// type, missing key and unknown key told to the problems.
struct Reading {
  const Document& document;
  const Variant& variant;
  Problems& problems;

  // An entry of the table with the variant's values put in.
  std::optional<Entry> entry(const Node& table, std::string_view key);
  void wrong(const Entry& at, std::string_view expected);
  // The tables of a list such as [[phase]].
  std::vector<Node> tables(std::string_view key);
};

// The parts of a scenario, read into the plan. The head comes first: it says which words the rest
// may use.
void read_head(Reading& reading, Plan& plan, Surroundings& around);
void read_happenings(Reading& reading, const Surroundings& around, Plan& plan);

}  // namespace tillrig::scenario
