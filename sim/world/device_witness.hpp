#pragma once

#include "devices/role/simulated.hpp"

#include <string>
#include <string_view>

namespace tillrig::world {

// Who is told of what a device at its post does.
class DeviceWitness {
 public:
  virtual ~DeviceWitness() = default;
  virtual void device(const std::string& till, std::string_view role, devices::Record record) = 0;
  // What it sent after something was done to it by hand.
  virtual void sent(const std::string& till, std::string_view role, base::ByteView bytes) = 0;
  // Somebody has connected to it, or is gone.
  virtual void connected(std::string_view /*role*/, bool /*is*/) {}
};

}  // namespace tillrig::world
