#pragma once

#include "sim/explore/suite_report.hpp"

#include <vector>

namespace tillrig::app {

// Which runs failed when they were last played, remembered beside the user's other caches
// ($XDG_CACHE_HOME/tillrig, else ~/.cache/tillrig) and never in a repository. Without such a place
// nothing is remembered.

// With the whole paths of their files.
std::vector<explore::RunName> last_failed();

// What this suite played takes the place of what was remembered of it; the rest stays.
void remember_failed(const explore::SuiteReport& suite);

}  // namespace tillrig::app
