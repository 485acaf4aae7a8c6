#pragma once

#include "pos/pay/realtime.hpp"
#include "pos/sync/service.hpp"

#include <string>
#include <utility>

namespace tillrig::till {

// What payments ask the cloud in real time, over the till's sync service.
class RealtimeDesk final : public pay::Realtime {
 public:
  explicit RealtimeDesk(sync::Service& service) : service_(service) {}

  base::Awaitable<base::Result<std::int64_t>> points(std::string member,
                                                     base::Instant deadline) override;

  base::Awaitable<base::Result<void>> hold(std::string id, std::string member, std::int64_t points,
                                           base::Instant deadline) override;
  base::Awaitable<base::Result<void>> release(std::string id, base::Instant deadline) override;

 private:
  sync::Service& service_;
};

}  // namespace tillrig::till
