#pragma once

#include "devices/role/simulated.hpp"
#include "devices/terminal/cut.hpp"
#include "devices/terminal/machine.hpp"
#include "devices/terminal/protocol.hpp"
#include "devices/terminal/zvt/message.hpp"
#include "devices/terminal/zvt/wire.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace tillrig::terminal::zvt {

struct TerminalOptions {
  Framing framing = Framing::tcp;
  Timers timers;
  std::string password = "000000";
  // While a payment is under way something is said at least so often, so that the till's T4 begins
  // anew.
  base::Duration status_every = std::chrono::seconds(10);
  bool extensions = true;  // knows 1F73 and 1F1F
};

// A message that waits for its turn: one is sent when the one before it is acknowledged.
struct OutMessage {
  Message message;
  bool books = false;     // unless it is acknowledged, the till has not heard of its payment
  bool confirms = false;  // and with its acknowledgement all of it has been heard
  bool last = false;      // of the command
  std::optional<CutPoint> point{};
  std::optional<CutPoint> ack_point{};
};
// The command that is being carried out; the till is told, and does not command.
struct Process {
  Message command;
  std::deque<OutMessage> out;
  bool sent = false;  // the first of them
  base::Instant ack_by = base::Instant::never();
  base::Instant say_again_at = base::Instant::never();
  std::uint8_t last_step = 0x0e;
  std::uint32_t repeated = 0;  // the receipt that is told once more
};

// The terminal's side of ZVT, in front of a card machine, which outlives it: registers tills, takes
// their commands and tells what the machine does.
class Terminal final : public Protocol {
 public:
  Terminal(TerminalOptions options, CardMachine& machine);

  void line_up(base::Instant now) override;
  void line_down(base::Instant now) override;
  [[nodiscard]] base::Bytes feed(base::ByteView bytes, base::Instant now) override;
  [[nodiscard]] base::Bytes poll(base::Instant now) override;
  [[nodiscard]] base::Instant poll_at() const override;
  [[nodiscard]] base::Bytes look(base::Instant now) override;
  [[nodiscard]] devices::HangUp hang_up() override { return wire_.hang_up(); }
  void power_cut(base::Instant now) override;

  void arm(Cut cut) override { armed_ = cut; }
  void disarm() override { armed_.reset(); }
  [[nodiscard]] bool armed() const override { return armed_.has_value(); }
  [[nodiscard]] std::uint64_t cuts() const override { return cuts_; }
  [[nodiscard]] bool has(CutPoint /*point*/) const override { return true; }

  void watch(std::function<void(std::string line)> watcher) override {
    watcher_ = std::move(watcher);
  }

  void set_mute(bool mute) override { wire_.set_mute(mute); }
  void set_garbage(bool garbage) override { wire_.set_garbage(garbage); }
  [[nodiscard]] std::uint64_t hindered() const override { return wire_.hindered(); }
  [[nodiscard]] std::uint64_t not_understood() const override { return not_understood_; }

 private:
  using Out = OutMessage;

  void take_link(base::Instant now);
  void take_link_event(const LinkEvent& event, base::Instant now);
  void hear(const Apdu& apdu, base::Instant now);
  void hear_command(const Message& message, base::Instant now);
  void obey(const Message& message, base::Instant now);
  void hear_ack(bool positive, base::Instant now);
  void obey_registration(const Message& message, base::Instant now);
  void obey_status_enquiry(const Message& message, base::Instant now);
  void refuse(std::uint8_t code, base::Instant now);
  void obey_authorisation(const Message& message, base::Instant now);
  void obey_repeat(const Message& message, base::Instant now);
  void obey_reversal(const Message& message, base::Instant now);
  void obey_end_of_day(const Message& message, base::Instant now);
  void obey_abort(base::Instant now);
  void obey_simple(const Message& message, base::Instant now);
  void start(const Message& command, base::Instant now);
  void restart(base::Instant now);
  void started(const Message& command, const Outcome& outcome, base::Instant now);
  void push(Out out, base::Instant now);
  void pump(base::Instant now);
  void end_well(Message message, base::Instant now);
  void end_badly(std::uint8_t code, base::Instant now);
  void not_heard(base::Instant now);
  void done_with(Out out, base::Instant now);
  void take_machine(base::Instant now);
  void tell(const Shown& shown, base::Instant now);
  void tell(const Ended& ended, base::Instant now);
  void tell(const Finished& finished, base::Instant now);
  void tell(const Settled& settled, base::Instant now);
  void print(const Transaction& transaction, base::Instant now);
  Message status_info(const Transaction& transaction, std::uint8_t result) const;
  [[nodiscard]] std::uint8_t state_code() const;
  void answer(Command command, base::Instant now);
  [[nodiscard]] bool is_payment() const;
  void say(std::string_view arrow, const Apdu& apdu) const;

  // True: the line is gone, and whatever was to be done now is not.
  bool cuts_here(std::optional<CutPoint> point, base::Instant now);
  void cut_ack(std::optional<CutPoint> point, base::Instant now);
  void lose_line(base::Instant now);
  void process_is_lost(base::Instant now);
  void send(const Apdu& apdu, base::Instant now);

  TerminalOptions options_;
  CardMachine& machine_;
  Wire wire_;
  std::optional<Process> process_;
  bool registered_ = false;
  unsigned config_ = 0;
  bool numbers_messages_ = false;
  std::uint64_t next_id_ = 1;
  Body::Number heard_id_;
  Command heard_;
  std::function<void(std::string line)> watcher_;
  std::optional<Cut> armed_;
  std::uint64_t cuts_ = 0;
  bool acks_twice_ = false;
  // The receipt of a payment of which it is not known on this line whether the till has heard.
  std::uint32_t doubtful_ = 0;
  std::uint64_t not_understood_ = 0;
};

}  // namespace tillrig::terminal::zvt
