#pragma once

#include "pos/till/config.hpp"

#include <string>

namespace tillrig::hosts {

// A till as an ordinary process: its control line is standard input and output, its files are in
// `folder`, which is there. Returns, when it could not begin, why; else the process ends in here
// once the till is closed, with code 0. Errors: bad_input (standard input cannot be waited for),
// and those of Till::start.
base::Result<void> run_till(till::Config config, const std::string& folder);

}  // namespace tillrig::hosts
