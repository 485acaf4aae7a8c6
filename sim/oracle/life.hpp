#pragma once

#include "sim/oracle/tapes.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::oracle {

// The timeline of what was done to the world: when it was whole again for good, and when each till
// lived.
class Life {
 public:
  explicit Life(const Tapes& tapes);

  // When everything was healed for the last time. Nothing if it never was, or if a fault began
  // afterwards that nobody healed.
  [[nodiscard]] std::optional<Instant> healed() const { return healed_; }
  // No fault was ever begun, or healed().
  [[nodiscard]] bool whole() const { return healed_.has_value() || !faulted_; }
  // Whether a fault stood at any moment from `from` to `to`: "wan.down", or all of a domain,
  // "disk"; at this till, or at any for an empty name.
  [[nodiscard]] bool faulted(std::string_view fault, std::string_view till, Instant from,
                             Instant to) const;
  [[nodiscard]] bool disk_faulted() const { return faulted("disk", "", Instant{0}, end_); }
  // When the world was found to be quiet for the last time.
  [[nodiscard]] std::optional<Instant> quiet() const { return quiet_; }
  // The last moment on any tape.
  [[nodiscard]] Instant end() const { return end_; }

  // Whether the till did not run any more when the run was over: killed, without power, closed, or
  // in a critical error. What is done to it after the last quiet, or where there is none after the
  // last look into the cloud, is the run being put away.
  [[nodiscard]] bool ended(std::string_view till) const;
  // When it was started for the last time; 0 if that is not on the tape.
  [[nodiscard]] Instant started(std::string_view till) const;
  // The first end or start of its process at or after this moment; never() if there is none.
  [[nodiscard]] Instant next_change(std::string_view till, Instant from) const;
  // Whether its process was ended or started after `from` and not after `to`.
  struct Moment {
    Instant at{0};
    std::uint64_t order = 0;
    auto operator<=>(const Moment&) const = default;
  };
  [[nodiscard]] bool changed(std::string_view till, Moment from, Moment to) const;
  // Whether the cloud was put back to an older backup after `from` and not after `to`.
  [[nodiscard]] bool cloud_put_back(Instant from, Instant to) const;
  // Likewise a till's disk, to an older image of it.
  [[nodiscard]] bool disk_put_back(std::string_view till, Instant from, Instant to) const;
  [[nodiscard]] bool lost_power(std::string_view till) const;

 private:
  struct Change {
    Instant at;
    std::uint64_t order = 0;
    bool starts = false;
  };
  struct Standing {
    std::string fault;
    std::string till;  // "*": each
    Instant from;
    Instant to = Instant::never();  // healed
  };
  struct Till {
    std::vector<Change> changes;  // in time order
    bool lost_power = false;
    bool shut = false;  // the last stage shown is one in which nothing is sold any more
    Instant started{0};
    bool ended = false;
  };

  std::size_t read_faults(const Tapes& tapes);  // gives the number of the last quiet act
  void end_fault(const ActEntry& healed);
  void take(Till& till, const ActEntry& act, bool put_away);
  [[nodiscard]] const Till* find(std::string_view till) const;

  std::map<std::string, Till, std::less<>> tills_;
  std::optional<Instant> healed_;
  std::optional<Instant> quiet_;
  bool faulted_ = false;
  std::vector<Instant> put_back_;  // in time order
  std::vector<std::pair<std::string, Instant>> disks_put_back_;
  std::vector<Standing> faults_;
  Instant end_{0};
};

}  // namespace tillrig::oracle
