#include "sim/world/recording.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/hash.hpp"
#include "pos/wire/api.hpp"
#include "sim/world/tape_digest.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace tillrig::world {
namespace {

// Far more than the cloud takes: a batch that is too large for it must be read all the same.
constexpr std::size_t kMostUnpacked = 64 * 1024 * 1024;

// What was shown, as far as it says something; texts live in `shown`.
std::vector<ports::Arg> args_of(const Shown& shown) {
  std::vector<ports::Arg> args;
  args.reserve(shown.facts.all().size() + 3);
  args.push_back({"kind", std::string_view(shown.kind)});
  if (shown.kind == "prompt") {
    args.push_back({"code", std::string_view(shown.prompt.id)});
    args.push_back({"text", std::string_view(shown.prompt.text)});
  }
  for (const oracle::Fact& fact : shown.facts.all()) {
    if (fact.name == "ev" || fact.name == "kind" || fact.name == "sale") continue;
    if (fact.name == "lines") continue;  // the whole cart, again and again
    if (const auto* number = std::get_if<std::int64_t>(&fact.value)) {
      args.push_back({fact.name, *number});
    } else if (const auto& text = std::get<std::string>(fact.value); !text.empty()) {
      args.push_back({fact.name, std::string_view(text)});
    }
  }
  return args;
}

}  // namespace

// The recorder port of one lane.
class Recording::Line final : public ports::Recorder {
 public:
  Line(Recording& recording, std::string lane) : recording_(recording), lane_(std::move(lane)) {}

  std::uint64_t note(const ports::Note& note, std::span<const ports::Arg> args) override {
    return recording_.record(lane_, note, args);
  }

 private:
  Recording& recording_;
  std::string lane_;
};

Recording::Recording(const ports::Clock& clock, trace::Writer* timeline, base::Instant origin)
    : clock_(clock), origin_(origin) {
  if (timeline != nullptr) timeline_ = std::make_unique<Chronicle>(*timeline);
}

base::Instant Recording::since(base::Instant at) const {
  return at == base::Instant::never() ? at : at - base::Duration{origin_.ns};
}

Recording::~Recording() = default;

std::unique_ptr<ports::Recorder> Recording::recorder_for(std::string lane) {
  return std::make_unique<Line>(*this, std::move(lane));
}

std::uint64_t Recording::digest() const {
  return digest_ ^ (digest_of(tapes_) * 0x9ddfea08eb382d69ULL);
}

void Recording::mix(std::uint64_t number) {
  digest_ = (digest_ ^ number) * 0x9ddfea08eb382d69ULL;
  digest_ ^= digest_ >> 29U;
}

void Recording::mix(std::string_view text) {
  mix(base::fnv1a(text));
}

std::uint64_t Recording::record(const std::string& lane, const ports::Note& note,
                                std::span<const ports::Arg> args) {
  Chronicle::Moment moment;
  moment.cause = note.cause;
  if (moment.cause == 0) moment.cause = kernel_ != nullptr ? kernel_->cause() : due_to_;
  moment.line = line_;
  return record(lane, note, args, moment);
}

std::uint64_t Recording::record(const std::string& lane, const ports::Note& note,
                                std::span<const ports::Arg> args, Chronicle::Moment moment) {
  moment.at = now();
  if (note.mark == "payment.sent") card_asked_[lane] = note.sale;
  mix(static_cast<std::uint64_t>(moment.at.ns));
  mix(lane);
  mix(note.mark);
  mix(note.sale);
  for (const ports::Arg& arg : args) {
    mix(arg.key);
    if (const auto* value = std::get_if<std::int64_t>(&arg.value)) {
      mix(static_cast<std::uint64_t>(*value));
    } else {
      mix(std::get<std::string_view>(arg.value));
    }
  }
  ++events_;
  const std::uint64_t number = timeline_ ? timeline_->note(moment, lane, note, args) : events_;

  const DueTo listeners(*this, number);
  const int line = std::exchange(line_of_mark_, line_);
  ++telling_;
  because_of(number);
  marks_.met(note.mark, lane);
  because_of(number);  // whatever a listener did is not what the noting goes on for
  --telling_;
  line_of_mark_ = line;
  return number;
}

void Recording::because_of(std::uint64_t number) {
  if (kernel_ == nullptr) return;
  TILLRIG_ASSERT(number <= UINT32_MAX, "a timeline numbers at most 2^32 events");
  kernel_->set_cause(static_cast<kernel::Cause>(number));
}

