#include "devices/terminal/nexo/terminal.hpp"

#include "devices/terminal/nexo/conditions.hpp"
#include "devices/terminal/nexo/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tillrig::terminal::nexo {
namespace {

using base::Instant;

constexpr std::string_view kHeard = "<";
constexpr std::string_view kSaid = ">";
constexpr std::size_t kMostShown = 4000;
constexpr std::size_t kLongestServiceId = 10;
constexpr unsigned kGarbled = 0x5a;

// What a payment was called by its till, as the machine remembers it.
std::string name_of_message(std::string_view sale_id, std::string_view service_id) {
  return fmt::format("{}/{}", sale_id, service_id);
}

bool is_nexo_path(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == "/nexo" || path == "/nexo/";
}

std::vector<std::string> receipt_of(const CardSlip& slip) {
  const auto currency = base::find_currency(slip.currency);
  return {"* * CARD PAYMENT * *",
          fmt::format("Terminal {}", slip.terminal_id),
          fmt::format("Receipt {:04}  Trace {:06}", slip.receipt_number, slip.trace),
          fmt::format("{} {}", slip.card_name, slip.masked_pan),
          fmt::format("{} {}", slip.currency,
                      currency ? base::format_money(slip.amount, *currency) : "?"),
          fmt::format("Approval {}", slip.authorisation_code),
          slip.time};
}

}  // namespace

NexoTerminal::NexoTerminal(TerminalOptions options, CardMachine& machine)
    : options_(std::move(options)),
      machine_(machine),
      seal_(options_.key ? std::make_unique<Seal>(*options_.key) : nullptr) {}

bool NexoTerminal::has(CutPoint point) const {
  return point == CutPoint::before_taken || point == CutPoint::after_taken ||
         point == CutPoint::card_in || point == CutPoint::approved || point == CutPoint::outcome;
}

std::string NexoTerminal::reconciliation() const {
  return fmt::format("{}", days_);
}

// --- lines
// -----------------------------------------------------------------------------------------

Line* NexoTerminal::line_of(int line) {
  const auto at = lines_.find(line);
  return at == lines_.end() ? nullptr : &at->second;
}

void NexoTerminal::line_up(int line, Instant now) {
  line_down(line, now);
  lines_.try_emplace(line);
}

void NexoTerminal::line_down(int line, Instant now) {
  lose(line, now);
  lines_.erase(line);
  take_machine(now);
}

// Whoever was to be told is gone: the machine goes by what it does then.
void NexoTerminal::lose(int line, Instant now) {
  const auto gone = [line](const std::optional<Asker>& asker) {
    return asker && asker->line == line;
  };
  if (gone(reversing_)) reversing_.reset();
  if (gone(settling_)) settling_.reset();
  std::erase_if(held_, [line](const Held& held) { return held.asker.line == line; });
  if (!gone(paying_)) return;
  paying_.reset();
  machine_.line_lost(now);
}

void NexoTerminal::power_cut(Instant now) {
  paying_.reset();
  reversing_.reset();
  settling_.reset();
  held_.clear();
  for (auto& [number, line] : lines_) line.break_off(devices::HangUp::reset);
  take_machine(now);
}

base::Bytes NexoTerminal::feed(base::ByteView bytes, Instant now) {
  feed(0, bytes, now);
  return look(now);
}

void NexoTerminal::feed(int line, base::ByteView bytes, Instant now) {
  Line* const at = line_of(line);
  if (at == nullptr || machine_.dark()) return;
  if (mute_) {
    hindered_ += bytes.size();
    return;
  }
  at->feed(bytes, now);
  while (auto request = at->next()) hear(line, std::move(*request), now);
  if (const auto noise = at->take_noise()) {
    ++not_understood_;
    say(kHeard, fmt::format("{}: {}", base::to_hex(noise->bytes), noise->why));
  }
  take_machine(now);
}

