#include "devices/terminal/zvt/driver.hpp"

#include "devices/terminal/zvt/bcd.hpp"
#include "devices/terminal/zvt/codes.hpp"
#include "devices/terminal/zvt/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tillrig::terminal::zvt {
namespace {

using base::Instant;

constexpr std::uint64_t kMessageIds = 1'000'000;
constexpr std::int64_t kMostAmount = 999'999'999'999;  // six bytes of digits
constexpr std::size_t kMostRubbish = 64;               // bytes told at a time

}  // namespace

Driver::Driver(DriverOptions options)
    : options_(std::move(options)),
      link_(make_link(options_.framing, options_.timers)),
      bookmark_(read_bookmark(options_.bookmark)),
      on_record_(options_.on_record) {}

void Driver::line_up(Instant now) {
  if (phase_ != Phase::down) line_down(now);
  register_at(now);
}

void Driver::line_down(Instant /*now*/) {
  tell_unknown(Reason::line_lost);
  link_->reset();
  phase_ = Phase::down;
  ready_told_ = false;
  answer_by_ = end_by_ = retry_at_ = abort_by_ = Instant::never();
}

void Driver::feed(base::ByteView bytes, Instant now) {
  if (phase_ == Phase::down || phase_ == Phase::given_up) return;
  link_->feed(bytes, now);
  take_events_of_link(now);
}

void Driver::poll(Instant now) {
  link_->poll(now);
  take_events_of_link(now);
  if (now >= abort_by_) {
    abort_by_ = Instant::never();
    events_.emplace_back(AbortAnswered{false, "the terminal does not answer the abort"});
  }
  if (now >= retry_at_) {
    retry_at_ = Instant::never();
    register_at(now);
  }
  if (now >= answer_by_) {
    give_up(Reason::no_answer, "the terminal does not answer");
  } else if (now >= end_by_) {
    give_up(Reason::no_answer, "the terminal has fallen silent in the middle of its work");
  }
}

Instant Driver::poll_at() const {
  if (phase_ == Phase::down || phase_ == Phase::given_up) return Instant::never();
  return std::min({link_->poll_at(), answer_by_, end_by_, retry_at_, abort_by_});
}

std::vector<TerminalEvent> Driver::take_events() {
  return std::exchange(events_, {});
}

std::string Driver::bookmark() const {
  return learned_ && bookmark_ ? text_of(*bookmark_) : std::string();
}

std::string Driver::in_flight() const {
  return reference();
}

std::string Driver::reference() const {
  if (to_ask_) return to_ask_->reference;
  return charge_ ? charge_->reference : std::string();
}

bool Driver::running() const {
  return phase_ != Phase::down && phase_ != Phase::waiting && phase_ != Phase::idle &&
         phase_ != Phase::given_up;
}

base::Result<void> Driver::may_begin() const {
  if (phase_ == Phase::down || phase_ == Phase::given_up) {
    return base::fail(base::Code::unreachable, "the card terminal is not connected");
  }
  if (phase_ != Phase::idle) {
    return base::fail(base::Code::busy, "the card terminal is busy with something else");
  }
  return {};
}

base::Result<void> Driver::pay(const Charge& charge, Instant now) {
  if (auto may = may_begin(); !may) return may;
  const auto currency = currency_number(charge.currency);
  if (!currency) {
    return base::fail(base::Code::bad_input, "the terminal is not told of the currency \"{}\"",
                      charge.currency);
  }
  if (charge.amount.minor <= 0 || charge.amount.minor > kMostAmount) {
    return base::fail(base::Code::bad_input,
                      "the terminal is asked for {} minor units; expected 1 to {}",
                      charge.amount.minor, kMostAmount);
  }
  Message message;
  message.command = kAuthorisation;
  message.body.amount = static_cast<std::uint64_t>(charge.amount.minor);
  if (options_.extensions) {
    message.body.currency = *currency;
    message.body.receipt_sync = ReceiptSync{on_record_};
  }
  charge_ = charge;
  begin(Phase::paying, std::move(message), now);
  return {};
}

base::Result<void> Driver::ask(const Charge& charge, Instant now) {
  if (phase_ == Phase::registering || phase_ == Phase::learning || phase_ == Phase::waiting) {
    if (to_ask_) return base::fail(base::Code::busy, "the card terminal is being asked already");
    to_ask_ = charge;
    if (phase_ == Phase::waiting) register_at(now);
    return {};
  }
  if (auto may = may_begin(); !may) return may;
  charge_ = charge;
  ask_state(now);
  return {};
}

