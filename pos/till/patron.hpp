#pragma once

#include "pos/pay/loyalty.hpp"
#include "pos/pay/reward.hpp"
#include "pos/till/cart.hpp"
#include "pos/till/config.hpp"
#include "pos/till/customers.hpp"
#include "pos/till/prompts.hpp"
#include "pos/till/realtime.hpp"
#include "pos/till/screen.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::till {

// Whose the sale in hand is, with points and rewards: what the cashier does about it and sees of
// it. Everything referred to outlives it.
class Patron {
 public:
  Patron(const ports::Ports& ports, const Config& config, Screen& screen, Prompts& prompts,
         sync::Service& service, Cart& cart);

  pay::Loyalty& loyalty() { return loyalty_; }
  [[nodiscard]] const Customers& customers() const { return customers_; }
  // Those of the configuration, with what the cloud told of them since.
  void take_customers(const std::vector<Customers::Change>& changes);

  // Something is being asked that the cashier waits for.
  [[nodiscard]] bool waiting() const { return loyalty_.waiting() || rewards_.asking(); }
  // Puts a customer on the sale in hand, by id, card or phone number. Errors: not_found.
  base::Awaitable<Result<void>> select(std::string who);
  // Puts one on it whom another cashier had selected: nothing is asked. One who is not known any
  // more is nobody.
  void put(std::string_view id);
  // Takes rewards of the customer's points off the sale. Errors: not_allowed, needs_connection,
  // bad_input.
  base::Awaitable<Result<void>> redeem(std::int64_t times);
  // Before anything is paid or finished: a reward that cannot be captured is taken off. Errors:
  // needs_connection, when it was.
  Result<void> check_reward();
  // The sale was completed, or cancelled: the next one is nobody's.
  void sold();
  void forget();
  void line_is_back() { rewards_.line_is_back(); }
  void stop();

  // What the screen shows; nothing: the sale is nobody's.
  [[nodiscard]] std::optional<CustomerShown> shown() const;

 private:
  void show();
  void say_unavailable(std::string_view member, std::string_view why);

  const ports::Ports& ports_;
  const Config& config_;
  Screen& screen_;
  Prompts& prompts_;
  sync::Service& service_;
  Cart& cart_;
  RealtimeDesk realtime_;
  Customers customers_;
  std::optional<Customer> customer_;
  pay::Loyalty loyalty_;
  pay::Rewards rewards_;
};

}  // namespace tillrig::till
