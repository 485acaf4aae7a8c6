#pragma once

#include "pos/base/mutant.hpp"
#include "pos/pay/points.hpp"
#include "pos/pay/realtime.hpp"
#include "pos/ports/ports.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::pay {

// The loyalty of the customer on the sale in hand, for one run of the till (S2):
// - each selection of a customer asks the cloud once, for at most the rules' patience; nothing else
//   ever does, and none does once real time loyalty was disabled;
// - when no answer comes the cashier is told, at each selection, and the sale goes on;
// - points are known only while they come from the cloud itself and the line has stood since.
class Loyalty {
 public:
  struct Listener {
    std::function<void()> changed;  // what is known of the points
    std::function<void(std::string_view member, std::string_view why)> unavailable;
  };
  Loyalty(const ports::Ports& ports, Realtime& cloud, LoyaltyRules rules, base::Mutants mutants,
          Listener listener);

  [[nodiscard]] const LoyaltyRules& rules() const { return rules_; }
  [[nodiscard]] bool realtime() const { return rules_.on() && !disabled_; }
  // No question from now on; for this run alone.
  void disable();

  // This customer is on the sale in hand. Returns when the answer is there or will not come.
  base::Awaitable<void> select(std::string member);
  // The cashier waits for an answer.
  [[nodiscard]] bool waiting() const { return rules_.blocking && asking_ > 0; }
  // The customer's points, as the cloud has just said; nothing: not known.
  [[nodiscard]] std::optional<std::int64_t> points() const { return points_; }
  // Without a connection nothing is known any more.
  void line_lost();
  // No customer is on the sale in hand.
  void clear();
  // The till is closed.
  void stop() { stopped_ = true; }

 private:
  base::Awaitable<void> ask_again(std::string member);
  void failed(const std::string& member, const base::Error& why, bool current);

  const ports::Ports& ports_;
  Realtime& cloud_;
  LoyaltyRules rules_;
  base::Mutants mutants_;
  Listener listener_;
  std::optional<std::int64_t> points_;
  std::uint64_t selections_ = 0;
  std::uint64_t current_ = 0;  // the one that the sale in hand has; 0: none
  int asking_ = 0;
  bool disabled_ = false;
  bool stopped_ = false;
  bool heard_once_ = false;                                // likewise
  bool warned_ = false;                                    // for a mutant
  std::map<std::string, std::int64_t, std::less<>> told_;  // likewise
};

// Whether points that are not known any more are printed all the same: a mutant.
bool shows_stale(const base::Mutants& mutants);

}  // namespace tillrig::pay
