#pragma once

#include "devices/role/simulated.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace tillrig::devices {

// Something that can be wrong with a device for a while, as a defined act.
struct Trouble {
  std::string_view name;  // "printer.paper_out"
  std::string_view doc;
  std::string_view example;  // a line of a scenario
  std::string_view heals;    // what its end does with held data
  // Both give what the device then sends by itself.
  base::Bytes (*begin)(SimulatedDevice&, base::Instant now) = nullptr;
  base::Bytes (*end)(SimulatedDevice&, base::Instant now) = nullptr;
  // Whether it has hindered anything so far; asked before its end.
  bool (*has_hindered)(const SimulatedDevice&) = nullptr;
  // Its line goes with it: whoever is connected is cut off, and nobody can connect before its end.
  bool takes_line = false;
};

// Something that a person can do to a device by hand: SimulatedDevice::handle().
struct HandAct {
  std::string_view name;    // "card"
  std::string_view detail;  // "[girocard|credit]"; empty: it takes none
  std::string_view doc;
};

// What a till may have at its side. From its row follow its port, its place on the till's command
// line, its faults, its lane on the timeline and its tape.
struct Role {
  std::string_view name;   // "printer"
  std::uint16_t port = 0;  // where such a device usually listens
  std::unique_ptr<SimulatedDevice> (*make)(const Settings&) = nullptr;
  std::vector<Trouble> troubles;
  bool on_request = false;  // stands only at tills whose shop says so, in this role's settings
  std::vector<HandAct> acts{};
  // Its setting clock_ms is what its own clock shows when ours begins, in ms since 1970.
  bool has_clock = false;
  // Whether its settings can be read; nullptr: any are as good as none.
  base::Result<void> (*check)(const Settings&) = nullptr;
};

// All roles by name. Rows register themselves from their own file; the table is read only after
// start-up.
const std::vector<const Role*>& roles();

struct RoleRow {
  explicit RoleRow(Role role);
};

}  // namespace tillrig::devices
