#pragma once

#include "pos/ports/clock.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/net/line_fault.hpp"
#include "sim/words/fault.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::net {

// How good a line is when nothing is wrong with it.
struct Conditions {
  Duration latency{};                  // one way
  std::uint64_t bytes_per_second = 0;  // each way, shared by all connections; 0: unlimited
};

// A number below that one, by chance.
using Dice = std::function<std::uint64_t(std::uint64_t below)>;

// One till's line to the cloud: its conditions and the faults that are active on it. Shared by the
// virtual network, which does the faults of connections, and the relay, which does those of
// messages (and both on real sockets). Outlives both. Faults act in the order of their ids.
class Link final : public words::Target {
 public:
  using FaultId = words::FaultId;

  // `seed` is what its faults draw their chances from.
  Link(std::string till, const ports::Clock& clock, Conditions conditions = {},
       std::uint64_t seed = 1);

  [[nodiscard]] const std::string& till() const { return till_; }
  [[nodiscard]] std::string_view whose() const override { return till_; }
  [[nodiscard]] const Conditions& conditions() const { return conditions_; }
  // For bytes sent from now on.
  void set_conditions(const Conditions& conditions) { conditions_ = conditions; }
  [[nodiscard]] Instant now() const { return clock_.now(); }

  void start(FaultId id, std::unique_ptr<LineFault> fault);
  void heal(FaultId id);  // of a fault that is not active: does nothing

  // Chance for a fault that starts: the draws of no other line, fault or earlier one of this name.
  [[nodiscard]] Dice dice(std::string_view fault);

  // What everything takes one way now, and at which rate it leaves at most (0: no limit); chance
  // apart.
  [[nodiscard]] Duration latency() const;
  [[nodiscard]] std::uint64_t bytes_per_second(Way way) const;
  // How so many bytes fare that leave now (0: those of a handshake). Draws for it, and counts hits.
  Passage carry(Way way, std::size_t bytes);

  // What a connect meets now, and whose doing it is.
  struct Met {
    Obstacle obstacle = Obstacle::none;
    FaultId by = 0;
  };
  [[nodiscard]] Met connecting() const;
  [[nodiscard]] bool holds() const;
  void held();  // counts a hit for each fault that holds now
  // When either answer next changes without a start or heal; never() if it does not.
  [[nodiscard]] Instant next_change() const;
  // What becomes of a request; counts hits.
  Verdict judge(const base::HttpRequest& request);

  // A fault has started or healed. `cuts_live`: live connections are to be reset, each a hit.
  struct Change {
    FaultId id = 0;
    bool cuts_live = false;
  };
  using Watcher = std::function<void(const Change&)>;
  // Called after each change, in the order of watching, until unwatch() with the number returned.
  std::uint64_t watch(Watcher watcher);
  void unwatch(std::uint64_t number);

 private:
  void tell(const Change& change);

  std::string till_;
  const ports::Clock& clock_;
  Conditions conditions_;
  std::map<FaultId, std::unique_ptr<LineFault>> faults_;
  std::shared_ptr<kernel::NamedStreams> chance_;
  std::map<std::string, unsigned, std::less<>> started_;  // faults with chances, by name
  std::map<std::uint64_t, Watcher> watchers_;
  std::uint64_t watched_ = 0;
};

}  // namespace tillrig::net
