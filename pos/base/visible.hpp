#pragma once

#include <string>
#include <string_view>

namespace tillrig::base {

// Control characters (also those from U+0080 on) as "\x1b", all but line feeds and tabs, and those
// that turn the direction of writing as "\u202e": what a file says may reach a terminal, but must
// not steer it.
std::string visible(std::string_view text);
// The same for a name, which stands on one line: line feeds and tabs too.
std::string visible_name(std::string_view name);

}  // namespace tillrig::base
