#pragma once

#include "tests/house/source.hpp"

#include <vector>

namespace tillrig::house {

// Sources of one room (of one program, in tests) are compiled in batches, so a name in an anonymous
// namespace, or a static one, stands in one of them only; and no source leaves a macro behind.
std::vector<Offence> check_batches(const std::vector<Source>& sources);

}  // namespace tillrig::house
