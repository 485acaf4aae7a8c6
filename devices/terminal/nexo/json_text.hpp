#pragma once

#include "pos/base/json.hpp"

namespace tillrig::terminal::nexo {

// As base::parse_json, but a number with a point or an exponent comes as its text, character by
// character: the protocol writes amounts as decimal numbers, and no money passes through a float.
base::Result<base::json::value> parse_decimal_json(base::ByteView text);

}  // namespace tillrig::terminal::nexo
