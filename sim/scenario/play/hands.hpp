#pragma once

#include "sim/world/bed.hpp"

#include <set>
#include <string>

namespace tillrig::scenario {

// One cashier stands at each till: whoever holds the hands does a thing to its end.
class Hands {
 public:
  explicit Hands(world::Bed& bed) : bed_(bed) {}

  base::Awaitable<void> take(std::string till);
  void give(const std::string& till) { taken_.erase(till); }

 private:
  world::Bed& bed_;
  std::set<std::string> taken_;
};

}  // namespace tillrig::scenario
