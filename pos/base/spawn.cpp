#include "pos/base/spawn.hpp"

#include "pos/base/assert.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace tillrig::base {
namespace {

void ended(std::exception_ptr error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    TILLRIG_ASSERT(false, std::string_view(thrown.what()));
  }
}

}  // namespace

void spawn(const boost::asio::any_io_executor& executor, Awaitable<void> work) {
  boost::asio::co_spawn(executor, std::move(work), ended);
}

}  // namespace tillrig::base