base::Bytes NexoTerminal::poll(Instant now) {
  for (auto& [number, line] : lines_) {
    line.poll(now);
    while (auto request = line.next()) hear(number, std::move(*request), now);
  }
  return look(now);
}

Instant NexoTerminal::poll_at() const {
  Instant at = Instant::never();
  for (const auto& [number, line] : lines_) at = std::min(at, line.poll_at());
  return at;
}

// Without several connections there is one, and its bytes are asked for here.
base::Bytes NexoTerminal::look(Instant now) {
  take_machine(now);
  now_ = now;
  Line* const only = line_of(0);
  return only == nullptr ? base::Bytes() : give(*only);
}

base::Bytes NexoTerminal::give(Line& line) {
  base::Bytes bytes = line.give(now_);
  if (mute_ || garbage_) hindered_ += bytes.size();
  if (mute_) return {};
  if (garbage_) {
    for (char& byte : bytes) byte = static_cast<char>(static_cast<unsigned char>(byte) ^ kGarbled);
  }
  return bytes;
}

devices::HangUp NexoTerminal::hang_up() {
  Line* const only = line_of(0);
  return only == nullptr ? devices::HangUp::no : only->hang_up(now_);
}

std::vector<devices::Said> NexoTerminal::take_said() {
  std::vector<devices::Said> said;
  for (auto& [number, line] : lines_) {
    devices::Said one{number, give(line), line.hang_up(now_)};
    if (!one.bytes.empty() || one.hang_up != devices::HangUp::no) said.push_back(std::move(one));
  }
  return said;
}

// --- what comes
// ------------------------------------------------------------------------------------

void NexoTerminal::say(std::string_view arrow, std::string_view text) const {
  if (!watcher_) return;
  watcher_(fmt::format("{} {}{}", arrow, text.substr(0, kMostShown),
                       text.size() > kMostShown ? "..." : ""));
}

void NexoTerminal::refuse(int line, std::uint64_t request, int status, std::string_view why) {
  ++not_understood_;
  say(kSaid, fmt::format("{} {}: {}", status, base::http_reason(status), why));
  Line* const at = line_of(line);
  if (at == nullptr) return;
  base::HttpResponse response;
  response.status = status;
  response.fields.add("Content-Type", "text/plain");
  response.body = std::string(why) + "\n";
  at->answer(request, response);
}

void NexoTerminal::hear(int line, Line::Request request, Instant now) {
  const base::HttpRequest& http = request.http;
  if (http.method != "POST" || !is_nexo_path(http.target)) {
    say(kHeard, fmt::format("{} {}", http.method, http.target));
    if (!is_nexo_path(http.target)) {
      return refuse(line, request.number, 404, "messages are posted to /nexo");
    }
    return refuse(line, request.number, 405, "messages are posted: POST /nexo");
  }
  Asker asker{line, request.number, {}};
  const auto header = read_header(http.body);
  if (!header) {
    say(kHeard, fmt::format("POST {} {}", http.target, http.body));
    return refuse(line, request.number, 400, header.error().what);
  }
  asker.header = *header;
  std::string text = http.body;
  const bool sealed = is_sealed(text);
  if (sealed != (seal_ != nullptr)) {
    say(kHeard, text);
    return reject(asker, sealed ? "the message is sealed, and this terminal has no key"
                                : "the message is not sealed, and this terminal takes no other");
  }
  if (sealed) {
    auto opened = seal_->open(text);
    if (!opened) {
      say(kHeard, text);
      return reject(asker, opened.error().what);
    }
    text = *std::move(opened);
  }
  say(kHeard, text);
  const auto message = read(text);
  if (!message) return reject(asker, message.error().what);
  asker.header = message->header;
  if (!asker.header.poi_id.empty() && asker.header.poi_id != options_.poi_id) {
    return reject(asker, fmt::format("the message is for the terminal {}, and this is {}",
                                     asker.header.poi_id, options_.poi_id));
  }
  if (asker.header.form == Form::response) {
    return reject(asker, "nothing was asked for that this could answer");
  }
  if (asker.header.form == Form::notification) {
    base::HttpResponse taken;
    taken.body = "ok";
    if (Line* const at = line_of(line)) at->answer(request.number, taken);
    return;
  }
  const std::size_t size = asker.header.service_id.size();
  if (size == 0 || size > kLongestServiceId) {
    return reject(asker, fmt::format("ServiceID is \"{}\"; expected 1 to {} characters",
                                     asker.header.service_id, kLongestServiceId));
  }
  obey(asker, *message, now);
}

