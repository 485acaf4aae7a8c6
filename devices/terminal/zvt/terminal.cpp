#include "devices/terminal/zvt/terminal.hpp"

#include "devices/terminal/zvt/bcd.hpp"
#include "devices/terminal/zvt/bookmark.hpp"
#include "devices/terminal/zvt/codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tillrig::terminal::zvt {
namespace {

using base::Instant;

constexpr std::uint64_t kIds = 1'000'000;
constexpr std::string_view kIn = "<";
constexpr std::string_view kOut = ">";

Message message_of(Command command) {
  Message message;
  message.command = command;
  return message;
}

}  // namespace

Terminal::Terminal(TerminalOptions options, CardMachine& machine)
    : options_(std::move(options)), machine_(machine), wire_(options_.framing, options_.timers) {}

void Terminal::line_up(Instant now) {
  lose_line(now);
  wire_.connect();
}

void Terminal::line_down(Instant now) {
  lose_line(now);
}

// Whoever was being told of a payment is gone: the machine goes by what it does then.
void Terminal::lose_line(Instant now) {
  wire_.reset();
  process_is_lost(now);
}

void Terminal::process_is_lost(Instant now) {
  doubtful_ = 0;
  if (!process_) return;
  process_.reset();
  machine_.line_lost(now);
  static_cast<void>(machine_.take_events());
}

void Terminal::power_cut(Instant now) {
  process_.reset();
  lose_line(now);
  registered_ = numbers_messages_ = false;
  heard_id_.reset();
  wire_.break_off();
}

base::Bytes Terminal::feed(base::ByteView bytes, Instant now) {
  wire_.feed(bytes, now);
  take_link(now);
  return wire_.give();
}

base::Bytes Terminal::poll(Instant now) {
  wire_.poll(now);
  take_link(now);
  if (process_ && process_->sent && now >= process_->ack_by) not_heard(now);
  if (process_ && process_->out.empty() && now >= process_->say_again_at) {
    Message message = message_of(kIntermediate);
    message.code = process_->last_step;
    push({.message = std::move(message)}, now);
  }
  return look(now);
}

base::Bytes Terminal::look(Instant now) {
  take_machine(now);
  return wire_.give();
}

Instant Terminal::poll_at() const {
  Instant at = wire_.poll_at();
  if (process_ && process_->sent) at = std::min(at, process_->ack_by);
  if (process_ && process_->out.empty()) at = std::min(at, process_->say_again_at);
  return at;
}

void Terminal::say(std::string_view arrow, const Apdu& apdu) const {
  if (!watcher_) return;
  watcher_(fmt::format("{} {}{}{}", arrow, describe(apdu.command), apdu.data.empty() ? "" : " ",
                       base::to_hex(apdu.data)));
}

void Terminal::send(const Apdu& apdu, Instant now) {
  say(kOut, apdu);
  wire_.send(apdu, now);
}

void Terminal::answer(Command command, Instant now) {
  send(Apdu{command, {}}, now);
}

void Terminal::take_link(Instant now) {
  for (auto events = wire_.take_events(); !events.empty(); events = wire_.take_events()) {
    for (const LinkEvent& event : events) take_link_event(event, now);
  }
  take_machine(now);
}

void Terminal::take_link_event(const LinkEvent& event, Instant now) {
  if (wire_.deaf()) return;
  if (const auto* heard = std::get_if<Heard>(&event)) {
    say(kIn, heard->apdu);
    hear(heard->apdu, now);
  } else if (const auto* noise = std::get_if<Noise>(&event)) {
    ++not_understood_;
    if (!watcher_) return;
    watcher_(fmt::format("{} {}: {}", kIn, base::to_hex(noise->bytes), noise->why));
  } else if (process_ && process_->sent) {
    not_heard(now);
  }
}

void Terminal::hear(const Apdu& apdu, Instant now) {
  if (apdu.is_answer()) {
    hear_ack(apdu.is_positive(), now);
    return;
  }
  auto message = read(apdu);
  if (!message) {
    ++not_understood_;
    answer({kNackClass, 0x9a}, now);
    return;
  }
  hear_command(*message, now);
}

void Terminal::hear_command(const Message& message, Instant now) {
  const Body::Number id = message.body.message_id;
  const bool again = id && *id != 0 && id == heard_id_ && message.command == heard_;
  if (again || (process_ && process_->command == message)) {
    answer(kAck, now);  // it was sent again because our acknowledgement was lost
  } else if (message.command == kAbort) {
    obey_abort(now);
  } else if (process_ || machine_.busy()) {
    machine_.count_refusal();
    answer({kNackClass, kPleaseWait}, now);
  } else if (message.command == kStatusEnquiry) {
    obey_status_enquiry(message, now);
  } else if (machine_.stage() != Stage::idle) {
    answer({kNackClass, kPleaseWait}, now);
  } else {
    obey(message, now);
  }
}

