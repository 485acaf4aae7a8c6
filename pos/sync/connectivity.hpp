#pragma once

#include "pos/base/time.hpp"
#include "pos/sync/cause.hpp"

#include <cstdint>

namespace tillrig::sync {

using base::Duration;
using base::Instant;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// `local` is the Sync Manager's: nobody looks whether there is a line.
enum class Link { starting, online, suspect, offline, local };
constexpr auto names_of(Link) {
  return base::named<Link>({
      {Link::starting, "starting"},
      {Link::online, "online"},
      {Link::suspect, "suspect"},
      {Link::offline, "offline"},
      {Link::local, "local"},
  });
}
using base::name;

// Defaults of domain 1: offline is declared within 17 s, online after two good probes.
struct ConnectivityConfig {
  Duration heartbeat = 5s;
  Duration probe_timeout = 2s;     // the shortest; a slow line is given more (Patience)
  Duration declared_within = 17s;  // of the line's end, while a probe is given at most 4 s
  int misses = 3;
  int recover_successes = 2;
};

// Whether the cloud can be reached, from application-level probes and from what uploads meet on the
// way, with hysteresis both ways: one lost answer is a suspicion, and one good answer is not yet a
// connection (odoo/odoo#220954). Sans-I/O.
class Connectivity {
 public:
  explicit Connectivity(ConnectivityConfig config = {}) : config_(config) {}

  // A probe's or an upload's outcome, and how long a probe is given now. True: link() or cause()
  // changed, so the cashier is told.
  bool step(Cause outcome, Instant at, Duration patience);
  bool step(Cause outcome, Instant at) { return step(outcome, at, config_.probe_timeout); }

  // An upload failed on its way, which may be the line or whatever stands in between: it is probed
  // soon, and probes alone say that there is none. Likewise.
  bool doubt(Cause cause, Instant at, Duration patience);

  [[nodiscard]] Link link() const { return link_; }
  [[nodiscard]] bool online() const { return link_ == Link::online || link_ == Link::suspect; }
  // Why it is offline, or what was met last while suspect.
  [[nodiscard]] Cause cause() const { return cause_; }
  // When to probe next: sooner after a single good or bad outcome, so that the answer is known
  // soon.
  [[nodiscard]] Instant next_probe() const { return next_probe_; }
  // So much earlier, while offline: tills that lost their lines at one moment do not all ask at
  // one.
  void probe_earlier(Duration by) {
    if (link_ == Link::offline) next_probe_ = next_probe_ - by;
  }
  [[nodiscard]] Duration heartbeat() const { return config_.heartbeat; }

 private:
  void good(Instant at);
  void bad(Cause cause, Instant at, Duration patience);
  [[nodiscard]] Duration pause(Duration patience) const;

  ConnectivityConfig config_;
  Link link_ = Link::starting;
  Cause cause_ = Cause::none;
  int misses_ = 0;
  int successes_ = 0;
  Instant next_probe_{0};
};

}  // namespace tillrig::sync
