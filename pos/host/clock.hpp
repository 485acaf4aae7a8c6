#pragma once

#include "pos/ports/clock.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>

namespace tillrig::host {

// The machine's steady and system clocks.
class SystemClock final : public ports::Clock {
 public:
  [[nodiscard]] base::Instant now() const override;
  [[nodiscard]] base::WallTime wall() const override;
  [[nodiscard]] ports::Uptime uptime() const override;
};

// Sleeping in real time on an executor.
class SystemTimer final : public ports::Timer {
 public:
  explicit SystemTimer(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  base::Awaitable<void> sleep_until(base::Instant when) override;

 private:
  boost::asio::any_io_executor executor_;
};

// The same instant for the system's steady clock; never() is its last one.
std::chrono::steady_clock::time_point point_of(base::Instant when);

std::unique_ptr<ports::Alarm> make_alarm(boost::asio::any_io_executor executor);

}  // namespace tillrig::host
