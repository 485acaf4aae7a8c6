#pragma once

#include "sim/net/link.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::net {

class LanSwitch;

// One till's cable to the LAN of its shop: what a fault of the domain "lan" is done to.
class LanPort final : public words::Target {
 public:
  LanPort(LanSwitch& lan, std::string till) : lan_(lan), till_(std::move(till)) {}

  [[nodiscard]] std::string_view whose() const override { return till_; }
  [[nodiscard]] const std::string& till() const { return till_; }

  // Starts a fault on the lines to these tills; on one where it stands already nothing more.
  using Make = std::function<std::unique_ptr<LineFault>()>;
  void start(words::FaultId id, const Make& make, const std::vector<std::string>& to);
  void heal(words::FaultId id);
  // All others.
  [[nodiscard]] std::vector<std::string> others() const;

 private:
  LanSwitch& lan_;
  std::string till_;
};

// The LAN of a shop: a line between each two tills, with the faults of both of their cables.
// Outlives the network.
class LanSwitch {
 public:
  LanSwitch(const ports::Clock& clock, std::uint64_t seed) : clock_(clock), seed_(seed) {}

  LanPort& add(const std::string& till);
  // Null when one of them is no till here.
  [[nodiscard]] Link* between(const std::string& a, const std::string& b) const;

 private:
  friend class LanPort;
  using Pair = std::pair<std::string, std::string>;
  static Pair pair_of(const std::string& a, const std::string& b) {
    return a < b ? Pair(a, b) : Pair(b, a);
  }

  const ports::Clock& clock_;
  std::uint64_t seed_;
  std::map<std::string, std::unique_ptr<LanPort>> ports_;
  std::map<Pair, std::unique_ptr<Link>> links_;
  struct Standing {
    LanPort* first = nullptr;  // whose hits its hits are
    std::vector<Link*> on;     // in the order of starting
  };
  std::map<words::FaultId, Standing> standing_;
};

}  // namespace tillrig::net
