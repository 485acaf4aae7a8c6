#pragma once

#include "devices/terminal/driver.hpp"
#include "pos/ports/ports.hpp"
#include "pos/till/config.hpp"
#include "pos/till/prompts.hpp"
#include "pos/till/receipt.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace tillrig::till {

// What a device may ask of the till that it stands at.
class DeviceHost {
 public:
  virtual ~DeviceHost() = default;
  virtual void scanned(std::string_view code) = 0;
  virtual void unreadable(std::string_view why) = 0;  // something was scanned, but what?
  // The receipt of this document stands on paper whole, or nobody knows whether it does.
  virtual void printed(std::string_view document) = 0;
  virtual void print_in_doubt(std::string_view document) = 0;
  // The card terminal's line came or went; what it says.
  virtual void terminal_line(bool /*up*/) {}
  virtual void terminal_said(const terminal::TerminalEvent& /*event*/) {}
  virtual Prompts& prompts() = 0;
};

class TerminalLine;

// The till's end of the connection to one device.
class DeviceLine {
 public:
  virtual ~DeviceLine() = default;

  // Keeps the connection, again and again. Runs until the process ends.
  virtual base::Awaitable<void> run() = 0;
  // A document was acknowledged: its receipt, for whatever prints.
  virtual void print(const Receipt& /*receipt*/) {}
  // Null: it is no card terminal.
  virtual TerminalLine* terminal() { return nullptr; }
};

// A role that a device can have at the till, and how one is attached. Rows register themselves: a
// new role is one file in this folder. `ports` and `host` outlive the line.
struct DeviceRole {
  using Attach = std::unique_ptr<DeviceLine> (*)(const ports::Ports& ports, ports::Endpoint at,
                                                 DeviceHost& host, const DeviceSettings& settings);
  DeviceRole(std::string_view role, Attach attach);

  std::string_view role;  // as in --device ROLE=HOST:PORT
  Attach attach;
};

// All roles, by name.
std::vector<const DeviceRole*> device_roles();
// Errors: not_found, naming the nearest known role.
base::Result<const DeviceRole*> find_device_role(std::string_view role);

// How the lines keep their connections.
inline constexpr base::Duration kConnectTimeout = std::chrono::seconds(2);
inline constexpr base::Duration kReconnectPause = std::chrono::seconds(1);
inline constexpr std::size_t kDeviceReadBytes = 4096;

}  // namespace tillrig::till