void NexoTerminal::obey(const Asker& asker, const Message& message, Instant now) {
  const std::string& category = message.header.category;
  const bool waits = machine_.stage() == Stage::card_in && !machine_.busy();
  if (waits && (category == kPayment || category == kReversal || category == kReconciliation)) {
    held_.push_back({asker, message});
  } else if (category == kPayment) {
    obey_payment(asker, message, now);
  } else if (category == kStatus) {
    obey_status(asker, message, now);
  } else if (category == kAbort) {
    obey_abort(asker, message, now);
  } else if (category == kReversal) {
    obey_reversal(asker, message, now);
  } else if (category == kReconciliation) {
    obey_reconciliation(asker, now);
  } else if (category == kDiagnosis) {
    obey_diagnosis(asker);
  } else if (category == kLogin || category == kLogout) {
    answer_with(asker, {});
  } else if (category == kDisplay || category == kPrint) {
    show(asker, message);
  } else {
    ++not_understood_;
    answer_with(asker,
                failure_of(kUnavailableService, fmt::format("this terminal does no {}", category)));
  }
}

void NexoTerminal::obey_held(Instant now) {
  for (const Held& held : std::exchange(held_, {})) obey(held.asker, held.message, now);
}

// A message that comes again is answered as it was, and does nothing.
void NexoTerminal::obey_payment(const Asker& asker, const Message& message, Instant now) {
  const Header& header = asker.header;
  if (const Transaction* const known = find(header.sale_id, header.service_id)) {
    const bool done = known->verdict != Verdict::in_progress;
    return answer(asker, done ? payment_answer(header, *known)
                              : answer_to(header, failure_of(kInProgress, "it is at it already")));
  }
  Charge charge;
  charge.reference = message.sale ? message.sale->id : std::string();
  charge.since = name_of_message(header.sale_id, header.service_id);
  charge.amount = message.amount.value_or(base::Money{});
  charge.currency = message.currency;
  const Outcome outcome = machine_.pay(charge, now);
  if (outcome.verdict != Verdict::in_progress) return answer_with(asker, failure_of(outcome));
  paying_ = asker;
  if (cuts_here(CutPoint::before_taken, now)) return;
  cuts_here(CutPoint::after_taken, now);
}

const Transaction* NexoTerminal::find(std::string_view sale_id, std::string_view service_id) const {
  const std::string wanted = name_of_message(sale_id, service_id);
  const auto& all = machine_.memory();
  const auto at = std::find_if(all.rbegin(), all.rend(),
                               [&](const Transaction& one) { return one.charge.since == wanted; });
  if (at != all.rend()) return &*at;
  const Transaction* const current = machine_.current();
  return current != nullptr && current->charge.since == wanted ? current : nullptr;
}

