#pragma once

#include "pos/ports/ports.hpp"
#include "pos/till/config.hpp"
#include "pos/till/screen.hpp"

#include <functional>
#include <map>
#include <string>

namespace tillrig::sync {
class Service;
}

namespace tillrig::till {

using base::Result;

// Quantity on hand: asked of the cloud each time, and never told from memory, for a number of
// before says nothing of what stands on the shelf (OUT-30).
class StockDesk {
 public:
  StockDesk(const ports::Ports& ports, const Config& config, sync::Service& service)
      : ports_(ports), config_(config), service_(service) {}

  // Errors: needs_connection, in the article's words (S2); not_found, the cloud knows no such item.
  base::Awaitable<Result<StockShown>> ask(std::string sku);

 private:
  const ports::Ports& ports_;
  const Config& config_;
  sync::Service& service_;
  std::map<std::string, base::Quantity, std::less<>> told_;  // kept for a mutant alone
};

}  // namespace tillrig::till
