#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::base {

// Bytes travel as std::string: what they mean is said by whoever takes them.
using Bytes = std::string;
using ByteView = std::string_view;

// Lower-case hex, two digits a byte.
std::string to_hex(ByteView bytes);

}  // namespace tillrig::base