void NexoTerminal::obey_status(const Asker& asker, const Message& message, Instant /*now*/) {
  if (machine_.busy()) {
    machine_.count_refusal();
    return answer_with(asker, failure_of(kBusy, "somebody is at its menu"));
  }
  const Transaction* known = nullptr;
  if (!message.about) {
    const auto& all = machine_.memory();
    known = all.empty() ? machine_.current() : &all.back();
  } else if (message.about->category == kPayment || message.about->category.empty()) {
    const std::string& sale = message.about->sale_id;
    known = find(sale.empty() ? asker.header.sale_id : sale, message.about->service_id);
  }
  const bool held = std::any_of(held_.begin(), held_.end(), [&](const Held& each) {
    return message.about && each.asker.header.service_id == message.about->service_id;
  });
  if (held) return answer_with(asker, failure_of(kInProgress, "the payment is about to begin"));
  if (known == nullptr) {
    Message none = answer_to(asker.header, failure_of(kNotFound, "no such payment is known"));
    none.reconciliation = reconciliation();
    return answer(asker, std::move(none));
  }
  if (known->verdict == Verdict::in_progress) {
    return answer_with(asker, failure_of(kInProgress, "the payment is under way"));
  }
  Message found = answer_to(asker.header, {});
  Header header = asker.header;
  header.category = kPayment;
  header.poi_id = options_.poi_id;
  const std::string& named = known->charge.since;
  const std::size_t slash = named.rfind('/');
  header.sale_id = named.substr(0, slash);
  header.service_id = named.substr(std::min(slash + 1, named.size()));
  found.about = Reference{std::string(kPayment), header.sale_id, header.service_id};
  found.repeated.push_back(payment_answer(header, *known));
  const std::uint32_t receipt = known->stands() ? known->slip.receipt_number : 0;
  answer(asker, std::move(found));
  const Line* const at = line_of(asker.line);
  if (receipt != 0 && at != nullptr && !at->deaf()) machine_.confirm_booked(receipt);
}

