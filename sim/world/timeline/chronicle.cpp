#include "sim/world/timeline/chronicle.hpp"

#include "pos/base/assert.hpp"
#include "sim/world/timeline/till_state.hpp"

#include <algorithm>

namespace tillrig::world {
namespace {

constexpr std::size_t kOftenTheSame = 40;  // texts up to this long are kept once

std::string key_text(const ports::Arg& arg) {
  if (const auto* text = std::get_if<std::string_view>(&arg.value)) return std::string(*text);
  return std::to_string(std::get<std::int64_t>(arg.value));
}

// What tells a span from others of its kind that are open at the same till.
std::string span_key(const words::Span& span, const ports::Note& note,
                     std::span<const ports::Arg> args) {
  if (span.by == "sale") return std::string(note.sale);
  for (const ports::Arg& arg : args) {
    if (arg.key == span.by) return key_text(arg);
  }
  return {};
}

// What of the things that a cashier is shown is about the cart in hand.
bool shows_cart(std::string_view kind) {
  return kind == "cart" || kind == "line_added" || kind == "scan_rejected" || kind == "refused";
}

// The row that a note stands on: as the table says, or by the argument that the table names.
std::string_view lane_told(std::string_view lane, std::span<const ports::Arg> args) {
  if (!lane.starts_with('{')) return lane;
  return text_of(args, lane.substr(1, lane.size() - 2));
}

}  // namespace

// What the table says of a mark, with its names on this timeline.
struct Chronicle::MarkRow {
  trace::Name name;
  std::string lane;
  words::Cart cart = words::Cart::none;
  SpanEnds spans;
  bool fault = false;  // its events are a fault's doing
  bool act = false;
};

// Whoever things happen to: a till with all it has, the cloud, the world.
struct Chronicle::Whose {
  std::string name;
  std::uint32_t id = 0;  // 0: everybody
  std::map<std::string, trace::LaneId, std::less<>> lanes;
  OpenSpans spans;
  TillState state;
  std::uint64_t carts = 0;
  trace::Name in_hand;  // the sale that is being rung up: "till-1~7"
};

Chronicle::Chronicle(trace::Writer& writer) : writer_(writer) {}

Chronicle::~Chronicle() = default;

const Chronicle::MarkRow& Chronicle::mark_row(std::string_view mark) {
  const auto found = marks_.find(mark);
  if (found != marks_.end()) return *found->second;
  auto row = std::make_unique<MarkRow>();
  row->name = writer_.intern(mark);
  row->spans = spans_of(mark);
  row->fault = mark == "fault.begun" || mark == "fault.fired";
  row->act = mark == "world.act";
  if (const auto* word = words::Table<words::Mark>::find(mark)) {
    row->lane = word->lane;
    row->cart = word->cart;
  }
  return *marks_.emplace(mark, std::move(row)).first->second;
}

Chronicle::Whose& Chronicle::whose(std::string_view name) {
  const auto found = all_.find(name);
  if (found != all_.end()) return *found->second;
  auto one = std::make_unique<Whose>();
  one->name = name;
  if (name != "world") one->id = static_cast<std::uint32_t>(all_.size() + 1);
  return *all_.emplace(name, std::move(one)).first->second;
}

trace::LaneId Chronicle::lane_of(Whose& whose, std::string_view lane) {
  const auto found = whose.lanes.find(lane);
  if (found != whose.lanes.end()) return found->second;
  std::string full = whose.name;
  if (lane.starts_with('/')) {
    full = lane.substr(1);
  } else if (!lane.empty()) {
    full += '/';
    full += lane;
  }
  return whose.lanes.emplace(lane, writer_.lane(full)).first->second;
}

// The sale that a note is about: the one it names, or the cart that is being rung up there.
trace::Name Chronicle::sale_of(Whose& whose, const MarkRow& row, const ports::Note& note,
                               std::span<const ports::Arg> args) {
  if (!note.sale.empty()) return writer_.intern(note.sale);
  if (row.cart == words::Cart::none || row.cart == words::Cart::numbers) return {};
  if (row.cart == words::Cart::shows && !shows_cart(text_of(args, "kind"))) return {};
  if (row.cart != words::Cart::ends && whose.in_hand.id == 0) {
    whose.in_hand = writer_.intern(fmt::format("{}~{}", whose.name, ++whose.carts));
  }
  const trace::Name sale = whose.in_hand;
  if (row.cart == words::Cart::ends) whose.in_hand = {};
  return sale;
}

std::uint64_t Chronicle::write(const Whose& whose, const Moment& moment, trace::EventIn event,
                               bool disturbance) {
  event.time = moment.at;
  event.line = static_cast<std::uint32_t>(std::max(moment.line, 0));
  Past::Event past;
  past.at = moment.at;
  past.cause = static_cast<Past::Number>(event.cause);
  past.struck = static_cast<Past::Number>(moment.struck);
  past.sale = event.sale.id;
  past.whose = whose.id;
  past.line = event.line;
  past.disturbance = disturbance;
  last_ = moment.at;
  past_.add(past);
  const std::uint64_t number = writer_.write(event);
  TILLRIG_ASSERT(number == past_.events(), "a timeline has one chronicler");
  return number;
}

void Chronicle::take_args(std::span<const ports::Arg> args) {
  args_.clear();
  for (const ports::Arg& arg : args) {
    const trace::Name key = writer_.intern(arg.key);
    const auto* text = std::get_if<std::string_view>(&arg.value);
    if (text == nullptr) {
      args_.emplace_back(key, std::get<std::int64_t>(arg.value));
    } else if (text->size() <= kOftenTheSame) {
      args_.emplace_back(key, writer_.intern(*text));
    } else {
      args_.emplace_back(key, *text);
    }
  }
  args_.insert(args_.end(), attached_.begin(), attached_.end());
  attached_.clear();
}

std::uint64_t Chronicle::note(const Moment& moment, std::string_view who, const ports::Note& note,
                              std::span<const ports::Arg> args) {
  const MarkRow& row = mark_row(note.mark);
  Whose& at = whose(who);
  take_args(args);
  if (moment.struck != 0) {
    args_.emplace_back(writer_.intern("struck"), static_cast<std::int64_t>(moment.struck));
  }
  trace::EventIn event;
  event.lane = lane_of(at, lane_told(row.lane, args));
  event.name = row.name;
  event.sale = sale_of(at, row, note, args);
  event.cause = moment.cause;
  event.severity = static_cast<trace::Severity>(note.severity);
  event.args = args_;
  const bool struck_down = row.act && note.severity >= ports::Severity::warn;
  const std::uint64_t number = write(at, moment, event, row.fault || struck_down);

  Moment then = moment;
  then.cause = number;
  then.struck = 0;
  if (row.cart == words::Cart::numbers && text_of(args, "kind") == "sale") {
    number_cart(at, then, event.sale);
  }
  end_spans(at, row, then, note, args, event.sale);
  at.state.fold(note, args);
  if (row.act) at.spans.drop();
  if (row.act || number >= next_snapshot_) snapshot(moment.at);
  return number;
}

// The cart in hand has become a sale: whoever knows it by the one name finds the other.
void Chronicle::number_cart(Whose& whose, const Moment& moment, trace::Name sale) {
  if (whose.in_hand.id == 0) return;
  const trace::Arg was[] = {{writer_.intern("was"), whose.in_hand}};
  whose.in_hand = {};
  trace::EventIn event;
  event.lane = lane_of(whose, {});
  event.name = mark_row("sale.numbered").name;
  event.sale = sale;
  event.cause = moment.cause;
  event.args = was;
  write(whose, moment, event, false);
}

void Chronicle::end_spans(Whose& whose, const MarkRow& row, const Moment& moment,
                          const ports::Note& note, std::span<const ports::Arg> args,
                          trace::Name sale) {
  for (const std::size_t span : row.spans.ends) {
    const words::Span& word = words::spans()[span];
    const auto begun = whose.spans.end(span, span_key(word, note, args));
    if (!begun) continue;
    trace::EventIn event;
    event.lane = lane_of(whose, word.lane);
    event.name = writer_.intern(word.name);
    event.sale = sale.id != 0 ? sale : trace::Name{begun->sale};
    event.cause = moment.cause;
    event.duration = moment.at - begun->at;
    write(whose, moment, event, false);
  }
  for (const std::size_t span : row.spans.begins) {
    const words::Span& word = words::spans()[span];
    whose.spans.begin(span, span_key(word, note, args), {moment.at, sale.id});
  }
}

void Chronicle::attach(std::string_view key, std::string_view kind, base::ByteView bytes) {
  if (bytes.empty()) return;
  const trace::BlobId blob = writer_.blob(kind, bytes.substr(0, kMostAttached));
  attached_.emplace_back(writer_.intern(key), blob);
}

void Chronicle::fault(const FaultEdge& edge) {
  trace::Fault fault;
  fault.time = edge.at;
  fault.edge = edge.edge;
  fault.fault = writer_.intern(edge.fault);
  if (edge.till != "*") fault.target = writer_.intern(edge.till);
  fault.line = static_cast<std::uint32_t>(std::max(edge.line, 0));
  writer_.write_fault(fault);
}

void Chronicle::broken(const Broken& broken) {
  if (!std::exchange(told_state_, true)) snapshot(last_);
  Past::Subject subject;
  if (!broken.sale.empty()) subject.sale = writer_.intern(broken.sale).id;
  if (const auto at = all_.find(broken.till); at != all_.end()) subject.whose = at->second->id;
  subject.at = broken.at;
  subject.line = static_cast<std::uint32_t>(std::max(broken.line, 0));
  trace::Violation violation;
  violation.time = broken.at;
  violation.invariant = writer_.intern(broken.rule);
  violation.sale = trace::Name{subject.sale};
  violation.line = static_cast<std::uint32_t>(std::max(broken.line, 0));
  violation.text = broken.what;
  violation.chain = past_.chain(subject);
  writer_.write_violation(std::move(violation));
}

void Chronicle::snapshot(base::Instant at) {
  next_snapshot_ = past_.events() + kBetweenSnapshots;
  for (const auto& [name, one] : all_) {
    if (one->state.empty()) continue;
    const auto facts = one->state.facts(writer_);
    writer_.write_snapshot(at, lane_of(*one, {}), facts);
  }
}

}  // namespace tillrig::world
