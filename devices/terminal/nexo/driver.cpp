#include "devices/terminal/nexo/driver.hpp"

#include "devices/terminal/nexo/conditions.hpp"
#include "devices/terminal/nexo/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tillrig::terminal::nexo {
namespace {

using base::Instant;

constexpr std::size_t kMostRubbishShown = 64;
constexpr int kOk = 200;

std::unique_ptr<base::HttpReader<base::HttpResponse>> make_reader() {
  return std::make_unique<base::HttpReader<base::HttpResponse>>(kMostBodyBytes);
}

}  // namespace

NexoDriver::NexoDriver(DriverOptions options)
    : options_(std::move(options)),
      seal_(options_.key ? std::make_unique<Seal>(*options_.key) : nullptr),
      reader_(make_reader()) {}

void NexoDriver::line_up(Instant now) {
  if (phase_ != Phase::down) line_down(now);
  reader_ = make_reader();
  greet(now);
}

void NexoDriver::line_down(Instant /*now*/) {
  tell_unknown(Reason::line_lost);
  sent_.clear();
  out_.clear();
  phase_ = Phase::down;
  ready_told_ = false;
  answer_by_ = retry_at_ = Instant::never();
}

void NexoDriver::feed(base::ByteView bytes, Instant now) {
  if (phase_ == Phase::down || phase_ == Phase::given_up) return;
  const auto fed = reader_->feed(bytes);
  while (auto response = reader_->next()) {
    hear(*response, now);
    if (phase_ == Phase::given_up) return;
  }
  if (fed) return;
  tell_rubbish(bytes, fed.error().what);
  give_up(Reason::rubbish, "the terminal does not speak HTTP");
}

void NexoDriver::poll(Instant now) {
  if (now >= retry_at_) {
    retry_at_ = Instant::never();
    greet(now);
  }
  if (now >= answer_by_) give_up(Reason::no_answer, "the terminal does not answer");
}

Instant NexoDriver::poll_at() const {
  return std::min(answer_by_, retry_at_);
}

base::Bytes NexoDriver::take_bytes() {
  return std::exchange(out_, {});
}

std::vector<TerminalEvent> NexoDriver::take_events() {
  return std::exchange(events_, {});
}

std::string NexoDriver::bookmark() const {
  return stand_ ? text_of(*stand_) : std::string();
}

std::string NexoDriver::in_flight() const {
  if (to_ask_) return to_ask_->reference;
  return charge_ ? charge_->reference : std::string();
}

Question NexoDriver::question() const {
  if (phase_ == Phase::paying) return Question::pay;
  if (phase_ == Phase::reversing) return Question::reverse;
  return phase_ == Phase::settling ? Question::end_of_day : Question::ask;
}

// --- what is asked
// ---------------------------------------------------------------------------------

base::Result<void> NexoDriver::may_begin() const {
  if (phase_ == Phase::down || phase_ == Phase::given_up) {
    return base::fail(base::Code::unreachable, "the card terminal is not connected");
  }
  if (phase_ != Phase::idle) {
    return base::fail(base::Code::busy, "the card terminal is busy with something else");
  }
  return {};
}

Message NexoDriver::message_of(std::string_view category, std::string service_id) const {
  Message message;
  message.header.category = std::string(category);
  message.header.sale_id = options_.sale_id;
  message.header.service_id = std::move(service_id);
  message.header.poi_id = options_.poi_id.empty() && stand_ ? stand_->poi_id : options_.poi_id;
  return message;
}

// Of a message that is never asked about: another one each time, in this run and the next.
std::string NexoDriver::fresh_id(Instant now) {
  return service_id_of(options_.sale_id, fmt::format("#{} {}", ++ids_, now.ns));
}

base::Result<void> NexoDriver::pay(const Charge& charge, Instant now) {
  if (auto may = may_begin(); !may) return may;
  if (!base::find_currency(charge.currency)) {
    return base::fail(base::Code::bad_input, "the terminal is not told of the currency \"{}\"",
                      charge.currency);
  }
  if (charge.amount.minor <= 0) {
    return base::fail(base::Code::bad_input,
                      "the terminal is asked for {} minor units; expected 1 or more",
                      charge.amount.minor);
  }
  Message message = message_of(kPayment, service_id_of(options_.sale_id, charge.reference));
  message.sale = TransactionId{charge.reference, {}};
  message.amount = charge.amount;
  message.currency = charge.currency;
  charge_ = charge;
  begin(Phase::paying, std::move(message), options_.patience.payment, now);
  return {};
}

base::Result<void> NexoDriver::ask(const Charge& charge, Instant now) {
  if (phase_ == Phase::greeting) {
    if (to_ask_) return base::fail(base::Code::busy, "the card terminal is being asked already");
    to_ask_ = charge;
    return {};
  }
  if (phase_ != Phase::waiting) {
    if (auto may = may_begin(); !may) return may;
  }
  ask_for(charge, now);
  return {};
}

