#include "pos/till/realtime.hpp"

namespace tillrig::till {

base::Awaitable<base::Result<std::int64_t>> RealtimeDesk::points(std::string member,
                                                                 base::Instant deadline) {
  auto asking = service_.desk().points(std::move(member), deadline);
  const auto told = co_await std::move(asking);
  if (!told) co_return base::Failure(told.error());
  co_return told->points;
}

}  // namespace tillrig::till
