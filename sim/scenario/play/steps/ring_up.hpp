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

// A whole sale: scans, a discount on all of it unless that is 0, cash, complete. `note`: pays with
// the next round amount instead of exactly. One that cannot be finished leaves no cart behind.
Awaitable<Result<void>> ring_up(Stage& stage, std::string till, std::vector<std::string> skus,
                                bool note, base::Rate discount = {});

}  // namespace tillrig::scenario
