#pragma once

#include "pos/oms/cloud.hpp"

#include <string>

namespace tillrig::hosts {

// The cloud as an ordinary process with its files in `folder`, which is there: says where it
// listens, and whether it asks for secrets, and runs until a signal ends it. Errors: bad_input when
// other machines could reach it and the secrets of tills and auditors are not both set; those of
// Cloud::start.
base::Result<void> run_oms(const oms::Config& config, const std::string& folder);

}  // namespace tillrig::hosts
