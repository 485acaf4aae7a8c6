#include "devices/role/role.hpp"

#include "devices/terminal/device.hpp"

namespace tillrig::terminal::role {
namespace {

using base::Instant;
using devices::SimulatedDevice;

TerminalDevice& device_of(SimulatedDevice& device) {
  return static_cast<TerminalDevice&>(device);
}
const TerminalDevice& device_of(const SimulatedDevice& device) {
  return static_cast<const TerminalDevice&>(device);
}

bool refused_something(const SimulatedDevice& device) {
  return device_of(device).machine().refusals() > 0;
}

bool kept_something(const SimulatedDevice& device) {
  return device_of(device).protocol().hindered() > 0;
}

// What is not set as it should be is as usual: whoever reads a shop's file has said so already.
std::unique_ptr<SimulatedDevice> make(const devices::Settings& settings) {
  return std::make_unique<TerminalDevice>(read_setup(settings).value_or(TerminalSetup{}));
}

constexpr const char* kNothingHeld = "Nothing was held.";

const devices::RoleRow kRow{devices::Role{
    "terminal",
    20007,
    make,
    {{"terminal.busy",
      "Somebody is in the card terminal's menu: it refuses every command with \"please wait\".",
      "{ fault = \"terminal.busy\", till = \"till-1\", for = \"2m\" }", kNothingHeld,
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_busy(true);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_busy(false);
        return base::Bytes();
      },
      refused_something},
     {"terminal.mute",
      "The card terminal takes what it is sent and answers nothing, and nothing that it says "
      "arrives.",
      "{ fault = \"terminal.mute\", till = \"till-1\", for = \"1m\" }",
      "It answers again; what was said meanwhile is lost.",
      [](SimulatedDevice& device, Instant) {
        device_of(device).protocol().set_mute(true);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant) {
        device_of(device).protocol().set_mute(false);
        return base::Bytes();
      },
      kept_something},
     {"terminal.garbage", "What the card terminal sends arrives as other bytes.",
      "{ fault = \"terminal.garbage\", till = \"till-1\", for = \"1m\" }",
      "Its bytes arrive as they were sent; what came as garbage is lost.",
      [](SimulatedDevice& device, Instant) {
        device_of(device).protocol().set_garbage(true);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant) {
        device_of(device).protocol().set_garbage(false);
        return base::Bytes();
      },
      kept_something},
     {"terminal.reboot",
      "The card terminal starts anew: its line breaks, and what it was doing is undone or not, as "
      "its kind has it.",
      "{ fault = \"terminal.reboot\", till = \"till-1\", for = \"30s\" }",
      "It can be connected to; what it has booked it still has.",
      [](SimulatedDevice& device, Instant now) { return device.power_cut(now); },
      [](SimulatedDevice& device, Instant now) { return device.poll(now); },
      [](const SimulatedDevice&) { return false; }, true},
     {"terminal.host_down",
      "The card terminal's own line to its acquirer is down; it approves alone what its limits "
      "allow.",
      "{ fault = \"terminal.host_down\", till = \"till-1\", for = \"10m\" }",
      "It reaches its acquirer, and sends what it has stored.",
      [](SimulatedDevice& device, Instant) {
        device_of(device).host_line().set_down(true);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant) {
        device_of(device).host_line().set_down(false);
        return base::Bytes();
      },
      [](const SimulatedDevice& device) { return device_of(device).host_line().missed() > 0; }},
     {"terminal.cable_out",
      "The cable between till and card terminal is pulled out: the terminal goes on by itself.",
      "{ fault = \"terminal.cable_out\", till = \"till-1\", for = \"5s\" }",
      "It is in again; what was said meanwhile is lost.",
      [](SimulatedDevice&, Instant) { return base::Bytes(); },
      [](SimulatedDevice& device, Instant now) { return device.poll(now); },
      [](const SimulatedDevice&) { return false; }, true},
     {"terminal.whole_numbers",
      "The card terminal tells the till the whole number of a card, as old ones do.",
      "{ fault = \"terminal.whole_numbers\", till = \"till-1\" }", "It tells the last four digits.",
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_whole_numbers(true);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_whole_numbers(false);
        return base::Bytes();
      },
      [](const SimulatedDevice& device) { return device_of(device).machine().numbers_told() > 0; }},
     {"terminal.customer_waits",
      "The customers at the card terminal do nothing by themselves: somebody says what they do.",
      "{ fault = \"terminal.customer_waits\", till = \"till-1\" }",
      "They act by themselves again; one who is there puts in a card at once.",
      [](SimulatedDevice& device, Instant now) {
        device_of(device).machine().set_automatic_customer(false, now);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant now) {
        device_of(device).machine().set_automatic_customer(true, now);
        return base::Bytes();
      },
      [](const SimulatedDevice& device) { return device_of(device).machine().waited() > 0; }},
     {"terminal.battery_low", "The card terminal's battery is low: it takes no payment.",
      "{ fault = \"terminal.battery_low\", till = \"till-1\", for = \"20m\" }", kNothingHeld,
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_battery_low(true);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_battery_low(false);
        return base::Bytes();
      },
      refused_something},
     {"terminal.update_required", "The card terminal wants an update before it takes any payment.",
      "{ fault = \"terminal.update_required\", till = \"till-1\", for = \"15m\" }",
      "It has been updated.",
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_update_required(true);
        return base::Bytes();
      },
      [](SimulatedDevice& device, Instant) {
        device_of(device).machine().set_update_required(false);
        return base::Bytes();
      },
      refused_something}},
    true,
    {{"card", "[girocard|credit|contactless|unreadable]", "the customer presents a card"},
     {"pin", "right|wrong", "the customer types a PIN"},
     {"stop", "", "the customer presses the stop key"},
     {"take_card", "", "the customer takes the card out"},
     {"by_amount", "none|cents", "what its acquirer does follows from the amount, or not"},
     {"cut", "POINT HOW", "the line is cut once at a point of the next payment: outcome reset"},
     {"update", "", "its update is installed"},
     {"lost_ack", "keep|auto_reverse|sync_1f1f|void_unconfirmed_after",
      "what it does with an approval that the till did not hear"},
     {"end_of_day", "", "it settles its day, and forgets its payments"}},
    true,
    [](const devices::Settings& settings) -> base::Result<void> {
      if (auto setup = read_setup(settings); !setup) return base::Failure(setup.error());
      return {};
    }}};

}  // namespace
}  // namespace tillrig::terminal::role
