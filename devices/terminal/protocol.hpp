#pragma once

#include "devices/role/simulated.hpp"
#include "devices/terminal/cut.hpp"
#include "pos/base/bytes.hpp"
#include "pos/base/names.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tillrig::terminal {

enum class ProtocolKind { zvt, nexo };

constexpr auto names_of(ProtocolKind) {
  return base::named<ProtocolKind>({{ProtocolKind::zvt, "zvt"}, {ProtocolKind::nexo, "nexo"}});
}
using base::name;

// What stands between a card machine and its till, whichever protocol they speak: takes the till's
// commands, tells what the machine does, and lets it know whether the till has heard.
class Protocol {
 public:
  virtual ~Protocol() = default;

  virtual void line_up(base::Instant now) = 0;
  virtual void line_down(base::Instant now) = 0;
  // All give the bytes to put on the line.
  [[nodiscard]] virtual base::Bytes feed(base::ByteView bytes, base::Instant now) = 0;
  [[nodiscard]] virtual base::Bytes poll(base::Instant now) = 0;
  [[nodiscard]] virtual base::Instant poll_at() const = 0;
  // After something was done to the machine: tells the till of it.
  [[nodiscard]] virtual base::Bytes look(base::Instant now) = 0;
  [[nodiscard]] virtual devices::HangUp hang_up() = 0;
  // The machine has lost its power.
  virtual void power_cut(base::Instant now) = 0;
  // Its several connections; nullptr: it knows one.
  virtual devices::ManyLines* many_lines() { return nullptr; }

  // Happens once, to the next payment that comes to its point.
  virtual void arm(Cut cut) = 0;
  virtual void disarm() = 0;
  [[nodiscard]] virtual bool armed() const = 0;
  [[nodiscard]] virtual std::uint64_t cuts() const = 0;
  // Whether a payment comes to this point at all.
  [[nodiscard]] virtual bool has(CutPoint point) const = 0;

  // Told of each message that comes ("<") and goes (">"), in words.
  virtual void watch(std::function<void(std::string line)> watcher) = 0;

  // Takes everything and answers nothing.
  virtual void set_mute(bool mute) = 0;
  // What it sends arrives as other bytes.
  virtual void set_garbage(bool garbage) = 0;
  [[nodiscard]] virtual std::uint64_t hindered() const = 0;  // by these two

  // What it was sent and did not understand or does not do.
  [[nodiscard]] virtual std::uint64_t not_understood() const = 0;
};

}  // namespace tillrig::terminal
