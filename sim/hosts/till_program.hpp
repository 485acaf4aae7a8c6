#pragma once

#include "pos/till/config.hpp"

#include <string>

namespace tillrig::hosts {

// A till as an ordinary process: its control line is standard input and output, its files are in
// `folder`, which is there. Returns, when it could not begin, why; else the process ends in here
// once the till is closed, with code 0. Errors: bad_input (standard input cannot be waited for,
// an authority that cannot be read), and those of Till::start. `trusted` are the authorities, PEM,
// that it believes on lines with TLS; empty: the system's.
base::Result<void> run_till(till::Config config, const std::string& folder,
                            const std::string& trusted);

}  // namespace tillrig::hosts
