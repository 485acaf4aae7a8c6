#pragma once

#include "pos/base/channel.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace tillrig::base {

// Starts a coroutine on the executor and lets it go: it ends by itself, or when its executor drops
// it. An exception escaping from it is a broken promise and ends the program with its text. In one
// source file because co_spawn is dear to compile.
void spawn(const boost::asio::any_io_executor& executor, Awaitable<void> work);

}  // namespace tillrig::base