void Terminal::obey(const Message& message, Instant now) {
  const Command command = message.command;
  if (command == kRegistration) {
    obey_registration(message, now);
  } else if (command == kAuthorisation) {
    obey_authorisation(message, now);
  } else if (command == kRepeatReceipt) {
    obey_repeat(message, now);
  } else if (command == kReversal) {
    obey_reversal(message, now);
  } else if (command == kEndOfDay) {
    obey_end_of_day(message, now);
  } else if (command == kLogOff || command == kDiagnosis || command == kSetTime ||
             command == kDisplay) {
    obey_simple(message, now);
  } else {
    ++not_understood_;
    answer({kNackClass, kNotSupported}, now);
  }
}

void Terminal::start(const Message& command, Instant now) {
  doubtful_ = 0;
  process_.emplace();
  process_->command = command;
  heard_ = command.command;
  heard_id_ = command.body.message_id;
  restart(now);
}

void Terminal::restart(Instant now) {
  const bool tells = (config_ & kWantsIntermediate) != 0;
  process_->say_again_at = tells ? now + options_.status_every : Instant::never();
}

bool Terminal::is_payment() const {
  return process_ && process_->command.command == kAuthorisation;
}

void Terminal::refuse(std::uint8_t code, Instant now) {
  answer(kAck, now);
  end_badly(code, now);
}

void Terminal::obey_registration(const Message& message, Instant now) {
  start(message, now);
  heard_id_.reset();
  if (machine_.why_not() == Reason::update_required) {
    machine_.count_refusal();
    refuse(code_of(Outcome{Verdict::refused, Reason::update_required, std::nullopt}), now);
    return;
  }
  registered_ = true;
  config_ = static_cast<unsigned>(message.config.value_or(0));
  numbers_messages_ = false;
  answer(kAck, now);
  Message done = message_of(kCompletion);
  done.body.kind = 0;
  done.body.terminal_id = machine_.options().terminal_id;
  done.body.currency = currency_number(machine_.options().currency);
  const bool numbered = options_.extensions && message.body.message_id == std::uint64_t{0};
  if (numbered) done.body.message_id = 0;
  end_well(std::move(done), now);
  numbers_messages_ = numbered;
  next_id_ = 1;
}

std::uint8_t Terminal::state_code() const {
  if (machine_.stage() == Stage::card_in) return kStateCardIn;
  if (machine_.stage() != Stage::idle) return kStateBusy;
  switch (machine_.why_not()) {
    case Reason::update_required:
      return kStateMaintenance;
    case Reason::battery_low:
      return kStateBatteryLow;
    case Reason::end_of_day_open:
      return kEndOfDayOpen;
    default:
      return kStateReady;
  }
}

void Terminal::obey_status_enquiry(const Message& message, Instant now) {
  start(message, now);
  answer(kAck, now);
  Message done = message_of(kCompletion);
  done.code = state_code();
  end_well(std::move(done), now);
}

void Terminal::obey_authorisation(const Message& message, Instant now) {
  if (!registered_) {
    start(message, now);
    refuse(code_of(Outcome{Verdict::refused, Reason::not_registered, std::nullopt}), now);
    return;
  }
  if (message.body.receipt_sync && message.body.receipt_sync->number) {
    machine_.sync(*message.body.receipt_sync->number, now);
  }
  Charge charge;
  charge.amount = base::Money{static_cast<std::int64_t>(message.body.amount.value_or(0))};
  charge.currency = message.body.currency ? std::string(currency_code(*message.body.currency))
                                          : machine_.options().currency;
  const Outcome outcome = machine_.pay(charge, now);
  if (outcome.verdict == Verdict::in_progress) {
    start(message, now);
    if (cuts_here(CutPoint::before_taken, now)) return;
    answer(kAck, now);
    if (cuts_here(CutPoint::after_taken, now)) return;
  } else {
    started(message, outcome, now);
  }
}

void Terminal::started(const Message& command, const Outcome& outcome, Instant now) {
  if (outcome.verdict == Verdict::busy) {
    answer({kNackClass, kPleaseWait}, now);
    return;
  }
  start(command, now);
  if (outcome.verdict == Verdict::in_progress) {
    answer(kAck, now);
  } else {
    refuse(code_of(outcome), now);
  }
}

