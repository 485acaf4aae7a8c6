#pragma once

#include "sim/scenario/read/problem.hpp"
#include "sim/world/setup.hpp"

#include <optional>
#include <string>

namespace tillrig::scenario {

// Reads fixtures/<name>.toml and the catalogue that it names. The folder is looked for beside the
// scenario and its parents, so a scenario means the same from every working directory. `asked` is
// where the scenario names the fixture; what is wrong in the fixture's own files is told with
// theirs.
std::optional<world::Shop> load_shop(const std::string& name, const std::string& scenario,
                                     Where asked, Problems& problems);

}  // namespace tillrig::scenario
