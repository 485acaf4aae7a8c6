#pragma once

#include "devices/role/simulated.hpp"
#include "devices/terminal/cut.hpp"
#include "devices/terminal/host_line.hpp"
#include "devices/terminal/local_host.hpp"
#include "devices/terminal/machine.hpp"
#include "devices/terminal/nexo/terminal.hpp"
#include "devices/terminal/protocol.hpp"
#include "devices/terminal/zvt/terminal.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::terminal {

// How a terminal is set up.
struct TerminalSetup {
  MachineOptions machine;
  ProtocolKind protocol = ProtocolKind::zvt;
  zvt::TerminalOptions zvt;
  nexo::TerminalOptions nexo;
  std::string by_amount = "none";  // the preset of its stand-in acquirer
};

// From a role's settings: protocol ("zvt" or "nexo"), terminal_id, currency, lost_ack,
// void_after_s, framing, customer ("hand" or "automatic"), by_amount, floor, total (both in major
// units), count, age_s, clock_ms, card_ms, pin_ms, remove_ms, extensions, drain_duplicates ("on" or
// "off"); of nexo poi, passphrase, key_id, key_version. Errors: bad_input, naming the setting.
base::Result<TerminalSetup> read_setup(const devices::Settings& settings);

// The names of all settings.
const std::vector<std::string_view>& setting_names();

// A card terminal as a device: the machine, the protocol in front of it, and the acquirer behind it
// unless use_host() names another.
class TerminalDevice final : public devices::SimulatedDevice {
 public:
  explicit TerminalDevice(TerminalSetup setup);
  TerminalDevice(const TerminalDevice&) = delete;  // its parts know each other
  TerminalDevice& operator=(const TerminalDevice&) = delete;

  base::Bytes feed(base::ByteView bytes, base::Instant now) override;
  void line_up(base::Instant now) override;
  void line_down(base::Instant now) override;
  base::Bytes poll(base::Instant now) override;
  [[nodiscard]] base::Instant poll_at() const override;
  devices::HangUp hang_up() override { return protocol_->hang_up(); }
  // card [KIND], pin right|wrong, stop, take_card, update, by_amount PRESET, cut POINT HOW.
  base::Result<base::Bytes> handle(std::string_view act, std::string_view detail,
                                   base::Instant now) override;
  base::Bytes power_cut(base::Instant now) override;
  void watch(Watcher watcher) override { protocol_->watch(std::move(watcher)); }
  devices::ManyLines* many_lines() override { return protocol_->many_lines(); }
  std::vector<devices::Record> take_records() override { return machine_.take_records(); }

  CardMachine& machine() { return machine_; }
  [[nodiscard]] const CardMachine& machine() const { return machine_; }
  Protocol& protocol() { return *protocol_; }
  [[nodiscard]] const Protocol& protocol() const { return *protocol_; }
  LocalHost& local_host() { return local_; }
  [[nodiscard]] const LocalHost& local_host() const { return local_; }
  HostLine& host_line() { return line_; }
  [[nodiscard]] const HostLine& host_line() const { return line_; }
  // Who answers for the acquirer from now on, by host_line().answered(); what an answer makes the
  // terminal say comes with the next poll(). The host outlives the device.
  void use_host(Host& host) { line_.use(host); }

 private:
  LocalHost local_;
  HostLine line_;
  CardMachine machine_;
  std::unique_ptr<Protocol> protocol_;
};

}  // namespace tillrig::terminal
