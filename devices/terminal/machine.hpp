#pragma once

#include "devices/role/simulated.hpp"
#include "devices/terminal/card.hpp"
#include "devices/terminal/driver.hpp"
#include "devices/terminal/host_queue.hpp"
#include "devices/terminal/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::terminal {

// What a terminal does with an approval that the till did not acknowledge. The standard has the
// first and the third, terminals in shops have all.
enum class LostAck {
  auto_reverse,            // gives it back at once
  keep,                    // it stands; the till has to ask
  sync_1f1f,               // stands until the till's next booking shows that it was not heard
  void_unconfirmed_after,  // stands for a while; unless asked for meanwhile it is given back then
};

constexpr auto names_of(LostAck) {
  return base::named<LostAck>({
      {LostAck::auto_reverse, "auto_reverse"},
      {LostAck::keep, "keep"},
      {LostAck::sync_1f1f, "sync_1f1f"},
      {LostAck::void_unconfirmed_after, "void_unconfirmed_after"},
  });
}

struct MachineOptions {
  std::string terminal_id = "52500006";  // eight digits
  std::string currency = "EUR";
  LostAck lost_ack = LostAck::auto_reverse;
  base::Duration void_after = std::chrono::seconds(120);
  // The customer acts by himself after these times; false: present_card() and so on do it.
  bool automatic_customer = true;
  base::Duration card_after = std::chrono::seconds(1);
  base::Duration pin_after = std::chrono::seconds(2);
  base::Duration remove_after = std::chrono::milliseconds(500);
  base::Duration card_timeout = std::chrono::seconds(60);  // for the card, and for the PIN
  base::Duration host_timeout = std::chrono::seconds(15);
  base::Duration drain_every = std::chrono::seconds(30);  // the next try after one that failed
  base::Duration reboot_time = std::chrono::seconds(20);
  base::Duration update_time = std::chrono::seconds(60);
  OfflineLimits offline;
  std::int64_t clock_ms = 1'767'603'600'000;  // its wall clock at Instant 0: 2026-01-05, 09:00 UTC
  bool remembers_after_end_of_day = false;
  // The known bug of a reader in the field: while stored payments drain, each is sent once more
  // under a new trace whenever a new payment comes between.
  bool drain_duplicates = false;
};

enum class Stage {
  idle,
  waiting_for_card,
  reading_pin,
  authorising,
  answered,   // approved; whoever speaks to the till says confirm() or unheard()
  card_in,    // all is settled, but the card has not been taken out
  reversing,  // by order of the till
  settling,   // end of day
  updating,
  dark,  // no power, or starting
};

// A step that is shown on its display, and told to the till.
struct Shown {
  Step step = Step::other;
};
// The outcome of a payment or reversal. When it is a payment that stands, confirm() or unheard() is
// due.
struct Ended {
  Transaction transaction;
};
// The terminal is free again; whatever it had to reverse by itself it has reversed (or will, when
// its host is there).
struct Finished {
  Transaction transaction;
};
// The end of day is over.
struct Settled {
  bool good = false;
  Reason reason = Reason::none;
  base::Money total;
  std::uint32_t count = 0;
};

using MachineEvent = std::variant<Shown, Ended, Finished, Settled>;

// A card terminal without its protocol: display, card reader, PIN pad, memory, and the acquirer
// behind Host. Sans-I/O; whoever speaks to the till (zvt, nexo) drives it and takes its events
// after each call.
class CardMachine {
 public:
  // The host outlives the machine.
  CardMachine(MachineOptions options, Host& host);

  // Begins; in_progress, or why not (busy, refused, declined with wrong_currency, ...).
  Outcome pay(const Charge& charge, base::Instant now);
  // True: it stops, and Ended says aborted. False: too late, or nothing to stop.
  bool abort(base::Instant now);
  // Gives a booked payment back, found by its receipt number. As pay().
  Outcome reverse(std::uint32_t receipt_number, base::Instant now);
  // Sends what is stored, then settles; Settled follows. As pay().
  Outcome end_of_day(base::Instant now);

  // What Ended said was heard by the till, or was not (see LostAck).
  void confirm(base::Instant now);
  void unheard(base::Instant now);
  // A payment of the past was told to the till once more, and heard.
  void confirm_booked(std::uint32_t receipt_number);
  // The connection to the till ended: what waits for the customer stops, and what is on its way to
  // the host will not have been heard.
  void line_lost(base::Instant now);
  // The receipt number that the till holds for the last one, with a new booking (TLV 1F1F). Does
  // something under LostAck::sync_1f1f only. True: the last payment was given back and its number
  // is used again.
  bool sync(std::uint32_t till_holds, base::Instant now);

  // The customer's acts. Errors: not_allowed, when the terminal does not ask for it now.
  base::Result<void> present_card(std::string_view card, base::Instant now);
  base::Result<void> enter_pin(bool right, base::Instant now);
  base::Result<void> press_stop(base::Instant now);
  base::Result<void> remove_card(base::Instant now);

  void answered(const HostAnswer& answer, base::Instant now);

