#pragma once

#include "pos/pay/coordinator.hpp"
#include "pos/till/card_book.hpp"
#include "pos/till/card_commands.hpp"
#include "pos/till/card_neighbours.hpp"
#include "pos/till/checkout.hpp"
#include "pos/till/devices/terminal_line.hpp"
#include "pos/till/patron.hpp"
#include "pos/till/purse_desk.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::till {

// Payments by card at the terminal of this till (S3): drives the coordinator. One thing after the
// other: what an event asks for is done to its end before the next is looked at, and what has to be
// durable is on the disk before more is done. A shop without a terminal has none of it. Everything
// referred to outlives it.
class CardDesk {
 public:
  CardDesk(const Parts& parts, Cart& cart, Patron& patron, PurseDesk& purses, Checkout& checkout,
           std::function<void()> show_cart);

  // With this terminal from now on.
  void attach(TerminalLine& line);
  [[nodiscard]] bool on() const { return line_ != nullptr; }
  // The register is open and the epoch is settled: what the last run left open is taken up.
  void reopen();

  // Takes the card for all that is due; returns when the terminal is being asked. Errors:
  // not_allowed, bad_input, as Cart::tender_card().
  Result<void> pay(Money amount);
  // Of the order in hand, or of a named one, while a card may be charged for it. Errors:
  // not_allowed, payment_unresolved in the text.
  [[nodiscard]] Result<void> may_tender() const { return cards_.may_tender(order_); }
  [[nodiscard]] Result<void> may_void() const { return cards_.may_void(order_); }
  [[nodiscard]] Result<void> may_refund(std::string_view order) const {
    return cards_.may_void(order);
  }
  // The cashier waits for the terminal, or has to decide.
  [[nodiscard]] bool waiting() const;
  // In the mutants that do other things meanwhile.
  [[nodiscard]] bool lets_pass() const;
  // The sale in hand was cancelled, or paid in another way.
  void sale_is_over();

  // Asks about all that is not settled, where it can be asked.
  void ask_all() { put(pay::AskNow{{}, true, true}); }
  // Asks the cloud, and the terminal, about one order; returns when the answer is in or will not
  // come. Errors: not_found, not_allowed (it is settled), needs_connection.
  base::Awaitable<Result<void>> download(std::string order);
  // Register Sales: orders that are shown as unpaid.
  [[nodiscard]] std::vector<UnpaidOrder> unpaid();
  // The cloud says what became of an attempt.
  void cloud_said(const wire::AttemptKnown& known);
  // The cloud's table of them has changed. What it says of another till's goes to that one, which
  // may not hear the cloud.
  void take_told();
  CardNeighbours& neighbours() { return neighbours_; }
  // Another till says what became of a payment.
  void told_over_lan(const std::string& by, const std::string& body);
  // Whether an order of any till may be given back, by the cloud. Errors: not_allowed,
  // payment_unresolved in the text; not_found, it is none.
  base::Awaitable<Result<void>> may_refund_elsewhere(std::string order);

  void line(bool up);
  void said(const terminal::TerminalEvent& event);
  void line_is_back();
  // What it leaves open is asked about again and again.
  void day_closed();
  void stop();

 private:
  void put(pay::Event event);
  base::Awaitable<void> run();
  base::Awaitable<void> carry_out(std::vector<pay::Action> actions);
  base::Awaitable<Result<void>> carry_out_one(pay::Action action);
  base::Awaitable<Result<void>> keep(pay::Attempt attempt);
  Result<wire::Event> commit(const pay::Attempt& attempt);
  void note(std::string_view mark, const wire::Attempt& attempt, std::string_view text);
  void send(const pay::Attempt& attempt);
  void pump();
  base::Awaitable<void> ask_cloud(std::string id);
  base::Awaitable<void> ask_cloud_all();
  base::Awaitable<void> complete(pay::Attempt attempt);
  void show_prompt();
  void show(const pay::Attempt& attempt);
  void clear_sale(const pay::Attempt& attempt);
  base::Awaitable<void> pressed(pay::Event event);
  [[nodiscard]] terminal::Charge charge_of(const wire::Attempt& attempt);
  [[nodiscard]] base::Instant next_look() const;
  [[nodiscard]] std::string day() const { return parts_.day.for_next(); }

  const Parts& parts_;
  Cart& cart_;
  Patron& patron_;
  PurseDesk& purses_;
  Checkout& checkout_;
  std::function<void()> show_cart_;
  TerminalLine* line_ = nullptr;
  pay::Coordinator cards_;
  CardBook book_;
  CardNeighbours neighbours_;
  struct Came {
    pay::Event event;
    base::Instant when;
  };
  std::deque<Came> came_;
  std::vector<pay::Action> left_open_;  // by the last run
  struct Errand {
    bool reverse = false;
    std::string id;
  };
  bool renewing_ = false;       // the line, to ask what became of what is in flight over it
  std::deque<Errand> errands_;  // for the terminal, one at a time
  std::unique_ptr<ports::Alarm> work_;
  std::string order_;       // in hand; empty: no card was tried
  bool beginning_ = false;  // a payment was asked for and is not begun yet
  bool closing_ = false;    // the sale in hand is being completed
  base::Instant try_again_ = base::Instant::never();
  bool busy_ = false;  // an event is being carried out
  std::deque<std::string> to_ask_cloud_;
  bool asking_cloud_ = false;
  bool ask_cloud_ = false;  // as soon as there is a line
  bool reopened_ = false;
  bool stopped_ = false;
};

}  // namespace tillrig::till
