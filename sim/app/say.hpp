#pragma once

#include <string_view>

namespace tillrig::app {

// To standard output, and to standard error: whole texts, at once.
void say(std::string_view text);
void complain(std::string_view text);

}  // namespace tillrig::app
