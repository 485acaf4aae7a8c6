#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <string>

namespace tillrig::trace {

// A whole file. Errors: not_found (no such file), not_allowed (no permission), bad_input (a
// folder), io.
base::Result<base::Bytes> read_file(const std::string& path);

}  // namespace tillrig::trace
