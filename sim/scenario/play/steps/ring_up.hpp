#pragma once

#include "sim/scenario/play/stage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tillrig::scenario {

// Holds an item before the scanner. Errors: the till's reject, or timeout when nothing came of it.
Awaitable<Result<void>> scan_item(Stage& stage, std::string till, std::string sku,
                                  std::optional<base::Money> price);

// Holds any code before the scanner. Errors: as scan_item().
Awaitable<Result<void>> scan_code(Stage& stage, std::string till, std::string code);

// What one customer buys.
struct Basket {
  std::vector<std::string> skus;
  bool note = false;    // pays with the next round amount instead of exactly
  base::Rate discount;  // on all of it
  std::string as;       // what the scenario calls the sale; empty: nothing
};

// A whole sale: scans, a discount unless that is 0, cash, complete. One that cannot be finished
// leaves no cart behind.
Awaitable<Result<void>> ring_up(Stage& stage, std::string till, Basket basket);

}  // namespace tillrig::scenario