// Its own answer is empty, as the protocol has it: what came of it the payment's says.
void NexoTerminal::obey_abort(const Asker& asker, const Message& message, Instant now) {
  const bool ours =
      paying_ && message.about && message.about->service_id == paying_->header.service_id &&
      (message.about->sale_id.empty() || message.about->sale_id == paying_->header.sale_id);
  if (ours) static_cast<void>(machine_.abort(now));
  for (std::size_t i = 0; i < held_.size() && message.about; ++i) {
    if (held_[i].asker.header.service_id != message.about->service_id) continue;
    answer_with(held_[i].asker, failure_of({Verdict::aborted, Reason::cancelled, std::nullopt}));
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  take_machine(now);
  if (Line* const at = line_of(asker.line)) at->answer(asker.request, base::HttpResponse());
}

void NexoTerminal::obey_reversal(const Asker& asker, const Message& message, Instant now) {
  CardSlip named;
  put_numbers(message.original ? message.original->id : std::string(), named);
  const Transaction* const known = machine_.find_receipt(named.receipt_number);
  if (named.receipt_number == 0 || known == nullptr || known->slip.trace != named.trace) {
    return answer_with(asker, failure_of(kNotFound, "no such payment is known"));
  }
  const Outcome outcome = machine_.reverse(named.receipt_number, now);
  if (outcome.verdict != Verdict::in_progress) return answer_with(asker, failure_of(outcome));
  reversing_ = asker;
}

void NexoTerminal::obey_reconciliation(const Asker& asker, Instant now) {
  const Outcome outcome = machine_.end_of_day(now);
  if (outcome.verdict != Verdict::in_progress) return answer_with(asker, failure_of(outcome));
  settling_ = asker;
}

void NexoTerminal::obey_diagnosis(const Asker& asker) {
  Message message = answer_to(asker.header, {});
  message.status = "OK";
  const bool idle = machine_.stage() == Stage::idle || machine_.stage() == Stage::card_in;
  if (machine_.busy() || !idle) {
    message.status = "Busy";
    if (machine_.busy()) machine_.count_refusal();
  } else if (machine_.why_not() == Reason::update_required) {
    machine_.count_refusal();
    message.status = "Maintenance";
    message.response->additional =
        failure_of(Outcome{Verdict::refused, Reason::update_required, std::nullopt}).additional;
  }
  message.reconciliation = reconciliation();
  answer(asker, std::move(message));
}

void NexoTerminal::show(const Asker& asker, const Message& message) {
  for (const std::string& line : message.lines) {
    say("*",
        fmt::format("{} \"{}\"", message.header.category == kPrint ? "prints" : "shows", line));
  }
  answer_with(asker, {});
}

// --- what goes
// -------------------------------------------------------------------------------------

void NexoTerminal::answer(const Asker& asker, Message message) {
  message.header.poi_id = options_.poi_id;
  const std::string text = write(message);
  say(kSaid, text);
  Line* const at = line_of(asker.line);
  if (at == nullptr) return;
  base::HttpResponse response;
  response.fields.add("Content-Type", "application/json");
  response.body = seal_ ? seal_->close(text) : text;
  at->answer(asker.request, response);
}

void NexoTerminal::answer_with(const Asker& asker, Response response) {
  answer(asker, answer_to(asker.header, std::move(response)));
}

void NexoTerminal::reject(const Asker& asker, std::string_view why) {
  ++not_understood_;
  Message message;
  message.header.form = Form::notification;
  message.header.category = kEvent;
  message.header.sale_id = asker.header.sale_id;
  message.header.service_id = asker.header.service_id;
  message.reason = kReject;
  message.details = fmt::format("message={}", encoded(why));
  answer(asker, std::move(message));
}

Message NexoTerminal::payment_answer(const Header& header, const Transaction& transaction) const {
  const bool charges = charged(transaction.verdict) == Charged::yes;
  Message message = answer_to(header, {});
  message.reconciliation = reconciliation();
  if (transaction.booked()) message.paid = paid_of(transaction.charge, transaction.slip);
  if (!charges) {
    message.response = failure_of({transaction.verdict, transaction.reason, std::nullopt});
    return message;
  }
  if (transaction.verdict == Verdict::approved_in_part) message.response->result = Word::partial;
  message.lines = receipt_of(transaction.slip);
  return message;
}

void NexoTerminal::take_machine(Instant now) {
  for (auto events = machine_.take_events(); !events.empty(); events = machine_.take_events()) {
    for (const MachineEvent& event : events) {
      std::visit([&](const auto& told) { tell(told, now); }, event);
    }
  }
}

void NexoTerminal::tell(const Shown& shown, Instant now) {
  const bool in_card = shown.step == Step::reading_pin || shown.step == Step::authorising;
  if (paying_ && in_card) cuts_here(CutPoint::card_in, now);
}

void NexoTerminal::tell(const Ended& ended, Instant now) {
  const Transaction& transaction = ended.transaction;
  if (reversing_) {
    const Asker asker = *std::exchange(reversing_, std::nullopt);
    const bool good = transaction.verdict == Verdict::reversed;
    return answer_with(
        asker, good ? Response{} : failure_of({transaction.verdict, transaction.reason, {}}));
  }
  if (!paying_) return;  // nobody is there to be told
  const bool charges = charged(transaction.verdict) == Charged::yes;
  if (charges && (cuts_here(CutPoint::approved, now) || cuts_here(CutPoint::outcome, now))) return;
  const Asker asker = *std::exchange(paying_, std::nullopt);
  answer(asker, payment_answer(asker.header, transaction));
  if (charges) machine_.confirm(now);
}

void NexoTerminal::tell(const Finished& /*finished*/, Instant now) {
  obey_held(now);
}

void NexoTerminal::tell(const Settled& settled, Instant /*now*/) {
  const std::string closed = reconciliation();
  if (settled.good) ++days_;
  if (!settling_) return;
  const Asker asker = *std::exchange(settling_, std::nullopt);
  const Outcome failed{Verdict::declined, settled.reason, std::nullopt};
  Message message = answer_to(asker.header, settled.good ? Response{} : failure_of(failed));
  message.reconciliation = closed;
  answer(asker, std::move(message));
}

bool NexoTerminal::cuts_here(CutPoint point, Instant now) {
  if (!armed_ || armed_->point != point || !paying_) return false;
  const Cut cut = *armed_;
  armed_.reset();
  ++cuts_;
  const int number = paying_->line;
  Line* const line = line_of(number);
  if (line == nullptr || !line->cut(cut, now)) return false;
  lose(number, now);
  return true;
}

}  // namespace tillrig::terminal::nexo