void Recording::at_line(int line) {
  const bool back = telling_ > 0 && line == line_of_mark_;
  line_ = line;
  if (!back) step_ = 0;
  if (line <= 0 || back) return;
  if (telling_ == 0) because_of(0);
  step_ = note("world", "scenario.step");
}

void Recording::at_phase(std::string_view name, int line) {
  end_phase();
  const ports::Note note{"scenario.phase"};
  const ports::Arg args[] = {{"name", name}};
  Chronicle::Moment moment;
  moment.cause = cause();  // the phase before
  moment.line = line;
  record("world", note, args, moment);
}

void Recording::end_phase() {
  if (timeline_) timeline_->snapshot(now());
}

std::uint64_t Recording::note(std::string_view lane, std::string_view name, std::string_view sale,
                              ports::Severity severity, std::initializer_list<ports::Arg> args) {
  const ports::Note note{name, sale, severity, 0};
  return record(std::string(lane), note, std::span<const ports::Arg>(args.begin(), args.size()));
}

namespace {

using Entry = oracle::CashierEntry;

// A field of what was shown that stands on the tape under a name of its own, wherever it is shown.
using Place = std::variant<std::string Entry::*, std::int64_t Entry::*, std::uint64_t Entry::*>;
struct Typed {
  std::string_view field;
  Place place;
};
constexpr Typed kTyped[] = {
    {"sale", &Entry::sale},
    {"number", &Entry::number},
    {"amount", &Entry::amount},
    {"change", &Entry::change},
    {"code", &Entry::code},
    {"text", &Entry::text},
    {"pending", &Entry::pending},
    {"uploaded", &Entry::uploaded},
    {"quarantined", &Entry::quarantined},
};

void put(Entry& entry, const oracle::Fact& fact) {
  for (const Typed& typed : kTyped) {
    if (typed.field != fact.name) continue;
    const auto* const text = std::get_if<std::string>(&fact.value);
    const auto* const number = std::get_if<std::int64_t>(&fact.value);
    if (auto* const at = std::get_if<0>(&typed.place); at != nullptr && text != nullptr) {
      entry.*(*at) = *text;
    } else if (auto* const whole = std::get_if<1>(&typed.place); whole && number != nullptr) {
      entry.*(*whole) = *number;
    } else if (auto* const count = std::get_if<2>(&typed.place); count && number != nullptr) {
      entry.*(*count) = static_cast<std::uint64_t>(*number);
    } else {
      break;  // of another type than we know it by: told as what it is
    }
    return;
  }
  if (fact.name != "ev" && fact.name != "kind") entry.facts.add(fact.name, fact.value);
}

Entry::Kind kind_of(std::string_view shown) {
  using Kind = Entry::Kind;
  if (shown == "completed") return Kind::acknowledged;
  if (shown == "refused" || shown == "scan_rejected") return Kind::refused;
  if (shown == "prompt") return Kind::prompt;
  if (shown == "connection") return Kind::connection;
  if (shown == "counters") return Kind::counters;
  if (shown == "stage") return Kind::stage;
  return Kind::other;
}

}  // namespace

void Recording::shown(const std::string& till, const Shown& shown) {
  if (shown.kind == "line_added" || shown.kind == "scan_rejected") ++scans_[till];
  Entry entry;
  entry.at = now();
  entry.till = till;
  entry.line = line_;
  entry.kind = kind_of(shown.kind);
  for (const oracle::Fact& fact : shown.facts.all()) put(entry, fact);
  const auto text = [&](std::string_view field) {
    return std::string(shown.facts.text(field).value_or(""));
  };
  if (shown.kind == "prompt_closed") {
    const std::string prompt = text("prompt");
    const std::string how = text("button") + text("because");
    entry.code = shown.kind;
    note(till, "prompt.closed", {}, ports::Severity::info,
         {{"prompt", std::string_view(prompt)}, {"how", std::string_view(how)}});
  } else if (entry.kind == Entry::Kind::prompt) {
    entry.code = shown.prompt.id;
    entry.text = shown.prompt.text;
    entry.buttons = shown.prompt.buttons;
    entry.facts.add("modal", std::int64_t{shown.prompt.modal});
  } else if (entry.kind == Entry::Kind::connection) {
    entry.code = text("cause");
    entry.text = text("link");
    entry.facts.add("words", text("text"));
  } else if (entry.kind == Entry::Kind::stage) {
    entry.text = text("stage");
  }
  if (entry.kind == Entry::Kind::other) entry.code = shown.kind;
  if (shown.kind == "scan_rejected") entry.facts.add("scan", 1);
  if (shown.kind != "prompt_closed") {
    const ports::Note what{"screen.shown", entry.sale};
    record(till, what, args_of(shown));
  }
  entry.order = ++order_;
  tapes_.cashier.push_back(std::move(entry));
}

