#pragma once

#include "sim/scenario/play/stage.hpp"

#include <string>
#include <vector>

namespace tillrig::scenario {

// How long paper and drawers take to come out of a machine, at most.
constexpr base::Duration kOfAMachine = std::chrono::seconds(2);

using Look = Awaitable<Result<Seen>> (*)(Stage&, const words::Args&);

inline const words::Param kAtTill{"till", words::Kind::till, "which till; the first if left out"};

inline Seen saw(bool holds, std::string expected, std::string seen) {
  Seen result;
  result.holds = holds;
  result.expected = std::move(expected);
  result.seen = std::move(seen);
  return result;
}

// What few expectations need to say of themselves; see Expectation.
struct Nature {
  bool falls = false;
  bool (*needs_line)(const words::Args&) = nullptr;
  base::Duration waits = {};
};

// A row whose own key stands first among its parameters.
inline words::Row<Expectation> expectation(std::string_view name, std::string_view doc,
                                           std::vector<words::Param> params,
                                           std::string_view example, Look look,
                                           std::string_view plain, std::vector<KeyRule> rules = {},
                                           Nature nature = {}) {
  Expectation row;
  row.name = name;
  row.doc = doc;
  row.params = std::move(params);
  row.example = example;
  row.look = look;
  row.plain = plain;
  row.rules = std::move(rules);
  row.falls = nature.falls;
  row.needs_line = nature.needs_line;
  row.waits = nature.waits;
  return words::Row<Expectation>(std::move(row));
}

}  // namespace tillrig::scenario
