#pragma once

#include "pos/base/mutant.hpp"
#include "pos/pay/points.hpp"
#include "pos/pay/realtime.hpp"
#include "pos/ports/ports.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::pay {

// A reward on the sale in hand: points that the cloud keeps for it, and so much off.
struct Reward {
  std::string hold;  // its id
  std::int64_t points = 0;
  base::Money amount;
};

// The reward of the sale in hand (S2). It is there only by a hold of the cloud, asked for once; a
// sale that is completed takes the hold with it (its tail), and in any other case the hold is
// released: at once, when the line is back, or by its own expiry.
class Rewards {
 public:
  Rewards(const ports::Ports& ports, Realtime& cloud, LoyaltyRules rules, std::string till,
          base::Mutants mutants)
      : ports_(ports),
        cloud_(cloud),
        rules_(rules),
        till_(std::move(till)),
        mutants_(std::move(mutants)) {}

  // Asks for so many rewards for a customer. `online`: the till counts itself connected. Errors:
  // not_allowed (the shop has none, one is there already, not so many points), needs_connection.
  base::Awaitable<Result<Reward>> redeem(std::string member, std::int64_t times, bool online);
  [[nodiscard]] bool asking() const { return asking_; }
  [[nodiscard]] const std::optional<Reward>& held() const { return held_; }

  // The sale was completed: the hold went with it.
  void spent() { held_.reset(); }
  // It is not to be used: it is released as soon as can be.
  void give_back();
  // There is a line: what could not be released is now.
  void line_is_back();
  void stop() { stopped_ = true; }

 private:
  base::Awaitable<void> release_all();

  const ports::Ports& ports_;
  Realtime& cloud_;
  LoyaltyRules rules_;
  std::string till_;
  base::Mutants mutants_;
  std::optional<Reward> held_;
  std::vector<std::string> to_release_;
  bool asking_ = false;
  bool releasing_ = false;
  bool stopped_ = false;
};

}  // namespace tillrig::pay
