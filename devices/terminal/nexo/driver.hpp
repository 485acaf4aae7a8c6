#pragma once

#include "devices/terminal/driver.hpp"
#include "devices/terminal/nexo/message.hpp"
#include "devices/terminal/nexo/outcome.hpp"
#include "devices/terminal/nexo/seal.hpp"
#include "pos/base/http.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::terminal::nexo {

// How long one waits for what.
struct Patience {
  base::Duration greeting = std::chrono::seconds(10);
  base::Duration payment = std::chrono::seconds(120);  // then one asks what became of it
  base::Duration question = std::chrono::seconds(15);
  base::Duration errand = std::chrono::seconds(60);  // a reversal, an end of day
};

struct DriverOptions {
  std::string sale_id = "till-1";  // what the till calls itself
  std::string host = "terminal";   // in its requests' Host field
  std::string poi_id;              // the terminal's; empty: whichever answers
  std::optional<Key> key;          // messages are sealed with it; nothing: they are not
  Patience patience;
  base::Duration retry = std::chrono::seconds(2);  // while the terminal takes no payment
};

// The till's side of a terminal that speaks nexo: JSON in HTTP requests, each answered when its
// work is done. When the line comes up it asks how the terminal is. A payment has a ServiceID made
// of its reference; ask() is a TransactionStatusRequest for it. An abort goes down the same line
// while the payment's answer is awaited, and its own answer comes behind that.
class NexoDriver final : public TerminalDriver {
 public:
  explicit NexoDriver(DriverOptions options);

  void line_up(base::Instant now) override;
  void line_down(base::Instant now) override;
  void feed(base::ByteView bytes, base::Instant now) override;
  void poll(base::Instant now) override;
  [[nodiscard]] base::Instant poll_at() const override;
  [[nodiscard]] base::Bytes take_bytes() override;
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
    greeting,  // how the terminal is
    waiting,   // the terminal takes no payment; asked again at retry_at_
    idle,
    paying,
    asking,
    reversing,
    settling,
    given_up  // the caller is asked to close the line
  };

  base::Result<void> may_begin() const;
  void greet(base::Instant now);
  void ask_for(Charge charge, base::Instant now);
  void begin(Phase phase, Message message, base::Duration patience, base::Instant now);
  void send(Message message);
  [[nodiscard]] Message message_of(std::string_view category, std::string service_id) const;
  [[nodiscard]] std::string fresh_id(base::Instant now);
  void hear(const base::HttpResponse& response, base::Instant now);
  void greeted(const Message& message, base::Instant now);
  void finish(const Header& asked, const Message& message, std::string_view text,
              base::Instant now);
  [[nodiscard]] Outcome outcome_in(const Header& asked, const Message& message);
  void answer(Outcome outcome, base::Instant now);
  // Nobody knows what came of the question in flight, and the line is of no use.
  void give_up(Reason reason, std::string sentence);
  void tell_unknown(Reason reason);
  void tell_rubbish(base::ByteView bytes, std::string_view why);
  [[nodiscard]] Question question() const;

  DriverOptions options_;
  std::unique_ptr<Seal> seal_;
  std::unique_ptr<base::HttpReader<base::HttpResponse>> reader_;
  Phase phase_ = Phase::down;
  base::Instant answer_by_ = base::Instant::never();
  base::Instant retry_at_ = base::Instant::never();
  std::deque<Header> sent_;       // requests whose answers are awaited, in order
  std::string last_answered_;     // its ServiceID: a copy of that answer says nothing new
  std::optional<Charge> charge_;  // of the question in flight
  std::optional<CardSlip> slip_;  // of the reversal in flight
  std::optional<Charge> to_ask_;  // as soon as the terminal has been greeted
  std::optional<Stand> stand_;    // where the terminal stands; nothing: never greeted
  bool ready_told_ = false;       // on this line
  bool abort_sent_ = false;
  std::uint64_t ids_ = 0;
  base::Bytes out_;
  std::vector<TerminalEvent> events_;
};

}  // namespace tillrig::terminal::nexo
