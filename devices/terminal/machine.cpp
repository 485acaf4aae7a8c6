#include "devices/terminal/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tillrig::terminal {
namespace {

using base::Instant;

constexpr std::uint32_t kMostReceipt = 9999;
constexpr std::uint32_t kMostTrace = 999'999;
constexpr int kMostWrongPins = 3;

std::uint32_t next_of(std::uint32_t number, std::uint32_t most) {
  return number >= most ? 1 : number + 1;
}

const HostAnswer kDone{0, Verdict::done, Reason::none, {}, {}, {}};

}  // namespace

CardMachine::CardMachine(MachineOptions options, Host& host)
    : options_(std::move(options)),
      host_(host),
      queue_({options_.host_timeout, options_.drain_every}, host, next_id_) {}

Reason CardMachine::why_not() const {
  if (update_required_) return Reason::update_required;
  if (battery_low_) return Reason::battery_low;
  if (end_of_day_open_) return Reason::end_of_day_open;
  return Reason::none;
}

const Transaction* CardMachine::current() const {
  return current_ ? &*current_ : nullptr;
}

const Transaction* CardMachine::find(std::string_view reference) const {
  if (current_ && current_->charge.reference == reference) return &*current_;
  return memory_.by_reference(reference);
}

std::vector<MachineEvent> CardMachine::take_events() {
  return std::exchange(events_, {});
}

std::vector<devices::Record> CardMachine::take_records() {
  return std::exchange(records_, {});
}

void CardMachine::note(std::string what, const Transaction& transaction) {
  const CardSlip& slip = transaction.slip;
  const auto currency = base::find_currency(slip.currency);
  std::string text = fmt::format(
      "{} {}", currency ? base::format_money(slip.amount, *currency) : "?", slip.currency);
  if (slip.receipt_number != 0) text += fmt::format(", receipt {:04}", slip.receipt_number);
  if (slip.trace != 0) text += fmt::format(", trace {:06}", slip.trace);
  if (!transaction.charge.reference.empty()) text += ", " + transaction.charge.reference;
  if (transaction.reason != Reason::none) text += fmt::format(": {}", describe(transaction.reason));
  records_.push_back({std::move(what), std::move(text)});
}

void CardMachine::show(Step step) {
  events_.emplace_back(Shown{step});
}

Outcome CardMachine::pay(const Charge& charge, Instant now) {
  if (busy_ || stage_ != Stage::idle) {
    ++refusals_;
    return {Verdict::busy, Reason::none, std::nullopt};
  }
  if (const Reason why = why_not(); why != Reason::none) {
    ++refusals_;
    return {Verdict::refused, why, std::nullopt};
  }
  if (charge.currency != options_.currency) {
    return {Verdict::refused, Reason::wrong_currency, std::nullopt};
  }
  if (charge.amount.minor <= 0) return {Verdict::refused, Reason::wrong_amount, std::nullopt};
  current_.emplace();
  current_->charge = charge;
  current_->slip.terminal_id = options_.terminal_id;
  current_->slip.amount = charge.amount;
  current_->slip.currency = charge.currency;
  wrong_pins_ = 0;
  nobody_hears_ = false;
  show(Step::waiting_for_card);
  wait_for_customer(Stage::waiting_for_card, options_.card_after, now);
  return {Verdict::in_progress, Reason::none, std::nullopt};
}

void CardMachine::wait_for_customer(Stage stage, base::Duration acts_after, Instant now) {
  stage_ = stage;
  if (!options_.automatic_customer) ++waited_;
  customer_at_ = options_.automatic_customer ? now + acts_after : Instant::never();
  give_up_at_ = stage == Stage::card_in ? Instant::never() : now + options_.card_timeout;
}

void CardMachine::set_automatic_customer(bool automatic, Instant now) {
  options_.automatic_customer = automatic;
  const bool waits =
      stage_ == Stage::waiting_for_card || stage_ == Stage::reading_pin || stage_ == Stage::card_in;
  if (!waits) return;
  if (!automatic) ++waited_;
  customer_at_ = automatic ? now + options_.card_after : Instant::never();
}

bool CardMachine::abort(Instant now) {
  if (stage_ != Stage::waiting_for_card && stage_ != Stage::reading_pin) return false;
  end(Verdict::aborted, Reason::cancelled, now);
  return true;
}

