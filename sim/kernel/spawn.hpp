#pragma once

#include "pos/base/channel.hpp"
#include "sim/kernel/kernel.hpp"

namespace tillrig::kernel {

// Starts a coroutine on the lane, as an event of its own, and lets it go: it ends by itself or when
// the lane is closed. An exception escaping from it is a broken promise and ends the program with
// the exception's text.
void spawn(Kernel& kernel, Lane lane, base::Awaitable<void> work);

}  // namespace tillrig::kernel
