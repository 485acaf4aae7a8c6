#pragma once

#include "sim/kernel/kernel.hpp"

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>

#include <utility>

namespace tillrig::kernel {

// One lane of a kernel as an Asio executor (execution context, blocking.possibly and
// blocking.never; see the executor requirements of Boost 1.81), so that co_spawn, awaitable and
// completion tokens run on virtual time. As with io_context: dispatch() from an event of the same
// lane runs inline, everything else is posted. Work for a closed lane is destroyed. Cheap to copy;
// the kernel outlives it. In executor.hpp because stack objects hold it type-erased.
class LaneExecutor {
 public:
  LaneExecutor(Kernel& kernel, Lane lane) : kernel_(&kernel), lane_(lane) {}

  template <class F>
  void execute(F&& work) const {
    if (!never_blocks_ && kernel_->running() == lane_ && kernel_->lane_open(lane_)) {
      std::remove_cvref_t<F> now(std::forward<F>(work));
      now();
    } else {
      kernel_->post(lane_, Task(std::forward<F>(work)));
    }
  }

  [[nodiscard]] Kernel& kernel() const { return *kernel_; }
  [[nodiscard]] Lane lane() const { return lane_; }

  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return kernel_->context();
  }
  boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) const noexcept {
    if (never_blocks_) return boost::asio::execution::blocking.never;
    return boost::asio::execution::blocking.possibly;
  }
  [[nodiscard]] LaneExecutor require(boost::asio::execution::blocking_t::never_t) const {
    return LaneExecutor(*kernel_, lane_, true);
  }
  [[nodiscard]] LaneExecutor require(boost::asio::execution::blocking_t::possibly_t) const {
    return LaneExecutor(*kernel_, lane_, false);
  }

  friend bool operator==(const LaneExecutor&, const LaneExecutor&) noexcept = default;

 private:
  LaneExecutor(Kernel& kernel, Lane lane, bool never_blocks)
      : kernel_(&kernel), lane_(lane), never_blocks_(never_blocks) {}

  Kernel* kernel_;
  Lane lane_;
  bool never_blocks_ = false;
};

inline LaneExecutor make_executor(Kernel& kernel, Lane lane) {
  return LaneExecutor(kernel, lane);
}

}  // namespace tillrig::kernel
