#pragma once

#include "sim/words/args.hpp"
#include "sim/words/word.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>

namespace tillrig::words {

// One fault in one run, for the timeline and for "armed, never fired".
using FaultId = std::uint32_t;

// Whom a fault hits: the till's line, its disk, or a device by the name of its role. The world has
// one target of each domain per till.
struct Domain {
  static constexpr std::string_view wan = "wan";
  static constexpr std::string_view disk = "disk";
};

// What a fault is done to; each domain has its own class below this one (net::Link, disk::Volume,
// ...). It counts what its faults did, so that one that never fired can be found.
class Target {
 public:
  virtual ~Target() = default;
  void fired(FaultId id) { ++hits_[id]; }
  [[nodiscard]] std::uint64_t hits(FaultId id) const {
    const auto at = hits_.find(id);
    return at == hits_.end() ? 0 : at->second;
  }

 private:
  std::map<FaultId, std::uint64_t> hits_;
};

// A fault as a defined act: what starts it, what ends it. `start` and `heal` get the domain's
// target (static_cast is safe: the world matches domains) and the same id. A fault of an instant (a
// power cut) has no heal. `heals` says in words what healing does with held data.
struct Fault : Word {
  std::string_view domain = Domain::wan;
  std::function<void(Target&, FaultId, const Args&)> start;
  std::function<void(Target&, FaultId)> heal;
  std::string_view heals;
};

}  // namespace tillrig::words