base::Result<void> CardMachine::present_card(std::string_view card, Instant now) {
  if (stage_ != Stage::waiting_for_card) {
    return base::fail(base::Code::not_allowed, "the terminal does not wait for a card");
  }
  auto found = find_card(card);
  if (!found) return base::Failure(found.error());
  card_ = std::move(*found);
  current_->slip.masked_pan = whole_numbers_ ? card_->number : card_->pan;
  if (whole_numbers_) ++numbers_told_;
  current_->slip.card_name = card_->name;
  current_->slip.sequence = 1;
  if (!card_->readable) {
    end(Verdict::declined, Reason::unreadable_card, now);
  } else if (card_->needs_pin) {
    show(Step::reading_pin);
    wait_for_customer(Stage::reading_pin, options_.pin_after, now);
  } else {
    authorise(now);
  }
  return {};
}

base::Result<void> CardMachine::enter_pin(bool right, Instant now) {
  if (stage_ != Stage::reading_pin) {
    return base::fail(base::Code::not_allowed, "the terminal does not ask for a PIN");
  }
  if (right) {
    authorise(now);
  } else if (++wrong_pins_ == kMostWrongPins) {
    end(Verdict::declined, Reason::blocked_card, now);
  } else {
    show(Step::wrong_pin);
    wait_for_customer(Stage::reading_pin, options_.pin_after, now);
  }
  return {};
}

base::Result<void> CardMachine::press_stop(Instant now) {
  if (stage_ != Stage::waiting_for_card && stage_ != Stage::reading_pin) {
    return base::fail(base::Code::not_allowed, "the terminal has nothing that could be stopped");
  }
  end(Verdict::aborted, Reason::stopped, now);
  return {};
}

base::Result<void> CardMachine::remove_card(Instant now) {
  if (stage_ == Stage::reading_pin) {
    card_.reset();
    end(Verdict::aborted, Reason::stopped, now);
    return {};
  }
  if (!card_ || !card_->inserted) {
    return base::fail(base::Code::not_allowed, "no card is in the terminal");
  }
  card_.reset();
  if (stage_ == Stage::card_in) finish();
  return {};
}

void CardMachine::authorise(Instant now) {
  stage_ = Stage::authorising;
  customer_at_ = Instant::never();
  trace_ = next_of(trace_, kMostTrace);
  current_->slip.trace = trace_;
  current_->slip.time = time_text(options_.clock_ms + now.ns / 1'000'000);
  show(Step::authorising);
  if (options_.drain_duplicates) queue_.duplicate_stored(trace_, kMostTrace, now);
  send(request_of(Errand::authorise, *current_), now);
}

HostRequest CardMachine::request_of(Errand errand, const Transaction& transaction) const {
  HostRequest request;
  request.errand = errand;
  request.terminal_id = options_.terminal_id;
  request.trace = transaction.slip.trace;
  request.receipt_number =
      transaction.booked() ? transaction.slip.receipt_number : next_of(receipt_, kMostReceipt);
  request.reference = transaction.charge.reference;
  request.pan = transaction.slip.masked_pan;
  request.card_name = transaction.slip.card_name;
  request.amount = transaction.slip.amount;
  request.currency = transaction.slip.currency;
  return request;
}

// The answer may come within send(): nothing of ours may stand behind it.
void CardMachine::send(HostRequest request, Instant now) {
  request.id = asked_ = next_id_++;
  give_up_at_ = now + options_.host_timeout;
  host_.send(request, now);
}

void CardMachine::answered(const HostAnswer& answer, Instant now) {
  const std::size_t lost = queue_.lost().size();
  heard_of_queue(queue_.answered(answer, now), now);
  if (queue_.lost().size() > lost) {
    records_.push_back(
        {"stored payment lost", fmt::format("trace {:06}", queue_.lost().back().trace)});
  }
  if (answer.id != asked_ || asked_ == 0) return;  // too late: it was reversed meanwhile
  asked_ = 0;
  give_up_at_ = Instant::never();
  if (stage_ == Stage::settling) {
    settled(answer, now);
  } else if (stage_ == Stage::reversing) {
    reversal_answered(answer, now);
  } else if (stage_ == Stage::authorising) {
    if (answer.verdict == Verdict::approved || answer.verdict == Verdict::approved_in_part) {
      book(answer, now);
    } else if (answer.verdict == Verdict::unknown) {
      host_is_away(false, now);
    } else {
      end(Verdict::declined, answer.reason, now);
    }
  }
}

