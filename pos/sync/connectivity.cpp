#include "pos/sync/connectivity.hpp"

#include <algorithm>

namespace tillrig::sync {

bool Connectivity::step(Cause outcome, Instant at, Duration patience) {
  const Link link_before = link_;
  const Cause cause_before = cause_;
  // A cloud that refuses our login still answered: the line is up.
  if (outcome == Cause::none || outcome == Cause::login) {
    good(at);
  } else {
    bad(outcome, at, patience);
  }
  return link_ != link_before || cause_ != cause_before;
}

bool Connectivity::doubt(Cause cause, Instant at, Duration patience) {
  if (!online()) return false;
  const Link link_before = link_;
  const Cause cause_before = cause_;
  misses_ = std::max(misses_, 1);
  next_probe_ = std::min(next_probe_, at + pause(patience));
  link_ = Link::suspect;
  cause_ = cause;
  return link_ != link_before || cause_ != cause_before;
}

void Connectivity::good(Instant at) {
  misses_ = 0;
  next_probe_ = at + config_.heartbeat;
  if (link_ == Link::offline) {
    ++successes_;
    if (successes_ < config_.recover_successes) {
      next_probe_ = at + 1s;
      return;
    }
  }
  link_ = Link::online;
  cause_ = Cause::none;
  successes_ = 0;
}

void Connectivity::bad(Cause cause, Instant at, Duration patience) {
  successes_ = 0;
  ++misses_;
  // At the start there is nothing to be hysteretic about: the first probe decides.
  const bool down = link_ == Link::starting || link_ == Link::offline || misses_ >= config_.misses;
  next_probe_ = at + (down ? config_.heartbeat : pause(patience));
  link_ = down ? Link::offline : Link::suspect;
  cause_ = cause;
}

// One heartbeat before the first probe, misses that each take their time, and equal pauses between
// them.
Duration Connectivity::pause(Duration patience) const {
  const Duration spare = config_.declared_within - config_.heartbeat - config_.misses * patience;
  return std::max(Duration{}, spare / std::max(1, config_.misses - 1));
}

}  // namespace tillrig::sync