void NexoDriver::ask_for(Charge charge, Instant now) {
  retry_at_ = Instant::never();
  Message message = message_of(kStatus, fresh_id(now));
  message.about = Reference{std::string(kPayment), options_.sale_id,
                            service_id_of(options_.sale_id, charge.reference)};
  charge_ = std::move(charge);
  begin(Phase::asking, std::move(message), options_.patience.question, now);
}

base::Result<void> NexoDriver::abort(Instant now) {
  if (phase_ != Phase::paying) {
    return base::fail(base::Code::not_found, "no card payment is under way that could be stopped");
  }
  if (std::exchange(abort_sent_, true)) return {};
  Message message = message_of(kAbort, fresh_id(now));
  message.about = Reference{std::string(kPayment), options_.sale_id,
                            service_id_of(options_.sale_id, charge_->reference)};
  message.reason = "MerchantAbort";
  send(std::move(message));
  return {};
}

base::Result<void> NexoDriver::reverse(const Charge& charge, const CardSlip& slip, Instant now) {
  if (auto may = may_begin(); !may) return may;
  if (slip.transaction_id.empty() && slip.receipt_number == 0) {
    return base::fail(base::Code::bad_input,
                      "the terminal's name of the payment {} is not known; it is reversed by that",
                      charge.reference);
  }
  Message message = message_of(kReversal, fresh_id(now));
  message.original = TransactionId{transaction_id_of(slip), slip.time};
  message.reason = "MerchantCancel";
  charge_ = charge;
  slip_ = slip;
  begin(Phase::reversing, std::move(message), options_.patience.errand, now);
  return {};
}

base::Result<void> NexoDriver::end_of_day(Instant now) {
  if (auto may = may_begin(); !may) return may;
  begin(Phase::settling, message_of(kReconciliation, fresh_id(now)), options_.patience.errand, now);
  return {};
}

void NexoDriver::greet(Instant now) {
  begin(Phase::greeting, message_of(kDiagnosis, fresh_id(now)), options_.patience.greeting, now);
}

void NexoDriver::begin(Phase phase, Message message, base::Duration patience, Instant now) {
  phase_ = phase;
  abort_sent_ = false;
  answer_by_ = now + patience;
  send(std::move(message));
}

void NexoDriver::send(Message message) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/nexo";
  request.fields.add("Host", options_.host);
  request.fields.add("Content-Type", "application/json");
  const std::string text = write(message);
  request.body = seal_ ? seal_->close(text) : text;
  out_ += base::write_http(request);
  sent_.push_back(std::move(message.header));
}

// --- what is answered
// ------------------------------------------------------------------------------

void NexoDriver::hear(const base::HttpResponse& response, Instant now) {
  if (response.status != kOk) {
    tell_rubbish(response.body, fmt::format("it answers with HTTP {} {}", response.status,
                                            base::http_reason(response.status)));
    return give_up(Reason::rubbish, "the terminal does not take what it is sent");
  }
  const bool empty = response.body.empty() || response.body == "ok";
  if (empty && !sent_.empty() && sent_.front().category == kAbort) {
    sent_.pop_front();
    return;
  }
  base::Result<std::string> text = response.body;
  if (seal_) text = seal_->open(response.body);
  const auto message = text ? read(*text) : base::Result<Message>(base::Failure(text.error()));
  if (!message) {
    tell_rubbish(response.body, message.error().what);
    return give_up(Reason::rubbish, "what the terminal answered cannot be read");
  }
  const bool again = !last_answered_.empty() && message->header.service_id == last_answered_;
  if (again && (sent_.empty() || sent_.front().service_id != last_answered_)) return;
  if (sent_.empty()) return tell_rubbish(response.body, "nobody asked for that");
  const Header asked = std::move(sent_.front());
  sent_.pop_front();
  finish(asked, *message, response.body, now);
  if (!response.keep_alive && phase_ != Phase::given_up) {
    give_up(Reason::line_lost, "the terminal ends the connection behind its answer");
  }
}

void NexoDriver::finish(const Header& asked, const Message& message, std::string_view text,
                        Instant now) {
  const bool rejected = message.header.form == Form::notification;
  if (asked.category == kAbort) {
    if (rejected)
      tell_rubbish(text, "it rejects the abort: " + value_in(message.details, "message"));
    return;
  }
  last_answered_ = asked.service_id;
  if (rejected) {
    tell_rubbish(text, fmt::format("it rejects the {}: {}", asked.category,
                                   value_in(message.details, "message")));
    if (phase_ == Phase::greeting) return greeted(message, now);
    return answer({Verdict::unknown, Reason::rubbish, std::nullopt}, now);
  }
  const bool ours = message.header.form == Form::response &&
                    message.header.category == asked.category &&
                    message.header.service_id == asked.service_id;
  const bool pays = ours || (phase_ == Phase::paying && message.header.category == kPayment);
  if (!pays || !message.response) {
    tell_rubbish(text,
                 fmt::format("it answers the {} {} with a {} {}", asked.category, asked.service_id,
                             message.header.category, message.header.service_id));
    return give_up(Reason::rubbish, "the terminal answers what nobody asked");
  }
  if (phase_ == Phase::greeting) return greeted(message, now);
  answer(outcome_in(asked, message), now);
}

