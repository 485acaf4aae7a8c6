#pragma once

#include "pos/base/channel.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace tillrig::host {

// A cancelled operation that had a deadline ran out of time; others say what the system said.
base::Error error_of(const boost::system::error_code& error, bool timed_out,
                     const std::string& what);

// Cancels the operation that was started with slot() when the deadline passes, until the guard
// goes. Other operations on the same socket go on.
class DeadlineGuard {
 public:
  DeadlineGuard(const boost::asio::any_io_executor& executor, base::Instant deadline);
  ~DeadlineGuard();
  DeadlineGuard(const DeadlineGuard&) = delete;
  DeadlineGuard& operator=(const DeadlineGuard&) = delete;
  [[nodiscard]] boost::asio::cancellation_slot slot() { return cancel_.slot(); }
  [[nodiscard]] bool passed() const { return *passed_; }

 private:
  std::shared_ptr<bool> passed_ = std::make_shared<bool>(false);
  std::shared_ptr<bool> over_ = std::make_shared<bool>(false);
  boost::asio::cancellation_signal cancel_;
  boost::asio::steady_timer timer_;
};

// A connected TCP socket as a channel.
base::Channel make_tcp_channel(boost::asio::ip::tcp::socket socket);

}  // namespace tillrig::host
