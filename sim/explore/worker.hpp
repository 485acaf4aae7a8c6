#pragma once

#include "pos/base/result.hpp"

namespace tillrig::explore {

// Plays what it is told through descriptor kWorkerLine, one request and one result a line, until
// the line ends. Errors: bad_input, when what came is no request.
base::Result<void> serve_as_worker();

}  // namespace tillrig::explore