base::Result<void> Driver::abort(Instant now) {
  if (phase_ != Phase::paying) {
    return base::fail(base::Code::not_found, "no card payment is under way that could be stopped");
  }
  if (abort_by_ != Instant::never()) return {};
  Message message;
  message.command = kAbort;
  send(message, now);
  abort_by_ = now + link_->answer_time();
  return {};
}

base::Result<void> Driver::reverse(const Charge& charge, const CardSlip& slip, Instant now) {
  if (auto may = may_begin(); !may) return may;
  if (slip.receipt_number == 0) {
    return base::fail(base::Code::bad_input,
                      "the payment {} has no receipt number; the terminal reverses by it",
                      charge.reference);
  }
  Message message;
  message.command = kReversal;
  message.password = options_.password;
  message.body.receipt = slip.receipt_number;
  if (options_.extensions) message.body.receipt_sync = ReceiptSync{on_record_};
  charge_ = charge;
  begin(Phase::reversing, std::move(message), now);
  return {};
}

base::Result<void> Driver::end_of_day(Instant now) {
  if (auto may = may_begin(); !may) return may;
  Message message;
  message.command = kEndOfDay;
  message.password = options_.password;
  begin(Phase::settling, std::move(message), now);
  return {};
}

void Driver::begin(Phase phase, Message message, Instant now) {
  phase_ = phase;
  taken_ = false;
  abort_accepted_ = false;
  status_.reset();
  lines_.clear();
  answer_by_ = now + link_->answer_time();
  end_by_ = Instant::never();
  if (numbers_messages_) {
    message.body.message_id = next_id_;
    next_id_ = (next_id_ + 1) % kMessageIds;
  }
  send(message, now);
}

void Driver::send(const Message& message, Instant now) {
  link_->send(write(message), now);
}

void Driver::acknowledge(Instant now) {
  link_->send(Apdu{kAck, {}}, now);
}

void Driver::register_at(Instant now) {
  Message message;
  message.command = kRegistration;
  message.password = options_.password;
  message.config = kWantsIntermediate | kTillControlsAmount | kTillControlsAdmin |
                   (options_.till_prints ? kTillPrintsPayments | kTillPrintsAdmin : 0U);
  message.currency = currency_number(options_.currency);
  numbers_messages_ = false;
  heard_id_.reset();
  next_id_ = 1;
  retry_at_ = Instant::never();
  if (options_.extensions) message.body.message_id = 0;
  begin(Phase::registering, std::move(message), now);
}

void Driver::learn(Instant now) {
  Message message;
  message.command = kRepeatReceipt;
  message.password = options_.password;
  message.body.service = kWithStatusInfo | kDoNotPrint;
  begin(phase_ == Phase::asking_state ? Phase::asking_last : Phase::learning, std::move(message),
        now);
}

void Driver::ask_state(Instant now) {
  Message message;
  message.command = kStatusEnquiry;
  message.password = options_.password;
  begin(Phase::asking_state, std::move(message), now);
}

void Driver::take_events_of_link(Instant now) {
  for (LinkEvent& event : link_->take_events()) {
    if (phase_ == Phase::given_up) return;
    if (auto* heard = std::get_if<Heard>(&event)) {
      hear(heard->apdu, now);
    } else if (auto* noise = std::get_if<Noise>(&event)) {
      tell_rubbish(std::move(noise->bytes), noise->why);
    } else if (running()) {
      give_up(Reason::no_answer, "the terminal does not acknowledge what it is sent");
    }
  }
}

void Driver::tell_rubbish(base::Bytes bytes, std::string_view why) {
  if (!events_.empty()) {
    if (auto* before = std::get_if<Rubbish>(&events_.back());
        before != nullptr && before->bytes.size() + bytes.size() <= kMostRubbish) {
      bytes.insert(0, before->bytes);
      events_.pop_back();
    }
  }
  std::string sentence = fmt::format(
      "the card terminal sent {}{}, which cannot be read: {}",
      base::to_hex(base::ByteView(bytes).substr(0, kMostRubbish)),
      bytes.size() > kMostRubbish ? fmt::format(" ... ({} bytes)", bytes.size()) : "", why);
  events_.emplace_back(Rubbish{std::move(bytes), std::move(sentence)});
}

