#include "pos/base/assert.hpp"
#include "pos/base/varint.hpp"
#include "pos/wire/event.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

namespace tillrig::wire {
namespace {

using base::Code;
using base::Limit;
using base::VarintReader;

// The first byte of every event: whether a tail follows its body. 1 and 2 were events whose
// documents had neither rounding nor tax on top.
constexpr std::uint64_t kBare = 3;
constexpr std::uint64_t kTailed = 4;

// Writes the fields of a description one after the other, without their names.
class Encoder {
 public:
  explicit Encoder(Bytes& out) : out_(out) {}

  Encoder& operator()(std::string_view /*key*/, const auto& value, const Limit& = {}) {
    put(value);
    return *this;
  }
  Encoder& maybe(std::string_view /*key*/, const auto& value, const Limit& = {}) {
    put(value);
    return *this;
  }

  void put(std::unsigned_integral auto value) { base::append_varint(out_, value); }
  void put(std::int64_t value) { base::append_signed(out_, value); }
  template <base::NamedEnum Enum>
  void put(Enum value) {
    base::append_text(out_, base::name(value));
  }
  void put(const std::string& text) { base::append_text(out_, text); }
  template <base::Unit T>
  void put(T value) {
    base::append_signed(out_, base::number_in(value));
  }
  template <base::Described T>
  void put(const std::vector<T>& values) {
    base::append_varint(out_, values.size());
    for (const T& each : values) T::describe(each, *this);
  }

 private:
  Bytes& out_;
};

// Reads them back. The first error stays and makes the rest read as nothing.
class Decoder {
 public:
  explicit Decoder(ByteView bytes) : reader_(bytes) {}

  Decoder& operator()(std::string_view /*key*/, auto& value, const Limit& = {}) {
    get(value);
    return *this;
  }
  Decoder& maybe(std::string_view /*key*/, auto& value, const Limit& = {}) {
    get(value);
    return *this;
  }

  template <std::unsigned_integral Number>
  void get(Number& value) {
    if (failed_) return;
    if (const auto read = take(reader_.varint(std::numeric_limits<Number>::max()))) {
      value = static_cast<Number>(*read);
    }
  }
  void get(std::int64_t& value) {
    if (failed_) return;
    if (const auto read = take(reader_.signed_varint())) value = *read;
  }
  void get(std::string& text) {
    if (failed_) return;
    if (const auto read = take(reader_.text())) text = *read;
  }
  template <base::NamedEnum Enum>
  void get(Enum& value) {
    std::string text;
    get(text);
    if (failed_) return;
    if (const auto known = base::by_name<Enum>(text)) {
      value = *known;
    } else {
      refuse(fmt::format("\"{}\" is none of {}", text.substr(0, 64), base::all_names<Enum>()));
    }
  }
  template <base::Unit T>
  void get(T& value) {
    get(base::number_in(value));
  }
  template <base::Described T>
  void get(std::vector<T>& values) {
    constexpr std::size_t kReserved = 64;  // a claimed count is no reason to set more aside
    const std::size_t claimed = count();
    values.reserve(std::min(claimed, kReserved));
    for (std::size_t i = 0; i < claimed && !failed_; ++i) {
      T::describe(values.emplace_back(), *this);
    }
  }
  // How many things follow; each takes at least one byte.
  std::size_t count() {
    std::uint64_t claimed = 0;
    get(claimed);
    if (claimed <= reader_.rest().size()) return static_cast<std::size_t>(claimed);
    refuse(fmt::format("{} entries are claimed at byte {}, where {} bytes are left", claimed,
                       reader_.position(), reader_.rest().size()));
    return 0;
  }
  void refuse(std::string why) {
    if (!failed_) error_ = base::Error{Code::corrupt, std::move(why)};
    failed_ = true;
  }
  [[nodiscard]] bool failed() const { return failed_; }
  Result<void> finish() {
    if (failed_) return base::Failure(error_);
    return reader_.finish();
  }

 private:
  template <class T>
  std::optional<T> take(Result<T> value) {
    if (value) return *std::move(value);
    refuse(value.error().what);
    return std::nullopt;
  }

