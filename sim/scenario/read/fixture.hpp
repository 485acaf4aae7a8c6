#pragma once

#include "sim/scenario/read/problem.hpp"
#include "sim/world/setup.hpp"

#include <optional>
#include <string>

namespace tillrig::scenario {

// The file fixtures/<name>.toml. The folder is looked for beside the file `near` and in its
// parents, so that a scenario means the same from every working directory. `asked` is where it is
// named.
std::optional<std::string> find_shop(const std::string& name, const std::string& near, Where asked,
                                     Problems& problems);

// Reads a shop's file and the catalogue beside it that it names; what is wrong is told with the
// file that it stands in.
std::optional<world::Shop> load_shop(const std::string& path, Problems& problems);

}  // namespace tillrig::scenario
