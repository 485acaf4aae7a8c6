#pragma once

#include "devices/terminal/driver.hpp"
#include "devices/terminal/zvt/bookmark.hpp"
#include "devices/terminal/zvt/link.hpp"
#include "devices/terminal/zvt/message.hpp"

#include <memory>
#include <optional>

namespace tillrig::terminal::zvt {

struct DriverOptions {
  Framing framing = Framing::tcp;
  Timers timers;
  std::string password = "000000";
  std::string currency = "EUR";
  // The terminal prints through the till (06 D3); else it prints itself.
  bool till_prints = true;
  // Registers with message ids (1F73) and tells receipt numbers (1F1F), for terminals that take
  // part; off: the bytes of a till that knows neither.
  bool extensions = true;
  // The receipt number of the last payment that the till has on record, for 1F1F; nothing: it does
  // not know. Only what is really on record: a terminal may give back the one after it.
  std::optional<std::uint32_t> on_record;
  // The last bookmark() of the till's run before this one; empty: none is kept. It stands where the
  // terminal has forgotten its payments, as after an end of day.
  std::string bookmark;
  base::Duration retry = std::chrono::seconds(2);  // while the terminal takes no payment
};

// The till's side of a terminal that speaks ZVT. When the line comes up it registers and asks for
// the last payment, so that bookmark() is known before any charge. A payment is approved when the
// terminal has said so (04 0F) and has ended well (06 0F): between the two it may still take the
// payment back. ask() is a status enquiry and a repeat receipt, compared with the charge's
// bookmark.
class Driver final : public TerminalDriver {
 public:
  explicit Driver(DriverOptions options);

  void line_up(base::Instant now) override;
  void line_down(base::Instant now) override;
  void feed(base::ByteView bytes, base::Instant now) override;
  void poll(base::Instant now) override;
  [[nodiscard]] base::Instant poll_at() const override;
  [[nodiscard]] base::Bytes take_bytes() override { return link_->take_bytes(); }
  [[nodiscard]] std::vector<TerminalEvent> take_events() override;

  [[nodiscard]] std::string bookmark() const override;
  [[nodiscard]] bool ready() const override { return phase_ == Phase::idle; }
  [[nodiscard]] std::string in_flight() const override;

  base::Result<void> pay(const Charge& charge, base::Instant now) override;
  base::Result<void> ask(const Charge& charge, base::Instant now) override;
  base::Result<void> abort(base::Instant now) override;
  base::Result<void> reverse(const Charge& charge, const CardSlip& slip,
                             base::Instant now) override;
  base::Result<void> end_of_day(base::Instant now) override;

 private:
  enum class Phase {
    down,
    registering,
    learning,  // what the last payment is
    waiting,   // the terminal takes no payment; asked again at retry_at_
    idle,
    paying,
    asking_state,
    asking_last,
    reversing,
    settling,
    given_up  // the caller is asked to close the line
  };

  base::Result<void> may_begin() const;
  void begin(Phase phase, Message message, base::Instant now);
  void send(const Message& message, base::Instant now);
  void acknowledge(base::Instant now);
  void register_at(base::Instant now);
  void learn(base::Instant now);
  void ask_state(base::Instant now);
  void take_events_of_link(base::Instant now);
  void hear(const Apdu& apdu, base::Instant now);
  void hear_answer(const Apdu& apdu, base::Instant now);
  void hear_message(const Message& message, base::Instant now);
  void hear_status(const Message& message, base::Instant now);
  void finish(const Message& message, base::Instant now);
  void registered(const Message& message, base::Instant now);
  void learned(const Message& message, base::Instant now);
  void state_told(const Message& message, base::Instant now);
  void refused(std::uint8_t code, base::Instant now);
  void not_ready(std::uint8_t code, base::Instant now);
  void answer(Outcome outcome, base::Instant now);
  void become_ready();
  // Nobody knows what came of the question in flight, and the line is of no use.
  void give_up(Reason reason, std::string sentence);
  void tell_unknown(Reason reason);
  void tell_rubbish(base::Bytes bytes, std::string_view why);
  [[nodiscard]] bool running() const;
  [[nodiscard]] std::string reference() const;

  DriverOptions options_;
  std::unique_ptr<Link> link_;
  Phase phase_ = Phase::down;
  bool taken_ = false;                                // the command in flight has been acknowledged
  base::Instant answer_by_ = base::Instant::never();  // T3
  base::Instant end_by_ = base::Instant::never();     // T4
  base::Instant retry_at_ = base::Instant::never();
  base::Instant abort_by_ = base::Instant::never();
  bool abort_accepted_ = false;
  std::optional<Charge> charge_;      // of the question in flight
  std::optional<Charge> to_ask_;      // as soon as the terminal is registered
  std::optional<Body> status_;        // the 04 0F of the command in flight
  std::vector<std::string> lines_;    // printed by the command in flight
  std::optional<Bookmark> bookmark_;  // known since Ready; before it, what was kept
  bool learned_ = false;
  bool ready_told_ = false;  // on this line
  std::string terminal_id_;
  std::optional<std::uint32_t> on_record_;
  bool numbers_messages_ = false;
  std::uint64_t next_id_ = 1;
  Body::Number heard_id_;
  std::vector<TerminalEvent> events_;
};

}  // namespace tillrig::terminal::zvt
