#pragma once

#include "pos/till/parts.hpp"

namespace tillrig::till {

// Another version of this program may have run here before. The store and its queue go on as they
// are, whatever the versions; the change is noted, so that whoever looks for the cause of something
// knows when it came.
void notice_upgrade(const Parts& parts);

}  // namespace tillrig::till
