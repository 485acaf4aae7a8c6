#include "sim/kernel/spawn.hpp"

#include "pos/base/assert.hpp"
#include "sim/kernel/executor.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace tillrig::kernel {

namespace {

void ended(const std::exception_ptr& escaped) {
  if (!escaped) return;
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& e) {
    TILLRIG_ASSERT(!"an exception left a coroutine", e.what());
  } catch (...) {
    TILLRIG_ASSERT(!"an exception left a coroutine", "it is not a std::exception");
  }
}

}  // namespace

void spawn(Kernel& kernel, Lane lane, base::Awaitable<void> work) {
  if (!kernel.lane_open(lane)) return;
  auto start = [k = &kernel, lane, held = std::move(work)]() mutable {
    boost::asio::co_spawn(make_executor(*k, lane), std::move(held),
                          [](const std::exception_ptr& e) { ended(e); });
  };
  kernel.post(lane, Task(std::move(start)));
}

}  // namespace tillrig::kernel