// No answer, or no line to the host. What it may have heard is reversed; then the terminal may
// approve alone, under a trace of its own.
void CardMachine::host_is_away(bool may_have_heard, Instant now) {
  if (may_have_heard) queue_.owe(request_of(Errand::reverse, *current_), now);
  if (!queue_.allows(options_.offline, current_->charge.amount, now)) {
    const bool has_limits = options_.offline.floor.minor > 0;
    end(Verdict::declined, has_limits ? Reason::offline_limit : Reason::no_host, now);
    return;
  }
  if (may_have_heard) {
    trace_ = next_of(trace_, kMostTrace);
    current_->slip.trace = trace_;
  }
  current_->slip.stored_offline = true;
  HostAnswer alone;
  alone.verdict = Verdict::approved;
  alone.amount = current_->charge.amount;
  alone.authorisation_code = "OFFL";
  book(alone, now);
}

void CardMachine::book(const HostAnswer& answer, Instant now) {
  receipt_ = next_of(receipt_, kMostReceipt);
  Transaction& transaction = *current_;
  transaction.slip.receipt_number = receipt_;
  transaction.slip.amount = answer.amount;
  if (!answer.currency.empty()) transaction.slip.currency = answer.currency;
  transaction.slip.authorisation_code = answer.authorisation_code;
  transaction.verdict = answer.verdict;
  transaction.ended = now;
  stage_ = Stage::answered;
  give_up_at_ = Instant::never();
  memory_.add(transaction);
  if (transaction.slip.stored_offline) queue_.owe(request_of(Errand::advise, transaction), now);
  note(transaction.slip.stored_offline ? "card charged offline" : "card charged", transaction);
  events_.emplace_back(Ended{transaction});
  if (nobody_hears_) unheard(now);
}

void CardMachine::end(Verdict verdict, Reason reason, Instant now) {
  Transaction& transaction = *current_;
  transaction.verdict = verdict;
  transaction.reason = reason;
  transaction.ended = now;
  memory_.add(transaction);
  note(fmt::format("card {}", name(verdict)), transaction);
  events_.emplace_back(Ended{transaction});
  let_card_go(now);
}

void CardMachine::confirm(Instant now) {
  if (stage_ != Stage::answered) return;
  confirm_booked(current_->slip.receipt_number);
  let_card_go(now);
}

void CardMachine::confirm_booked(std::uint32_t receipt_number) {
  if (Transaction* transaction = memory_.by_receipt(receipt_number)) transaction->confirmed = true;
  if (current_ && current_->slip.receipt_number == receipt_number) current_->confirmed = true;
}

void CardMachine::unheard(Instant now) {
  if (stage_ != Stage::answered) return;
  if (options_.lost_ack == LostAck::auto_reverse) {
    show(Step::reversing);
    if (Transaction* transaction = memory_.by_receipt(current_->slip.receipt_number)) {
      give_back(*transaction, Reason::by_itself, now);
      current_ = *transaction;
    }
  }
  let_card_go(now);
}

void CardMachine::line_lost(Instant now) {
  if (stage_ == Stage::waiting_for_card || stage_ == Stage::reading_pin) {
    end(Verdict::aborted, Reason::line_lost, now);
  } else if (stage_ == Stage::authorising) {
    nobody_hears_ = true;
  } else if (stage_ == Stage::answered) {
    unheard(now);
  }
}

// Where the acquirer has not heard of a stored payment yet, it never will.
void CardMachine::give_back(Transaction& transaction, Reason reason, Instant now) {
  transaction.verdict = Verdict::reversed;
  transaction.reason = reason;
  note("card reversed", transaction);
  if (queue_.take_back(transaction.slip.trace)) return;
  queue_.owe(request_of(Errand::reverse, transaction), now);
}

void CardMachine::let_card_go(Instant now) {
  if (card_ && card_->inserted) {
    show(Step::remove_card);
    wait_for_customer(Stage::card_in, options_.remove_after, now);
  } else {
    finish();
  }
}

