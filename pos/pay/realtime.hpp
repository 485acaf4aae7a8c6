#pragma once

#include "pos/base/channel.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <string>

namespace tillrig::pay {

using base::Result;

// What only the cloud knows, asked now and once: each question is one attempt over a connection of
// its own, over at its deadline at the latest. Errors: needs_connection when there was no usable
// answer; what the cloud refuses.
class Realtime {
 public:
  virtual ~Realtime() = default;

  // How many points a customer has. Errors also: not_found (a customer who was removed).
  virtual base::Awaitable<Result<std::int64_t>> points(std::string member,
                                                       base::Instant deadline) = 0;
};

}  // namespace tillrig::pay
