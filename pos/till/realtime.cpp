#include "pos/till/realtime.hpp"

namespace tillrig::till {

base::Awaitable<base::Result<std::int64_t>> RealtimeDesk::points(std::string member,
                                                                 base::Instant deadline) {
  auto asking = service_.desk().points(std::move(member), deadline);
  const auto told = co_await std::move(asking);
  if (!told) co_return base::Failure(told.error());
  co_return told->points;
}

base::Awaitable<base::Result<void>> RealtimeDesk::hold(std::string id, std::string member,
                                                       std::int64_t points,
                                                       base::Instant deadline) {
  wire::Hold hold{std::move(id), std::string(wire::kPointsLedger), std::move(member), points};
  auto asking = service_.desk().hold(std::move(hold), deadline);
  const auto held = co_await std::move(asking);
  if (!held) co_return base::Failure(held.error());
  co_return base::Result<void>{};
}

base::Awaitable<base::Result<void>> RealtimeDesk::release(std::string id, base::Instant deadline) {
  auto asking = service_.desk().release(std::move(id), deadline);
  const auto held = co_await std::move(asking);
  if (!held) co_return base::Failure(held.error());
  co_return base::Result<void>{};
}

}  // namespace tillrig::till
