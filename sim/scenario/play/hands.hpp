#pragma once

#include "pos/ports/ports.hpp"

#include <set>
#include <string>

namespace tillrig::scenario {

// One cashier stands at each till: whoever holds the hands does a thing to its end.
class Hands {
 public:
  explicit Hands(const ports::Ports& player) : player_(player) {}

  base::Awaitable<void> take(std::string till);
  void give(const std::string& till) { taken_.erase(till); }

 private:
  const ports::Ports& player_;
  std::set<std::string> taken_;
};

}  // namespace tillrig::scenario
