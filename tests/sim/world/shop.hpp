#pragma once

#include "sim/world/setup.hpp"

namespace tillrig::world {

// A shop that sells milk at 1.29, with one till.
inline Setup milk_shop(std::string scenario) {
  Setup setup;
  setup.scenario = std::move(scenario);
  setup.shop.items = {
      {"milk", "Milk 1 l", "4006381333931", base::Money{129}, base::Rate{700}, false}};
  setup.shop.header = {"Corner Shop"};
  return setup;
}

}  // namespace tillrig::world