Outcome NexoDriver::outcome_in(const Header& asked, const Message& message) {
  const std::string& poi = message.header.poi_id;
  if (stand_ && !message.reconciliation.empty() && phase_ == Phase::paying) {
    stand_->reconciliation = message.reconciliation;
  }
  switch (phase_) {
    case Phase::paying: {
      Outcome outcome = outcome_of_payment(*charge_, message);
      const bool ours = message.header.service_id == asked.service_id;
      const bool charges = outcome.slip && charged(outcome.verdict) != Charged::no;
      if (!ours) {
        if (charges) return {Verdict::crossed, Reason::none, std::move(outcome.slip)};
        return {Verdict::unknown, Reason::rubbish, std::nullopt};
      }
      if (!poi.empty() && stand_ && poi != stand_->poi_id) {
        return {Verdict::unknown, Reason::other_terminal, std::move(outcome.slip)};
      }
      if (outcome.verdict == Verdict::in_progress) outcome.verdict = Verdict::unknown;
      if (!message.lines.empty()) events_.emplace_back(Printed{message.lines});
      return outcome;
    }
    case Phase::asking: {
      Stand now = stand_.value_or(Stand{});
      if (!poi.empty()) now.poi_id = poi;
      const std::string id = service_id_of(options_.sale_id, charge_->reference);
      return outcome_of_status(*charge_, id, message, now);
    }
    case Phase::reversing:
      return outcome_of_reversal(*slip_, message);
    default: {
      if (message.response->result != Word::failure) {
        return {Verdict::done, Reason::none, std::nullopt};
      }
      return {Verdict::failed, outcome_of(*message.response).reason, std::nullopt};
    }
  }
}

void NexoDriver::greeted(const Message& message, Instant now) {
  answer_by_ = Instant::never();
  const bool good = message.response && message.response->result != Word::failure;
  const bool ok = good && (message.status.empty() || message.status == "OK");
  if (good) stand_ = Stand{message.header.poi_id, message.reconciliation};
  if (to_ask_) return ask_for(*std::exchange(to_ask_, std::nullopt), now);
  if (ok) {
    phase_ = Phase::idle;
    if (!std::exchange(ready_told_, true)) events_.emplace_back(Ready{stand_->poi_id});
    return;
  }
  phase_ = Phase::waiting;
  ready_told_ = false;
  retry_at_ = now + options_.retry;
  Outcome why;
  if (message.response) {
    Response response = *message.response;
    if (good) response.condition = "UnavailableDevice";
    why = outcome_of(response);
  }
  if (message.status == "Busy") why.reason = Reason::none;
  events_.emplace_back(
      NotReady{why.reason,
               fmt::format("the card terminal takes no payments now: {}",
                           why.reason == Reason::none ? fmt::format("it is \"{}\"", message.status)
                                                      : std::string(describe(why.reason)))});
}

void NexoDriver::answer(Outcome outcome, Instant now) {
  answer_by_ = Instant::never();
  if (phase_ == Phase::paying && abort_sent_) {
    const bool stopped = outcome.verdict == Verdict::aborted;
    events_.emplace_back(
        AbortAnswered{stopped, stopped ? "the terminal has stopped the payment"
                                       : "the terminal could no longer stop the payment"});
  }
  const bool settled = phase_ == Phase::settling;
  events_.emplace_back(
      Answered{charge_ ? charge_->reference : std::string(), question(), std::move(outcome)});
  charge_.reset();
  slip_.reset();
  // Another day may have begun, and one that was asked may still be at work.
  if (settled || phase_ == Phase::asking || !ready_told_) return greet(now);
  phase_ = Phase::idle;
}

void NexoDriver::tell_unknown(Reason reason) {
  if (charge_ || to_ask_ || phase_ == Phase::settling) {
    events_.emplace_back(
        Answered{in_flight(), question(), Outcome{Verdict::unknown, reason, std::nullopt}});
  }
  charge_.reset();
  slip_.reset();
  to_ask_.reset();
}

void NexoDriver::give_up(Reason reason, std::string sentence) {
  tell_unknown(reason);
  phase_ = Phase::given_up;
  answer_by_ = retry_at_ = Instant::never();
  events_.emplace_back(HangUp{std::move(sentence)});
}

void NexoDriver::tell_rubbish(base::ByteView bytes, std::string_view why) {
  const base::ByteView shown = bytes.substr(0, kMostRubbishShown);
  std::string sentence = fmt::format(
      "the card terminal sent {}{}, which cannot be taken: {}", base::to_hex(shown),
      bytes.size() > shown.size() ? fmt::format(" ... ({} bytes)", bytes.size()) : "", why);
  events_.emplace_back(Rubbish{base::Bytes(bytes), std::move(sentence)});
}

}  // namespace tillrig::terminal::nexo
