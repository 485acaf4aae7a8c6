#pragma once

#include <boost/asio/detail/thread_context.hpp>
#include <boost/asio/detail/thread_info_base.hpp>

namespace tillrig::kernel {

// While it lives, Asio takes this thread for one that runs handlers, and recycles the memory of
// coroutine frames and erased functions instead of going to malloc for each. Asio has no public way
// to say so; the parts named here are those of Boost 1.81, which CMake asks for by version.
class Recycling : private boost::asio::detail::thread_context {
 public:
  Recycling() : entry_(this, info_) {}
  Recycling(const Recycling&) = delete;
  Recycling& operator=(const Recycling&) = delete;

 private:
  boost::asio::detail::thread_info_base info_;
  thread_call_stack::context entry_;
};

}  // namespace tillrig::kernel
