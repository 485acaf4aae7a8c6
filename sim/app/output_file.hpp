#pragma once

#include "pos/base/result.hpp"

#include <string>
#include <string_view>

namespace tillrig::app {

// A report that is there as a whole or not at all: it is written beside its place and moved there,
// where the place is free or a regular file. Links are followed. Anything else that stands there (a
// pipe, a terminal, /dev/stdout) is written into and never replaced.

// Whether a file could be written at this path, before there is anything to write. Errors: naming
// the path and what is in the way.
base::Result<void> can_write(const std::string& path);
base::Result<void> write_whole(const std::string& path, std::string_view text);

// Makes the folder if it is not there and proves that files can be made in it.
base::Result<void> make_folder(const std::string& path);

}  // namespace tillrig::app