void CardMachine::finish() {
  stage_ = Stage::idle;
  customer_at_ = give_up_at_ = Instant::never();
  card_.reset();
  if (!current_) return;
  Finished finished{std::move(*current_)};
  current_.reset();
  events_.emplace_back(std::move(finished));
}

bool CardMachine::sync(std::uint32_t till_holds, Instant now) {
  const Transaction* const last = last_booked();
  if (options_.lost_ack != LostAck::sync_1f1f || last == nullptr) return false;
  const std::uint32_t number = last->slip.receipt_number;
  if (till_holds == number) {
    confirm_booked(number);
    return false;
  }
  if (next_of(till_holds, kMostReceipt) != number || !last->stands()) return false;
  give_back(*memory_.by_receipt(number), Reason::by_itself, now);
  receipt_ = till_holds;
  return true;
}

Outcome CardMachine::reverse(std::uint32_t receipt_number, Instant now) {
  if (busy_ || stage_ != Stage::idle) {
    ++refusals_;
    return {Verdict::busy, Reason::none, std::nullopt};
  }
  Transaction* const transaction = memory_.by_receipt(receipt_number);
  if (transaction == nullptr) return {Verdict::refused, Reason::not_reversible, std::nullopt};
  if (transaction->verdict == Verdict::reversed) {
    return {Verdict::reversed, Reason::already_reversed, transaction->slip};
  }
  current_ = *transaction;
  stage_ = Stage::reversing;
  if (queue_.take_back(current_->slip.trace)) {
    reversal_answered(kDone, now);
  } else {
    send(request_of(Errand::reverse, *transaction), now);
  }
  return {Verdict::in_progress, Reason::none, std::nullopt};
}

void CardMachine::reversal_answered(const HostAnswer& answer, Instant now) {
  const bool good = answer.verdict == Verdict::done;
  Transaction told = *current_;
  told.verdict = good ? Verdict::reversed : Verdict::declined;
  told.reason = good ? Reason::none : answer.reason;
  if (Transaction* transaction = memory_.by_receipt(told.slip.receipt_number);
      good && transaction != nullptr) {
    if (transaction->verdict != Verdict::reversed) note("card reversed", told);
    transaction->verdict = Verdict::reversed;
    transaction->confirmed = true;
  }
  told.ended = now;
  current_ = told;
  events_.emplace_back(Ended{std::move(told)});
  finish();
}

Outcome CardMachine::end_of_day(Instant now) {
  if (busy_ || stage_ != Stage::idle) {
    ++refusals_;
    return {Verdict::busy, Reason::none, std::nullopt};
  }
  stage_ = Stage::settling;
  if (queue_.size() == 0) {
    settle(now);
  } else {
    queue_.send(now);
  }
  return {Verdict::in_progress, Reason::none, std::nullopt};
}

void CardMachine::settle(Instant now) {
  HostRequest request;
  request.errand = Errand::settle;
  request.terminal_id = options_.terminal_id;
  request.trace = trace_;
  request.currency = options_.currency;
  request.count = 0;
  for (const Transaction& transaction : memory_.all()) {
    if (!transaction.stands()) continue;
    request.amount += transaction.slip.amount;
    ++request.count;
  }
  send(request, now);
}

void CardMachine::settled(const HostAnswer& answer, Instant /*now*/) {
  Settled settled;
  settled.good = answer.verdict == Verdict::done;
  settled.reason = settled.good ? Reason::none : Reason::no_host;
  for (const Transaction& transaction : memory_.all()) {
    if (!transaction.stands()) continue;
    settled.total += transaction.slip.amount;
    ++settled.count;
  }
  end_of_day_open_ = !settled.good;
  if (settled.good && !options_.remembers_after_end_of_day) memory_.clear();
  stage_ = Stage::idle;
  asked_ = 0;
  give_up_at_ = Instant::never();
  records_.push_back({settled.good ? "day settled" : "day not settled",
                      fmt::format("{} payments", settled.count)});
  events_.emplace_back(settled);
}

void CardMachine::heard_of_queue(HostQueue::News news, Instant now) {
  if (stage_ != Stage::settling || asked_ != 0) return;
  if (news == HostQueue::News::failed) settled({}, now);
  if (news == HostQueue::News::emptied) settle(now);
}

