#pragma once

#include "sim/kernel/kernel.hpp"

namespace tillrig::kernel {

// One lane of a kernel as an Asio executor (execution context, blocking.never; see the executor
// requirements of Boost 1.81), so that co_spawn, awaitable and completion tokens run on virtual time.
// Cheap to copy; the kernel outlives it. In executor.hpp because stack objects hold it type-erased.
class LaneExecutor;

}  // namespace tillrig::kernel