void Recording::looked_into_manager(const std::string& till, const SyncManager& shown,
                                    base::Instant asked) {
  oracle::ManagerLook look;
  look.at = now();
  look.order = ++order_;
  look.till = till;
  look.took = look.at - asked;
  look.locked = shown.locked;
  look.controls = shown.controls;
  look.advice = shown.advice;
  for (const ManagerUseSeen& use : shown.used) look.used.push_back({use.control, use.outcome});
  tapes_.managers.push_back(std::move(look));
}

void Recording::found(const std::string& till, std::string text, const FoundThere& found) {
  oracle::FindLook look{now(), ++order_, till, std::move(text), {}, {}};
  for (const Sold& each : found.items) look.items.push_back(each.sku);
  for (const KnownCustomer& each : found.customers) look.customers.push_back(each.id);
  tapes_.finds.push_back(std::move(look));
}

void Recording::exported(const std::string& till, const ExportSeen& seen) {
  tapes_.exports.push_back({now(), till, line_, seen.sales});
}

std::size_t Recording::asked(const std::string& till, const Order& order) {
  for (const std::string_view question :
       {"state", "sales", "item", "find", "sync", "press", "orders"}) {
    if (order.what() == question) return 0;
  }
  oracle::OrderEntry entry;
  entry.at = now();
  entry.order = ++order_;
  entry.till = till;
  entry.line = line_;
  entry.what = order.what();
  entry.fields = order.fields();
  entry.lines = order.list("lines");
  entry.quantities = order.list("quantities");
  tapes_.orders.push_back(std::move(entry));
  return tapes_.orders.size();
}

void Recording::answered(std::size_t place, const base::Result<Reply>& reply) {
  if (place == 0) return;
  oracle::OrderEntry& entry = tapes_.orders[place - 1];
  entry.ended = ++order_;
  if (reply) {
    entry.outcome = oracle::OrderEntry::Outcome::done;
    entry.sale = reply->sale;
    entry.open_order = reply->order;
    return;
  }
  const base::Code why = reply.error().code;
  const bool lost = why == base::Code::closed || why == base::Code::in_doubt;
  if (lost) return;
  entry.outcome = oracle::OrderEntry::Outcome::refused;
  entry.why = reply.error().what;
  entry.code = base::name(why);
}

void Recording::sent(const std::string& till, std::string_view role, base::ByteView bytes) {
  if (role != "scanner" || bytes.empty()) return;
  tapes_.scans.push_back({now(), ++order_, till, line_, std::string(bytes)});
}

void Recording::pressed(const std::string& till, std::string_view prompt, std::string_view button) {
  oracle::CashierEntry entry;
  entry.at = now();
  entry.till = till;
  entry.line = line_;
  entry.kind = oracle::CashierEntry::Kind::pressed;
  entry.code = prompt;
  entry.text = button;
  entry.order = ++order_;
  tapes_.cashier.push_back(std::move(entry));
  note(till, "prompt.pressed", {}, ports::Severity::info, {{"prompt", prompt}, {"button", button}});
}

void Recording::device(const std::string& till, std::string_view role, devices::Record record) {
  if (record.what == "receipt") {
    if (timeline_) timeline_->attach("receipt", "receipt", record.text);
    note(till, "paper.cut", {}, ports::Severity::info,
         {{"bytes", static_cast<std::int64_t>(record.text.size())}});
    mix(record.text);
    tapes_.paper.push_back({now(), till, line_, true, std::move(record.text)});
    return;
  }
  note(till, "device.did", {}, ports::Severity::info,
       {{"role", role}, {"what", std::string_view(record.what)}});
  tapes_.devices.push_back(
      {now(), till, line_, std::string(role), std::move(record.what), std::move(record.text)});
}