// A payment that was at the host when the power went is reversed; one that had been booked is on
// disk, and the till has not heard of it.
void CardMachine::power_cut(Instant now) {
  const Stage was = stage_;
  if (was == Stage::waiting_for_card || was == Stage::reading_pin || was == Stage::authorising) {
    if (was == Stage::authorising) queue_.owe(request_of(Errand::reverse, *current_), now);
    current_->verdict = Verdict::aborted;
    current_->reason = Reason::line_lost;
    memory_.add(*current_);
  } else if (was == Stage::answered && options_.lost_ack == LostAck::auto_reverse) {
    if (Transaction* transaction = memory_.by_receipt(current_->slip.receipt_number)) {
      give_back(*transaction, Reason::by_itself, now);
    }
  } else if (was == Stage::settling) {
    end_of_day_open_ = true;
  }
  events_.clear();
  current_.reset();
  card_.reset();
  asked_ = 0;
  queue_.pause();
  stage_ = Stage::dark;
  customer_at_ = give_up_at_ = Instant::never();
  wake_at_ = now + options_.reboot_time;
}

base::Result<void> CardMachine::update(Instant now) {
  if (stage_ != Stage::idle) {
    return base::fail(base::Code::not_allowed, "the terminal is not idle");
  }
  stage_ = Stage::updating;
  queue_.pause();
  wake_at_ = now + options_.update_time;
  return {};
}

void CardMachine::wake(Instant now) {
  if (stage_ == Stage::updating) update_required_ = false;
  stage_ = Stage::idle;
  wake_at_ = Instant::never();
  queue_.resume(now);
}

// The till is being told of it just now.
bool CardMachine::is_at_hand(const Transaction& transaction) const {
  return stage_ == Stage::answered && current_->slip.trace == transaction.slip.trace;
}

Instant CardMachine::void_at() const {
  if (options_.lost_ack != LostAck::void_unconfirmed_after) return Instant::never();
  Instant first = Instant::never();
  for (const Transaction& transaction : memory_.all()) {
    if (transaction.confirmed || !transaction.stands() || is_at_hand(transaction)) continue;
    first = std::min(first, transaction.ended + options_.void_after);
  }
  return first;
}

Instant CardMachine::poll_at() const {
  if (dark()) return wake_at_;
  return std::min({customer_at_, give_up_at_, queue_.poll_at(), void_at()});
}

void CardMachine::poll(Instant now) {
  if (now >= wake_at_) wake(now);
  if (dark()) return;
  if (now >= customer_at_) act_as_customer(now);
  if (now >= give_up_at_) give_up_waiting(now);
  if (now >= void_at()) {
    for (Transaction& transaction : memory_.all()) {
      if (transaction.confirmed || !transaction.stands() || is_at_hand(transaction)) continue;
      if (now < transaction.ended + options_.void_after) continue;
      give_back(transaction, Reason::by_itself, now);
    }
  }
  heard_of_queue(queue_.poll(now), now);
}

void CardMachine::act_as_customer(Instant now) {
  customer_at_ = Instant::never();
  if (stage_ == Stage::waiting_for_card) {
    static_cast<void>(present_card({}, now));
  } else if (stage_ == Stage::reading_pin) {
    static_cast<void>(enter_pin(true, now));
  } else if (stage_ == Stage::card_in) {
    static_cast<void>(remove_card(now));
  }
}

void CardMachine::give_up_waiting(Instant now) {
  give_up_at_ = Instant::never();
  switch (stage_) {
    case Stage::waiting_for_card:
    case Stage::reading_pin:
      return end(Verdict::aborted, Reason::time_out, now);
    case Stage::authorising:
      asked_ = 0;
      return host_is_away(true, now);
    case Stage::reversing: {
      // It may have arrived: sent again until it is answered, and the books follow it.
      asked_ = 0;
      if (Transaction* transaction = memory_.by_receipt(current_->slip.receipt_number)) {
        give_back(*transaction, Reason::none, now);
      }
      return reversal_answered(kDone, now);
    }
    case Stage::settling:
      asked_ = 0;
      return settled({}, now);
    default:
      return;
  }
}

}  // namespace tillrig::terminal
