#include "pos/sync/moment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tillrig::sync {

using base::Duration;

namespace {

const base::Mutant kWallClockDeadlines{
    "wall_clock_deadlines", "INV-20", "tills whose clock was set while they were offline",
    "what spans hours is measured by the wall clock, whoever sets it"};

}  // namespace

Duration Moment::age(const ports::Clock& clock, const base::Mutants& mutants) const {
  const ports::Uptime now = clock.uptime();
  const Duration by_wall = std::chrono::milliseconds(clock.wall().ms - wall.ms);
  if (kWallClockDeadlines.on(mutants)) return std::max(Duration{}, by_wall);
  if (now.boot == uptime.boot) return std::max(Duration{}, now.ran - uptime.ran);
  return std::max(now.ran, by_wall);
}

Moment Moment::as_of(const ports::Clock& clock, const base::Mutants& mutants) const {
  Moment moment = now(clock);
  if (moment.uptime.boot == uptime.boot) return *this;
  const Duration old = age(clock, mutants);
  moment.uptime.ran -= old;
  moment.wall.ms -= std::chrono::duration_cast<std::chrono::milliseconds>(old).count();
  return moment;
}

std::string Moment::text() const {
  return fmt::format("{} {} {}", uptime.boot, uptime.ran.count(), wall.ms);
}

std::optional<Moment> Moment::read(std::string_view text) {
  Moment moment;
  std::int64_t ran = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto take = [&](auto& number) {
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return false;
    at = rest != end && *rest == ' ' ? rest + 1 : rest;
    return true;
  };
  const bool whole = take(moment.uptime.boot) && take(ran) && take(moment.wall.ms) && at == end;
  if (!whole) return std::nullopt;
  moment.uptime.ran = Duration{ran};
  return moment;
}

}  // namespace tillrig::sync
