#pragma once

#include "pos/oms/secrets.hpp"

#include <string>

namespace tillrig::app {

// The whole of a file. Errors: bad_input, naming it.
base::Result<std::string> read_text(const std::string& file);

// The secret in a till's file: its first line. Errors: bad_input, naming the file, never what
// stands in it.
base::Result<std::string> read_secret(const std::string& file);
// The secrets that a cloud lists. Errors: as Secrets::read; bad_input when there are none.
base::Result<oms::Secrets> read_secrets(const std::string& file);

}  // namespace tillrig::app