void Terminal::obey_repeat(const Message& message, Instant now) {
  const Transaction* const last = machine_.last_booked();
  start(message, now);
  if (last == nullptr) {
    refuse(kNotPossible, now);
    return;
  }
  answer(kAck, now);
  const auto service = static_cast<unsigned>(message.body.service.value_or(0));
  if ((service & kWithStatusInfo) != 0) {
    if (last->stands()) process_->repeated = last->slip.receipt_number;
    push({.message = status_info(*last, last->stands() ? kGood : kAlreadyReversed)}, now);
  }
  if ((service & kDoNotPrint) == 0) print(*last, now);
  end_well(message_of(kCompletion), now);
}

void Terminal::obey_reversal(const Message& message, Instant now) {
  const auto receipt = static_cast<std::uint32_t>(message.body.receipt.value_or(0));
  started(message, machine_.reverse(receipt, now), now);
}

void Terminal::obey_end_of_day(const Message& message, Instant now) {
  started(message, machine_.end_of_day(now), now);
}

void Terminal::obey_simple(const Message& message, Instant now) {
  answer(kAck, now);
  if (message.command == kLogOff) {
    registered_ = false;
    return;
  }
  start(message, now);
  end_well(message_of(kCompletion), now);
}

void Terminal::obey_abort(Instant now) {
  if (is_payment() && machine_.abort(now)) {
    answer(kAck, now);
  } else {
    answer({kNackClass, kNotSupported}, now);
  }
  take_machine(now);
}

Message Terminal::status_info(const Transaction& transaction, std::uint8_t result) const {
  Message message = message_of(kStatusInfo);
  message.body = body_of(transaction.slip);
  message.body.result = result;
  const bool numbered = machine_.options().lost_ack == LostAck::sync_1f1f && options_.extensions;
  if (numbered && transaction.booked()) {
    message.body.receipt_sync = ReceiptSync{transaction.slip.receipt_number};
  }
  return message;
}

void Terminal::print(const Transaction& transaction, Instant now) {
  if ((config_ & kTillPrintsPayments) == 0) return;
  const CardSlip& slip = transaction.slip;
  const auto currency = base::find_currency(slip.currency);
  Message message = message_of(kPrintBlock);
  message.text = fmt::format(
      "* * CARD PAYMENT * *\nTerminal {}\nReceipt {:04}  Trace {:06}\n{} {}\n{} {}\nApproval {}\n"
      "{}\n",
      slip.terminal_id, slip.receipt_number, slip.trace, slip.card_name, slip.masked_pan,
      slip.currency, currency ? base::format_money(slip.amount, *currency) : "?",
      slip.authorisation_code, slip.time);
  Out out{.message = std::move(message)};
  if (is_payment()) {
    out.books = out.confirms = true;
    out.point = CutPoint::printing;
  }
  push(std::move(out), now);
}

void Terminal::end_well(Message message, Instant now) {
  Out out{.message = std::move(message)};
  out.last = true;
  if (is_payment()) {
    if (cuts_here(CutPoint::before_end, now)) return;
    out.point = CutPoint::end;
    out.ack_point = CutPoint::end_ack;
  }
  push(std::move(out), now);
}

void Terminal::end_badly(std::uint8_t code, Instant now) {
  Message message = message_of(kFailed);
  message.code = code;
  Out out{.message = std::move(message)};
  out.last = true;
  push(std::move(out), now);
}

void Terminal::push(Out out, Instant now) {
  if (!process_) return;
  if (numbers_messages_) {
    out.message.body.message_id = next_id_;
    next_id_ = next_id_ + 1 == kIds ? 1 : next_id_ + 1;
  }
  process_->out.push_back(std::move(out));
  pump(now);
}

void Terminal::pump(Instant now) {
  if (!process_ || process_->sent || process_->out.empty()) return;
  const Out& out = process_->out.front();
  const std::optional<CutPoint> point = out.point;
  const bool twice = armed_ && point == armed_->point && armed_->how == CutHow::twice;
  if (cuts_here(point, now)) return;
  process_->sent = true;
  process_->ack_by = now + wire_.answer_time();
  restart(now);
  const Apdu apdu = write(out.message);
  send(apdu, now);
  if (twice) send(apdu, now);
  cut_ack(out.ack_point, now);
}

bool Terminal::cuts_here(std::optional<CutPoint> point, Instant now) {
  if (!point || !armed_ || armed_->point != *point) return false;
  const Cut cut = *armed_;
  armed_.reset();
  ++cuts_;
  if (!wire_.cut(cut, now)) return false;
  process_is_lost(now);
  return true;
}