void Driver::hear(const Apdu& apdu, Instant now) {
  if (apdu.is_answer()) {
    hear_answer(apdu, now);
    return;
  }
  auto message = read(apdu);
  if (!message) {
    link_->send(Apdu{{kNackClass, 0x9a}, {}}, now);
    tell_rubbish(encode(apdu), message.error().what);
    return;
  }
  const Body::Number id = message->body.message_id;
  if (id && *id != 0 && id == heard_id_) {
    acknowledge(now);  // it was sent again because our acknowledgement was lost
    return;
  }
  if (id) heard_id_ = id;
  hear_message(*message, now);
}

void Driver::hear_answer(const Apdu& apdu, Instant now) {
  const std::uint8_t code = apdu.is_positive() ? kGood : apdu.command.instr;
  if (running() && !taken_) {
    if (!apdu.is_positive()) {
      refused(code, now);
      return;
    }
    taken_ = true;
    answer_by_ = Instant::never();
    end_by_ = now + options_.timers.t4;
    if (phase_ == Phase::paying) {
      events_.emplace_back(
          Progress{reference(), Step::started, "the terminal has taken the payment"});
    }
  } else if (abort_by_ != Instant::never()) {
    abort_by_ = Instant::never();
    abort_accepted_ = apdu.is_positive();
    events_.emplace_back(AbortAnswered{
        abort_accepted_, abort_accepted_ ? "the terminal stops the payment"
                                         : "the terminal can no longer stop the payment"});
  }
}

void Driver::hear_message(const Message& message, Instant now) {
  const Command command = message.command;
  if (command == kIntermediate) {
    acknowledge(now);
    const Intermediate told = intermediate_of(code_in(message));
    if (!running()) return;
    // A terminal at work has taken the command, even if its word for that was lost.
    taken_ = true;
    answer_by_ = Instant::never();
    if (message.minutes && *message.minutes != 0) {
      end_by_ = now + std::chrono::minutes(*message.minutes);
    } else {
      end_by_ = now + options_.timers.t4;
    }
    events_.emplace_back(Progress{reference(), told.step, std::string(told.sentence)});
  } else if (command == kStatusInfo) {
    hear_status(message, now);
  } else if (command == kPrintLine || command == kPrintBlock) {
    acknowledge(now);
    base::ByteView text = message.text;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      lines_.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  } else if (command == kCompletion || command == kFailed) {
    acknowledge(now);
    if (running()) finish(message, now);
  } else {
    link_->send(Apdu{{kNackClass, kNotSupported}, {}}, now);
    tell_rubbish(encode(write(message)),
                 fmt::format("a till does not take the message {}", describe(command)));
  }
}

// An outcome that nobody asked for is not acknowledged: what it tells has no sale, and a terminal
// that is not heard takes it back, or is asked.
void Driver::hear_status(const Message& message, Instant now) {
  if (!running() || phase_ == Phase::registering || phase_ == Phase::asking_state) {
    tell_rubbish(encode(write(message)), "nobody asked for the outcome of a payment");
    return;
  }
  acknowledge(now);
  taken_ = true;
  answer_by_ = Instant::never();
  end_by_ = now + options_.timers.t4;
  status_ = message.body;
}

void Driver::refused(std::uint8_t code, Instant now) {
  if (phase_ == Phase::asking_state && code == kNotSupported) {
    learn(now);  // it can do without: a terminal at work refuses that, too
    return;
  }
  Message message;
  message.command = kFailed;
  message.code = code;
  finish(message, now);
}

void Driver::finish(const Message& message, Instant now) {
  answer_by_ = end_by_ = abort_by_ = Instant::never();
  if (!lines_.empty()) events_.emplace_back(Printed{std::exchange(lines_, {})});
  switch (phase_) {
    case Phase::registering:
      return registered(message, now);
    case Phase::learning:
      return learned(message, now);
    case Phase::asking_state:
      return state_told(message, now);
    case Phase::paying:
      return answer(outcome_of_payment(*charge_, status_, message, abort_accepted_), now);
    case Phase::asking_last:
      return answer(outcome_of_question(*charge_, status_, message), now);
    case Phase::reversing:
      return answer(outcome_of_reversal(status_, message), now);
    case Phase::settling: {
      Outcome outcome{Verdict::done, Reason::none, std::nullopt};
      if (message.command == kFailed) {
        outcome = {Verdict::failed, outcome_of(code_in(message)).reason, std::nullopt};
      }
      return answer(std::move(outcome), now);
    }
    default:
      return;
  }
}

