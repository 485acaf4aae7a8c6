#pragma once

#include <string>
#include <string_view>

namespace tillrig::base {

// Control characters (also those from U+0080 on) as "\x1b", all but line feeds and tabs: what a
// file says may reach a terminal, but must not steer it.
std::string visible(std::string_view text);

}  // namespace tillrig::base