  // Its own life.
  void power_cut(base::Instant now);  // and on again at once: dark for reboot_time
  void set_busy(bool busy) { busy_ = busy; }
  // Whether the customer acts by himself from now on.
  void set_automatic_customer(bool automatic, base::Instant now);
  // Tells the till the whole number of a card from now on, as old ones do.
  void set_whole_numbers(bool whole) { whole_numbers_ = whole; }
  [[nodiscard]] std::uint64_t numbers_told() const { return numbers_told_; }
  void set_lost_ack(LostAck policy) { options_.lost_ack = policy; }
  // How often it waited for a customer who does nothing by himself.
  [[nodiscard]] std::uint64_t waited() const { return waited_; }
  void set_battery_low(bool low) { battery_low_ = low; }
  void set_update_required(bool required) { update_required_ = required; }
  base::Result<void> update(base::Instant now);

  void poll(base::Instant now);
  [[nodiscard]] base::Instant poll_at() const;
  [[nodiscard]] std::vector<MachineEvent> take_events();
  // What somebody beside it sees, oldest first: "card charged", "card declined", ...
  [[nodiscard]] std::vector<devices::Record> take_records();

  [[nodiscard]] const MachineOptions& options() const { return options_; }
  [[nodiscard]] Stage stage() const { return stage_; }
  [[nodiscard]] bool busy() const { return busy_; }
  [[nodiscard]] bool dark() const { return stage_ == Stage::dark || stage_ == Stage::updating; }
  [[nodiscard]] bool end_of_day_open() const { return end_of_day_open_; }
  // Why it would take no payment now, but for being at one: none when it would.
  [[nodiscard]] Reason why_not() const;
  void count_refusal() { ++refusals_; }  // one that the protocol said by itself
  [[nodiscard]] std::uint64_t refusals() const { return refusals_; }  // for such reasons, so far
  // The payment or reversal at hand; nullptr when idle.
  [[nodiscard]] const Transaction* current() const;
  // The last payment that got a receipt number, reversed or not; nullptr: none is remembered.
  [[nodiscard]] const Transaction* last_booked() const { return memory_.last_booked(); }
  [[nodiscard]] const Transaction* find(std::string_view reference) const;
  [[nodiscard]] const Transaction* find_receipt(std::uint32_t receipt_number) const {
    return memory_.by_receipt(receipt_number);
  }
  [[nodiscard]] const std::deque<Transaction>& memory() const { return memory_.all(); }
  // Payments and reversals that the acquirer has not heard of yet.
  [[nodiscard]] std::size_t stored() const { return queue_.stored(); }
  [[nodiscard]] std::size_t due() const { return queue_.size(); }
  // Stored payments that the acquirer refused when it heard of them: money the shop does not get.
  [[nodiscard]] const std::vector<HostRequest>& lost() const { return queue_.lost(); }

 private:
  void show(Step step);
  void note(std::string what, const Transaction& transaction);
  void wait_for_customer(Stage stage, base::Duration acts_after, base::Instant now);
  void authorise(base::Instant now);
  void send(HostRequest request, base::Instant now);
  void host_is_away(bool may_have_heard, base::Instant now);
  void book(const HostAnswer& answer, base::Instant now);
  void end(Verdict verdict, Reason reason, base::Instant now);
  void give_back(Transaction& transaction, Reason reason, base::Instant now);
  void let_card_go(base::Instant now);
  void finish();
  void reversal_answered(const HostAnswer& answer, base::Instant now);
  void heard_of_queue(HostQueue::News news, base::Instant now);
  void settle(base::Instant now);
  void settled(const HostAnswer& answer, base::Instant now);
  void wake(base::Instant now);
  void give_up_waiting(base::Instant now);
  void act_as_customer(base::Instant now);
  [[nodiscard]] HostRequest request_of(Errand errand, const Transaction& transaction) const;
  [[nodiscard]] base::Instant void_at() const;
  [[nodiscard]] bool is_at_hand(const Transaction& transaction) const;

  MachineOptions options_;
  Host& host_;
  Stage stage_ = Stage::idle;
  std::optional<Transaction> current_;
  std::optional<Card> card_;
  int wrong_pins_ = 0;
  bool nobody_hears_ = false;  // the line was lost while the host was asked
  Memory memory_;
  std::uint32_t receipt_ = 0;
  std::uint32_t trace_ = 0;
  std::uint64_t next_id_ = 1;
  std::uint64_t asked_ = 0;  // the host request in flight for what is at hand; 0: none
  HostQueue queue_;
  base::Instant customer_at_ = base::Instant::never();
  base::Instant give_up_at_ = base::Instant::never();  // customer, or the host, has not answered
  base::Instant wake_at_ = base::Instant::never();
  bool busy_ = false;
  bool battery_low_ = false;
  bool update_required_ = false;
  bool end_of_day_open_ = false;
  std::uint64_t refusals_ = 0;
  std::uint64_t waited_ = 0;
  bool whole_numbers_ = false;
  std::uint64_t numbers_told_ = 0;
  std::vector<MachineEvent> events_;
  std::vector<devices::Record> records_;
};

}  // namespace tillrig::terminal
