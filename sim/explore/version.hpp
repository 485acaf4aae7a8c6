#pragma once

namespace tillrig::explore {

// Told by --version, and to each timeline as whose run it is: the sources' version, equal for all
// builds of them.
inline constexpr const char* kVersion = "tillrig 0.1";

}  // namespace tillrig::explore
