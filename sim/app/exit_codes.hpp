#pragma once

namespace tillrig::app {

// What the command ends with; in the README and in --help.
inline constexpr int kHeld = 0;      // all held
inline constexpr int kFailed = 1;    // something failed
inline constexpr int kBadInput = 2;  // wrong use or an invalid scenario
inline constexpr int kBlocked = 3;   // hardware or a permission is missing
inline constexpr int kNothing = 4;   // nothing selected
inline constexpr int kBroke = 70;    // the rig itself broke
inline constexpr int kInterrupted = 130;

}  // namespace tillrig::app