void Recording::settled(oracle::SettlementEntry entry) {
  note(entry.till, "acquirer.booked", entry.attempt, ports::Severity::info,
       {{"what", std::string_view(entry.kind)}, {"amount", entry.amount}});
  entry.order = ++order_;
  tapes_.settlement.push_back(std::move(entry));
}

std::string Recording::card_asked(const std::string& till) const {
  const auto at = card_asked_.find(till);
  return at == card_asked_.end() ? std::string() : at->second;
}

std::uint64_t Recording::act(oracle::ActEntry::Kind kind, std::string_view what,
                             const std::string& till) {
  using Kind = oracle::ActEntry::Kind;
  tapes_.acts.push_back({now(), kind, std::string(what), till, line_, ++order_});
  std::string_view mark = "world.act";
  if (kind == Kind::fault) mark = "fault.begun";
  if (kind == Kind::heal) mark = "fault.healed";
  const bool harm = kind == Kind::fault || kind == Kind::kill || kind == Kind::power_cut;
  return note(till.empty() || till == "*" ? "world" : till, mark, {},
              harm ? ports::Severity::warn : ports::Severity::info, {{"what", what}});
}

std::uint64_t Recording::fired(const Hit& hit) {
  if (timeline_ && hit.first) {
    timeline_->fault({trace::FaultEdge::began, now(), hit.fault, hit.whose, hit.line});
  }
  if (timeline_) timeline_->fault({trace::FaultEdge::fired, now(), hit.fault, hit.whose, hit.line});
  Chronicle::Moment moment;
  moment.cause = hit.begun;
  moment.line = hit.line;
  moment.struck = hit.struck;
  const ports::Note what{"fault.fired", {}, ports::Severity::warn};
  const ports::Arg args[] = {{"what", hit.fault}};
  return record(hit.whose, what, args, moment);
}

void Recording::fault_edge(trace::FaultEdge edge, std::string_view fault, std::string_view till,
                           int line) {
  if (timeline_) timeline_->fault({edge, now(), fault, till, line});
}

void Recording::broken(const Chronicle::Broken& broken) {
  if (timeline_) timeline_->broken(broken);
}

void Recording::begun(const net::Exchange& exchange) {
  note(exchange.till, "wire.sent", {}, ports::Severity::debug,
       {{"exchange", static_cast<std::int64_t>(exchange.number)}});
}

void Recording::reached(const net::Exchange& exchange) {
  note(exchange.till, "wire.reached", {}, ports::Severity::debug,
       {{"exchange", static_cast<std::int64_t>(exchange.number)}});
}

void Recording::finished(const net::Exchange& exchange) {
  oracle::WireEntry entry;
  entry.order = ++order_;
  entry.till = exchange.till;
  entry.exchange = exchange.number;
  entry.connection = exchange.connection;
  entry.sent = since(exchange.sent);
  entry.reached_cloud = since(exchange.reached_cloud);
  entry.ended = since(exchange.ended);
  entry.method = exchange.method;
  entry.target = exchange.target;
  entry.body = exchange.body;
  if (exchange.encoding == "zstd") {
    auto body = wire::unpack(exchange.body, kMostUnpacked);
    if (body) {
      entry.body = std::move(*body);
    } else {
      entry.unreadable = body.error().what;
    }
  }
  entry.status = exchange.status;
  entry.from_cloud = exchange.from_cloud;
  entry.answer = exchange.answer;
  entry.retry_after = exchange.retry_after;
  entry.cloud_status = exchange.cloud_status;
  entry.cloud_answer = exchange.cloud_answer;
  if (timeline_) timeline_->attach("request", "wire", entry.body);
  if (timeline_) timeline_->attach("answer", "wire", entry.answer);
  note(exchange.till, "wire.ended", {}, ports::Severity::debug,
       {{"exchange", static_cast<std::int64_t>(exchange.number)}, {"status", exchange.status}});
  tapes_.wire.push_back(std::move(entry));
}

std::vector<oracle::PaperEntry> Recording::paper_of(const std::string& till) const {
  std::vector<oracle::PaperEntry> receipts;
  for (const oracle::PaperEntry& entry : tapes_.paper) {
    if (entry.till == till) receipts.push_back(entry);
  }
  return receipts;
}

std::uint64_t Recording::scans_answered(const std::string& till) const {
  const auto at = scans_.find(till);
  return at == scans_.end() ? 0 : at->second;
}

}  // namespace tillrig::world
