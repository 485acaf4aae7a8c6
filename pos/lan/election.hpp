#pragma once

#include "pos/base/mutant.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::lan {

using base::Duration;
using base::Instant;

// How the tills of a shop find each other.
struct LanRules {
  Duration beat = std::chrono::seconds(2);   // each says so often that it is there
  Duration lease = std::chrono::seconds(6);  // so long that counts
};

// Which till is the hub: the one that all others tell. A claim holds for a lease after it was heard
// last; then the first of those that are there takes over, wired ones before others and then by
// name, under a number that nobody has used: the epoch. Of two hubs, when the LAN was in parts, the
// higher epoch stands, and of equal ones the first by rank, so all agree without another word.
// Whoever was hub of an older epoch is believed no more: the epoch is the fence. Sans-I/O.
class Election {
 public:
  Election(std::string self, bool wired, LanRules rules, base::Mutants mutants);

  // It begins to listen: for one lease it claims nothing.
  void begin(Instant now);
  // Another till is there. `hub` and `epoch`: as it believes.
  void heard(const std::string& from, bool wired, std::string_view hub, std::uint64_t epoch,
             Instant now);
  // Its line broke: it is gone before its lease is over.
  void lost(const std::string& peer);
  // Time has passed.
  void tick(Instant now);
  [[nodiscard]] Instant next(Instant now) const;

  [[nodiscard]] const std::string& hub() const { return hub_; }  // empty: none is known
  [[nodiscard]] bool is_hub() const { return hub_ == self_; }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] bool there(std::string_view peer) const;
  // The others that are there, by name.
  [[nodiscard]] std::vector<std::string> peers() const;

 private:
  struct Peer {
    bool wired = false;
    Instant until;
  };
  [[nodiscard]] bool ranks_before(const std::string& a, const std::string& b) const;
  [[nodiscard]] bool wired(const std::string& name) const;

  std::string self_;
  bool wired_;
  LanRules rules_;
  base::Mutants mutants_;
  std::map<std::string, Peer, std::less<>> peers_;  // that are there
  std::string hub_;
  std::uint64_t epoch_ = 0;
  std::uint64_t highest_ = 0;  // that was heard of
  Instant lease_until_ = Instant::never();
};

}  // namespace tillrig::lan