  VarintReader reader_;
  base::Error error_;
  bool failed_ = false;
};

// Where an event stands: all of it but its body and tail.
void describe_head(auto& event, auto& fields) {
  fields("till", event.id.till)("epoch", event.id.epoch)("seq", event.id.seq)(
      "aggregate", event.aggregate)("ms", event.hlc.ms)("count", event.hlc.count)("wall",
                                                                                  event.wall);
}

void put_tail(Encoder& out, const Tail& tail) {
  out.put(tail.entries().size());
  for (const auto& [tag, bytes] : tail.entries()) {
    out.put(tag);
    out.put(bytes);
  }
}

// In the order of their tags, each once, at least one: every tail has one form.
void get_tail(Decoder& in, Tail& tail) {
  const std::size_t claimed = in.count();
  if (claimed == 0) in.refuse("a tail without a field");
  for (std::size_t i = 0; i < claimed && !in.failed(); ++i) {
    std::uint64_t tag = 0;
    Bytes bytes;
    in.get(tag);
    in.get(bytes);
    if (in.failed()) return;
    if (!tail.empty() && tag <= tail.entries().rbegin()->first) {
      return in.refuse(fmt::format("the field {} of the tail is out of its order", tag));
    }
    if (auto added = tail.add(tag, std::move(bytes)); !added) in.refuse(added.error().what);
  }
}

}  // namespace

Body body_for(EventKind kind) {
  switch (kind) {
    case EventKind::epoch_opened:
      return EpochOpened();
    case EventKind::day_opened:
      return DayOpened();
    case EventKind::cash_moved:
      return CashMoved();
    case EventKind::day_closed:
      return DayClosed();
    case EventKind::card_attempt:
      return CardAttempt();
    case EventKind::outage_closed:
      return OutageClosed();
    case EventKind::sale:
    case EventKind::refund:
      return Document();
  }
  return Unknown();
}

std::string kind_text(EventKind kind) {
  const std::string_view known = name(kind);
  return known == "?" ? fmt::format("#{}", static_cast<unsigned>(kind)) : std::string(known);
}

std::string sent_kind_text(EventKind kind) {
  if (!in_one_piece(kind)) return kind_text(kind);
  return fmt::format("#{}", static_cast<unsigned>(kind));
}

Result<EventKind> read_kind(std::string_view text) {
  if (const auto known = base::by_name<EventKind>(text)) return *known;
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const bool numbered = text.size() > 1 && text[0] == '#';
  const auto parsed = std::from_chars(text.data() + (numbered ? 1 : 0), end, number);
  const auto kind = static_cast<EventKind>(static_cast<std::uint8_t>(number));
  if (numbered && parsed.ec == std::errc() && parsed.ptr == end && number >= 1 &&
      number <= UINT8_MAX && sent_kind_text(kind) == text) {
    return kind;
  }
  return base::fail(Code::bad_input, "'kind' is \"{}\"; expected {}, or # and a newer number",
                    text.substr(0, 64), base::all_names<EventKind>());
}

Bytes body_bytes(const Body& body) {
  if (const auto* unknown = std::get_if<Unknown>(&body)) return unknown->raw;
  Bytes bytes;
  Encoder out(bytes);
  std::visit([&](const auto& known) { known.describe(known, out); }, body);
  return bytes;
}

Result<Body> body_from_bytes(EventKind kind, Bytes bytes) {
  Body body = body_for(kind);
  if (auto* unknown = std::get_if<Unknown>(&body)) {
    unknown->raw = std::move(bytes);
    return body;
  }
  Decoder in(bytes);
  std::visit([&](auto& known) { known.describe(known, in); }, body);
  if (auto done = in.finish(); !done) return base::within(kind_text(kind), done.error());
  return body;
}

Bytes encode(const Event& event) {
  TILLRIG_ASSERT(event.body.index() == body_for(event.kind).index(),
                 "an event has the body of its kind");
  Bytes bytes;
  bytes.reserve(256);
  Encoder out(bytes);
  out.put(event.tail.empty() ? kBare : kTailed);
  out.put(static_cast<std::uint64_t>(event.kind));
  describe_head(event, out);
  if (in_one_piece(event.kind)) {
    out.put(body_bytes(event.body));
  } else {
    std::visit([&](const auto& body) { body.describe(body, out); }, event.body);
  }
  if (!event.tail.empty()) put_tail(out, event.tail);
  return bytes;
}

Result<Event> decode(ByteView bytes) {
  Decoder in(bytes);
  std::uint64_t form = 0;
  std::uint64_t kind = 0;
  in.get(form);
  if (form != kBare && form != kTailed) {
    in.refuse(fmt::format("the event has form {}; only {} and {} are known", form, kBare, kTailed));
  }
  in.get(kind);
  Event event;
  event.kind = static_cast<EventKind>(static_cast<std::uint8_t>(kind));
  if (kind > UINT8_MAX || kind == 0) {
    in.refuse(fmt::format("the event has kind {}; expected 1 to {}", kind, UINT8_MAX));
  }
  describe_head(event, in);
  if (in_one_piece(event.kind)) {
    Bytes piece;
    in.get(piece);
    auto body = in.failed() ? Result<Body>(Body()) : body_from_bytes(event.kind, std::move(piece));
    if (body) event.body = *std::move(body);
    if (!body) in.refuse(body.error().what);
  } else {
    event.body = body_for(event.kind);
    std::visit([&](auto& body) { body.describe(body, in); }, event.body);
  }
  if (form == kTailed) get_tail(in, event.tail);
  if (auto done = in.finish(); !done) return base::Failure(done.error());
  return event;
}

base::Hash256 payload_hash(const Event& event) {
  return base::blake2b(encode(event));
}

}  // namespace tillrig::wire
