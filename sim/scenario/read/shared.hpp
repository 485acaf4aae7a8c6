#pragma once

#include "sim/scenario/read/source.hpp"

#include <string>
#include <vector>

namespace tillrig::scenario {

// A [[phase]] that stands for the phases of another file.
struct PhaseUse {
  std::string file;  // as the scenario names it
  Where where;       // in the scenario
};

// Puts in the phases of the files that [[phase]]s of the scenario use; they stand beside `file`, or
// are named from its folder. Such a file has nothing but phases of its own, so that no two can use
// each other. Gives the uses, in the order of Where::file, from 1.
std::vector<PhaseUse> put_in_shared_phases(Node& root, const std::string& file, Problems& problems);

}  // namespace tillrig::scenario
