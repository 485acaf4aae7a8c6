#pragma once

#include <string_view>

namespace tillrig::app {

// To standard output, and to standard error: whole texts, at once. False when standard output could
// not be written, now or before; then nothing more is put there. Standard error shows control
// characters escaped.
bool say(std::string_view text);
void complain(std::string_view text);

// The exit code of a command that is done: its own, or 70 with a sentence when its output was cut
// by anything but a reader who went away.
int after_output(int code);

}  // namespace tillrig::app