// The till's acknowledgement of what has just been sent will be lost, or late. That it breaks the
// line when it comes is seen to when it does.
void Terminal::cut_ack(std::optional<CutPoint> point, Instant now) {
  if (!point || !armed_ || armed_->point != *point) return;
  if (!wire_.cut_next_in(*armed_, now)) return;
  armed_.reset();
  ++cuts_;
}

// Messages come in order: any acknowledgement behind an outcome shows that the outcome came, too.
void Terminal::hear_ack(bool positive, Instant now) {
  if (positive && doubtful_ != 0) machine_.confirm_booked(std::exchange(doubtful_, 0));
  if (!process_ || !process_->sent) return;  // one that comes twice
  const std::optional<CutPoint> point = process_->out.front().ack_point;
  if (point && armed_ && armed_->point == *point) {
    const bool twice = armed_->how == CutHow::twice;
    if (cuts_here(point, now) || wire_.deaf()) return;
    acks_twice_ = twice;
  }
  if (!positive && process_->out.front().books) {
    not_heard(now);
    return;
  }
  Out out = std::move(process_->out.front());
  process_->out.pop_front();
  process_->sent = false;
  done_with(std::move(out), now);
  if (std::exchange(acks_twice_, false)) hear_ack(positive, now);
}

void Terminal::done_with(Out out, Instant now) {
  if (process_->repeated != 0 && out.message.command == kStatusInfo) {
    machine_.confirm_booked(process_->repeated);
  }
  if (out.last) {
    process_.reset();
    return;
  }
  if (out.confirms) machine_.confirm(now);
  take_machine(now);
  pump(now);
}

void Terminal::not_heard(Instant now) {
  Out out = std::move(process_->out.front());
  process_->out.pop_front();
  process_->sent = false;
  if (out.last) {
    process_.reset();
    return;
  }
  if (out.books) {
    std::erase_if(process_->out, [](const Out& later) { return later.books; });
    if (machine_.current() != nullptr) doubtful_ = machine_.current()->slip.receipt_number;
    machine_.unheard(now);
  }
  take_machine(now);
  pump(now);
}

void Terminal::take_machine(Instant now) {
  for (MachineEvent& event : machine_.take_events()) {
    if (!process_) continue;
    std::visit([&](const auto& told) { tell(told, now); }, event);
  }
}

void Terminal::tell(const Shown& shown, Instant now) {
  const bool in_card = shown.step == Step::reading_pin || shown.step == Step::authorising;
  if (is_payment() && in_card && cuts_here(CutPoint::card_in, now)) return;
  process_->last_step = code_of(shown.step);
  if ((config_ & kWantsIntermediate) == 0) return;
  Message message = message_of(kIntermediate);
  message.code = process_->last_step;
  push({.message = std::move(message)}, now);
}

void Terminal::tell(const Ended& ended, Instant now) {
  const Transaction& transaction = ended.transaction;
  const Outcome outcome{transaction.verdict, transaction.reason, std::nullopt};
  const bool charges = charged(transaction.verdict) == Charged::yes;
  const bool good = charges || (transaction.verdict == Verdict::reversed && !is_payment());
  Out out{.message = status_info(transaction, good ? kGood : code_of(outcome))};
  if (charges && is_payment()) {
    if (cuts_here(CutPoint::approved, now)) return;
    out.books = true;
    out.confirms = (config_ & kTillPrintsPayments) == 0;
    out.point = CutPoint::outcome;
    out.ack_point = CutPoint::outcome_ack;
  }
  push(std::move(out), now);
  if (charges && process_ && is_payment()) print(transaction, now);
}

void Terminal::tell(const Finished& finished, Instant now) {
  const Transaction& transaction = finished.transaction;
  const Outcome outcome{transaction.verdict, transaction.reason, std::nullopt};
  const bool charges = charged(transaction.verdict) == Charged::yes;
  const bool good = is_payment() ? charges : transaction.verdict == Verdict::reversed;
  if (good) {
    end_well(message_of(kCompletion), now);
  } else if (is_payment() && transaction.verdict == Verdict::reversed) {
    end_badly(kAborted, now);
  } else {
    end_badly(code_of(outcome), now);
  }
}

void Terminal::tell(const Settled& settled, Instant now) {
  if (!settled.good) {
    end_badly(code_of(Outcome{Verdict::failed, settled.reason, std::nullopt}), now);
    return;
  }
  Message message = message_of(kStatusInfo);
  message.body.result = kGood;
  message.body.amount = static_cast<std::uint64_t>(settled.total.minor);
  message.body.currency = currency_number(machine_.options().currency);
  push({.message = std::move(message)}, now);
  end_well(message_of(kCompletion), now);
}

}  // namespace tillrig::terminal::zvt
