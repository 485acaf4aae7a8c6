#pragma once

#include "pos/wire/api.hpp"
#include "sim/world/cloud_view.hpp"
#include "sim/world/provision.hpp"
#include "sim/world/recording.hpp"

#include <span>
#include <string>
#include <vector>

namespace tillrig::world {

// After the last till has gone home, everything that the cloud has acknowledged is sent to it
// again, as a till would that has forgotten all answers: with a login of its own, in batches, twice
// over. What the cloud said to each, and all that it held before and after, goes on the tapes.
// Tills must not run any more: the logins fence them off.
class Replay {
 public:
  Replay(const ports::Ports& ports, ports::Endpoint door, const Provision& provision,
         Recording& recording)
      : ports_(ports), door_(std::move(door)), provision_(provision), recording_(recording) {}

  // Why it could not be done is on the tapes, too.
  base::Awaitable<void> run();

 private:
  struct Lot {
    std::string till;
    std::uint32_t epoch = 0;
    std::vector<wire::UpItem> items;
  };
  // Of what went over the wire, what the cloud holds: from the oldest epoch on, in batches.
  [[nodiscard]] std::vector<Lot> lots() const;
  base::Awaitable<base::Result<oracle::CloudState>> look();
  base::Awaitable<base::Result<void>> send_all();
  base::Awaitable<base::Result<void>> send(std::string till, std::span<const Lot> lots, int round);

  const ports::Ports& ports_;
  ports::Endpoint door_;
  const Provision& provision_;
  Recording& recording_;
};

}  // namespace tillrig::world
