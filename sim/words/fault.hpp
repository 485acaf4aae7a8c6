#pragma once

#include "sim/words/args.hpp"
#include "sim/words/word.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

namespace tillrig::words {

// One fault in one run, for the timeline and for "armed, never fired".
using FaultId = std::uint32_t;

// Whom a fault hits: the till's line, its disk, its wall clock, or a device by the name of its
// role. The world has one target of each domain per till, and one cloud.
struct Domain {
  static constexpr std::string_view wan = "wan";
  static constexpr std::string_view lan = "lan";  // its cable to the other tills of the shop
  static constexpr std::string_view disk = "disk";
  static constexpr std::string_view clock = "clock";
  static constexpr std::string_view cloud = "cloud";  // its disk: one for the whole world
};

// What a fault is done to; each domain has its own class below this one (net::Link, disk::Volume,
// ...). It counts what its faults did, so that one that never fired can be found.
class Target {
 public:
  virtual ~Target() = default;
  // Whose it is: "till-1".
  [[nodiscard]] virtual std::string_view whose() const { return {}; }

  // A fault did something. May be called from deep within whoever it was done to.
  void fired(FaultId id) {
    ++hits_[id];
    if (watcher_) struck_ = watcher_(id);
  }
  // Told of each hit; gives the number of the event that it became on the timeline.
  using Watcher = std::function<std::uint64_t(FaultId)>;
  void watch_hits(Watcher watcher) { watcher_ = std::move(watcher); }
  // The event of the last hit, for those who hear of it by silence alone; 0: none.
  [[nodiscard]] std::uint64_t struck() const { return struck_; }
  [[nodiscard]] std::uint64_t hits(FaultId id) const {
    const auto at = hits_.find(id);
    return at == hits_.end() ? 0 : at->second;
  }

 private:
  std::map<FaultId, std::uint64_t> hits_;
  Watcher watcher_;
  std::uint64_t struck_ = 0;
};

// A fault as a defined act: what starts it, what ends it. `start` and `heal` get the domain's
// target (static_cast is safe: the world matches domains) and the same id. A fault of an instant (a
// power cut) has no heal. `heals` says in words what healing does with held data.
struct Fault : Word {
  std::string_view domain = Domain::wan;
  std::function<void(Target&, FaultId, const Args&)> start;
  std::function<void(Target&, FaultId)> heal;
  std::string_view heals;
  // While it stands, nothing that the till has comes home; unless it was told of how many or which.
  bool cuts_off = false;
};

}  // namespace tillrig::words
