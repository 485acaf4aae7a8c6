#pragma once

#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/source.hpp"

#include <map>
#include <optional>
#include <string>

namespace tillrig::scenario {

// The value with "{name}" replaced by what the case or matrix gives, whole values only. A name
// that nothing gives is a problem.
Node substituted(const Node& from, const std::map<std::string, Node>& bindings, Problems& problems);

// One line of `do`: the one key of act, fault, heal and wait says what it is.
std::optional<Action> read_action(const Node& line, const Surroundings& around, Problems& problems);
// One line of `expect`: the key that names a row says what it is.
std::optional<Expected> read_expected(const Node& line, const Surroundings& around,
                                      Problems& problems);
// A list of lines, or a single one.
std::vector<Action> read_actions(const Entry& from, const Surroundings& around, Problems& problems);

}  // namespace tillrig::scenario