void Driver::registered(const Message& message, Instant now) {
  if (message.command == kFailed) return not_ready(code_in(message), now);
  numbers_messages_ = options_.extensions && message.body.message_id.has_value();
  terminal_id_ = message.body.terminal_id.value_or("");
  if (!to_ask_) return learn(now);
  charge_ = std::exchange(to_ask_, std::nullopt);
  ask_state(now);
}

void Driver::learned(const Message& message, Instant now) {
  const bool none = message.command == kFailed && code_in(message) == kNotPossible;
  if (message.command == kFailed && !none) return not_ready(code_in(message), now);
  if (status_) {
    const CardSlip slip = slip_of(*status_);
    bookmark_ = Bookmark{slip.terminal_id, slip.receipt_number, slip.trace, slip.time};
  } else if (!bookmark_ || bookmark_->terminal_id != terminal_id_) {
    bookmark_ = Bookmark{terminal_id_, 0, 0, {}};
  }
  learned_ = true;
  phase_ = Phase::idle;
  if (to_ask_) {
    charge_ = std::exchange(to_ask_, std::nullopt);
    return ask_state(now);
  }
  become_ready();
}

void Driver::become_ready() {
  phase_ = Phase::idle;
  if (!std::exchange(ready_told_, true)) events_.emplace_back(Ready{bookmark_->terminal_id});
}

// It is connected and takes no payment: at work for somebody else, or out of order.
void Driver::not_ready(std::uint8_t code, Instant now) {
  phase_ = Phase::waiting;
  ready_told_ = false;
  retry_at_ = now + options_.retry;
  const Outcome why = outcome_of(code);
  if (to_ask_) {
    charge_ = std::exchange(to_ask_, std::nullopt);
    const bool at_work = why.verdict == Verdict::busy;
    events_.emplace_back(Answered{
        reference(), Question::ask,
        Outcome{at_work ? Verdict::in_progress : Verdict::unknown, why.reason, std::nullopt}});
    charge_.reset();
  }
  const std::string_view meaning = meaning_of(code);
  events_.emplace_back(
      NotReady{why.reason, fmt::format("the card terminal takes no payments now: {} ({:02x})",
                                       meaning.empty() ? "it refuses" : meaning, unsigned{code})});
}

void Driver::state_told(const Message& message, Instant now) {
  const std::uint8_t state = code_in(message);
  if (state == kStateBusy) {
    return answer({Verdict::in_progress, Reason::none, std::nullopt}, now);
  }
  learn(now);
}

void Driver::answer(Outcome outcome, Instant now) {
  Question question = Question::pay;
  if (phase_ == Phase::asking_state || phase_ == Phase::asking_last) question = Question::ask;
  if (phase_ == Phase::reversing) question = Question::reverse;
  if (phase_ == Phase::settling) question = Question::end_of_day;
  if (status_ && status_->receipt && question != Question::reverse) {
    const CardSlip slip = slip_of(*status_);
    bookmark_ = Bookmark{slip.terminal_id, slip.receipt_number, slip.trace, slip.time};
    learned_ = true;
  }
  const bool told = charged(outcome.verdict) == Charged::yes && question != Question::end_of_day;
  if (told && outcome.slip && outcome.slip->receipt_number != 0) {
    on_record_ = outcome.slip->receipt_number;
  }
  events_.emplace_back(Answered{reference(), question, std::move(outcome)});
  charge_.reset();
  status_.reset();
  if (learned_) {
    become_ready();
  } else {
    phase_ = Phase::learning;
    learn(now);
  }
}

void Driver::tell_unknown(Reason reason) {
  Question question = Question::ask;
  if (phase_ == Phase::paying) question = Question::pay;
  if (phase_ == Phase::reversing) question = Question::reverse;
  if (phase_ == Phase::settling) question = Question::end_of_day;
  if (charge_ || to_ask_ || phase_ == Phase::settling) {
    Outcome outcome{Verdict::unknown, reason, std::nullopt};
    if (status_) outcome.slip = slip_of(*status_);
    events_.emplace_back(Answered{reference(), question, std::move(outcome)});
  }
  charge_.reset();
  to_ask_.reset();
  status_.reset();
  lines_.clear();
}

void Driver::give_up(Reason reason, std::string sentence) {
  tell_unknown(reason);
  phase_ = Phase::given_up;
  answer_by_ = end_by_ = retry_at_ = abort_by_ = Instant::never();
  events_.emplace_back(HangUp{std::move(sentence)});
}

}  // namespace tillrig::terminal::zvt
