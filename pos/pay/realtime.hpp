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
  // Keeps so many points of a customer for a sale in hand, under that id. Errors also: not_allowed
  // (there are not so many). After needs_connection they may be kept.
  virtual base::Awaitable<Result<void>> hold(std::string id, std::string member,
                                             std::int64_t points, base::Instant deadline) = 0;
  // They are not kept any more.
  virtual base::Awaitable<Result<void>> release(std::string id, base::Instant deadline) = 0;
};

}  // namespace tillrig::pay
