#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tillrig::explore {

// Where a run is played the second time: half a world away, with a zone off by quarters of an hour
// and a language whose "i" has another capital letter and whose numbers have another point.
inline constexpr const char* kOtherLocale = "tr_TR.UTF-8";
inline constexpr const char* kOtherZone = "Pacific/Chatham";

// The changes to the environment of a process there. The locale is the one that was built beside
// the program, or else the system's; whether it could be had only the process itself can tell.
std::vector<std::pair<std::string, std::string>> other_environment();

}  // namespace tillrig::explore
