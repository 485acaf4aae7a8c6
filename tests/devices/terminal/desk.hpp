#pragma once

#include "devices/terminal/device.hpp"
#include "devices/terminal/nexo/driver.hpp"
#include "devices/terminal/zvt/driver.hpp"
#include "devices/terminal/zvt/serial_frame.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tillrig::terminal {

template <class Event>
std::vector<Event> only(const std::vector<TerminalEvent>& events) {
  std::vector<Event> out;
  for (const TerminalEvent& event : events) {
    if (const auto* found = std::get_if<Event>(&event)) out.push_back(*found);
  }
  return out;
}

// A till's driver and a terminal on a wire, with a clock that only moves when nothing is left to
// do. Whoever hangs up, they are connected again a second later.
struct Desk {
  static TerminalSetup setup(zvt::Framing framing, LostAck lost_ack) {
    TerminalSetup out;
    out.zvt.framing = framing;
    out.machine.lost_ack = lost_ack;
    return out;
  }
  static TerminalSetup nexo_setup(LostAck lost_ack = LostAck::keep) {
    TerminalSetup out;
    out.protocol = ProtocolKind::nexo;
    out.machine.lost_ack = lost_ack;
    return out;
  }
  // A till's driver that fits the terminal.
  static std::unique_ptr<TerminalDriver> till(const TerminalSetup& how) {
    if (how.protocol == ProtocolKind::nexo) {
      nexo::DriverOptions out;
      out.key = how.nexo.key;
      return std::make_unique<nexo::NexoDriver>(std::move(out));
    }
    zvt::DriverOptions out;
    out.framing = how.zvt.framing;
    out.extensions = how.zvt.extensions;
    return std::make_unique<zvt::Driver>(std::move(out));
  }

  explicit Desk(zvt::Framing framing = zvt::Framing::tcp, LostAck lost_ack = LostAck::keep)
      : Desk(setup(framing, lost_ack)) {}
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  explicit Desk(const TerminalSetup& how) : device(how), made(till(how)), driver(*made) {}

  void connect() {
    connected = true;
    device.line_up(now);
    driver.line_up(now);
    exchange();
  }
  void disconnect() {
    if (!connected) return;
    connected = false;
    driver.line_down(now);
    device.line_down(now);
    connect_at = now + std::chrono::seconds(1);
    take_events();
  }
  // The till's end only: the terminal does not hear of it until it is connected anew.
  void leave_silently() {
    connected = false;
    driver.line_down(now);
    connect_at = now + std::chrono::seconds(1);
    take_events();
  }

  bool to_driver(const base::Bytes& bytes) {
    for (std::size_t at = 0; at < bytes.size() && connected; at += step) {
      driver.feed(base::ByteView(bytes).substr(at, step), now);
    }
    return !bytes.empty();
  }
  bool to_device(const base::Bytes& bytes) {
    bool moved = false;
    for (std::size_t at = 0; at < bytes.size() && connected; at += step) {
      moved = to_driver(device.feed(base::ByteView(bytes).substr(at, step), now)) || moved;
      see_hang_up();
    }
    return moved || !bytes.empty();
  }
  void see_hang_up() {
    if (device.hang_up() != devices::HangUp::no) disconnect();
  }
  void take_events() {
    for (TerminalEvent& event : driver.take_events()) events.push_back(std::move(event));
  }
  // Until nobody has anything more to say at this moment.
  void exchange() {
    for (bool moved = true; moved;) {
      moved = to_driver(device.poll(now));
      see_hang_up();
      driver.poll(now);
      moved = to_device(driver.take_bytes()) || moved;
      const std::size_t seen = events.size();
      take_events();
      for (std::size_t i = seen; i < events.size(); ++i) {
        if (std::holds_alternative<HangUp>(events[i])) disconnect();
      }
      moved = moved || (connected && driver.poll_at() <= now);
    }
  }
  [[nodiscard]] base::Instant next() const {
    base::Instant at = device.poll_at();
    return std::min(at, connected ? driver.poll_at() : connect_at);
  }
  // True: it came about before the time was over.
  bool run(const std::function<bool()>& done, base::Duration at_most) {
    const base::Instant end = now + at_most;
    exchange();
    while (!done()) {
      if (next() > end) {
        now = end;
        exchange();
        return done();
      }
      now = std::max(now, next());
      if (!connected && now >= connect_at) {
        if (device.machine().dark()) {
          connect_at = now + std::chrono::seconds(1);
        } else {
          connect();
        }
      }
      exchange();
    }
    return true;
  }
  void pass(base::Duration time) {
    run([] { return false; }, time);
  }
  bool until_ready() {
    return run([this] { return connected && driver.ready(); }, std::chrono::minutes(10));
  }

  [[nodiscard]] Charge charge(std::string reference, std::int64_t cents) const {
    return {std::move(reference), base::Money{cents}, "EUR", driver.bookmark()};
  }
  // The next answer to a question that has just been put.
  Outcome answer(base::Duration at_most = std::chrono::minutes(10)) {
    const auto answers = [this] { return only<Answered>(events).size(); };
    const std::size_t before = answered;
    run([&] { return answers() > before; }, at_most);
    if (answers() <= before) return {Verdict::unknown, Reason::none, std::nullopt};
    ++answered;
    return only<Answered>(events)[before].outcome;
  }
  Outcome pay(const Charge& what) {
    if (!driver.pay(what, now)) return {Verdict::busy, Reason::none, std::nullopt};
    return answer();
  }
  // As a till does: connects anew when it must, asks, waits while it is in progress.
  Outcome ask(const Charge& what) {
    Outcome outcome{Verdict::in_progress, Reason::none, std::nullopt};
    for (int i = 0; i < 100 && outcome.verdict == Verdict::in_progress; ++i) {
      run([this] { return connected; }, std::chrono::minutes(1));
      if (i > 0) pass(std::chrono::seconds(5));
      if (!driver.ask(what, now)) continue;
      outcome = answer();
    }
    return outcome;
  }

  // Something done at the terminal by hand.
  [[nodiscard]] bool act(std::string_view what, std::string_view detail = {}) {
    auto bytes = device.handle(what, detail, now);
    if (!bytes) return false;
    to_driver(*bytes);
    exchange();
    return true;
  }

  [[nodiscard]] std::size_t charges() const { return device.local_host().standing().size(); }

  TerminalDevice device;
  std::unique_ptr<TerminalDriver> made;
  TerminalDriver& driver;
  base::Instant now{1'000'000'000};
  base::Instant connect_at = now;
  bool connected = false;
  std::size_t step = 100'000;  // bytes that arrive at a time
  std::size_t answered = 0;
  std::vector<TerminalEvent> events;
};

// One that has been registered.
struct ReadyDesk : Desk {
  explicit ReadyDesk(zvt::Framing framing, LostAck lost_ack = LostAck::keep)
      : ReadyDesk(setup(framing, lost_ack)) {}
  explicit ReadyDesk(const TerminalSetup& how) : Desk(how) { EXPECT_TRUE(until_ready()); }
};

}  // namespace tillrig::terminal
