#include "pos/base/varint.hpp"
#include "pos/wire/event.hpp"

#include <cstddef>
#include <limits>

namespace tillrig::wire {
namespace {

using base::Code;
using base::fail;
using base::VarintReader;

constexpr std::uint64_t kForm = 1;  // first byte of every event; another form gets another number

// The least bytes that a line and a payment take, so that a claimed count is checked against what
// is left before anything is reserved.
constexpr std::size_t kLeastLine = 8;
constexpr std::size_t kLeastPayment = 4;

void append_line(Bytes& out, const Line& line) {
  base::append_text(out, line.sku);
  base::append_text(out, line.name);
  base::append_signed(out, line.quantity.thousandths);
  base::append_signed(out, line.unit_price.minor);
  base::append_signed(out, line.discount.minor);
  base::append_signed(out, line.total.minor);
  base::append_signed(out, line.tax_rate.basis_points);
  base::append_signed(out, line.tax.minor);
}

void append_payment(Bytes& out, const Payment& payment) {
  base::append_text(out, payment.kind);
  base::append_signed(out, payment.given.minor);
  base::append_signed(out, payment.change.minor);
  base::append_signed(out, payment.amount.minor);
}

void append_document(Bytes& out, const Document& document) {
  base::append_varint(out, document.number);
  base::append_text(out, document.day);
  base::append_text(out, document.currency);
  base::append_varint(out, document.lines.size());
  for (const Line& line : document.lines) append_line(out, line);
  base::append_varint(out, document.payments.size());
  for (const Payment& payment : document.payments) append_payment(out, payment);
  base::append_signed(out, document.total.minor);
  base::append_signed(out, document.tax.minor);
  base::append_text(out, document.of);
}

// Reads one value after another; the first error stays and makes the rest answer with nothing.
class Decoder {
 public:
  explicit Decoder(ByteView bytes) : reader_(bytes) {}

  std::uint64_t number(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
    return take(failed_ ? Result<std::uint64_t>(0) : reader_.varint(most));
  }
  std::int64_t whole() { return take(failed_ ? Result<std::int64_t>(0) : reader_.signed_varint()); }
  Money money() { return Money{whole()}; }
  std::string text() {
    return std::string(take(failed_ ? Result<std::string_view>("") : reader_.text()));
  }
  // A count of things that take at least `least` bytes each.
  std::size_t count(std::size_t least) {
    const std::uint64_t claimed = number();
    if (claimed > reader_.rest().size() / least) {
      refuse(fmt::format("{} entries are claimed at byte {}, where {} bytes are left", claimed,
                         reader_.position(), reader_.rest().size()));
      return 0;
    }
    return static_cast<std::size_t>(claimed);
  }
  void refuse(std::string why) {
    if (!failed_) error_ = base::Error{Code::corrupt, std::move(why)};
    failed_ = true;
  }
  Result<void> finish() {
    if (failed_) return base::Failure(error_);
    return reader_.finish();
  }

 private:
  template <class T>
  T take(Result<T> value) {
    if (value) return *value;
    refuse(value.error().what);
    return T{};
  }

  VarintReader reader_;
  base::Error error_;
  bool failed_ = false;
};

Line decode_line(Decoder& in) {
  Line line;
  line.sku = in.text();
  line.name = in.text();
  line.quantity.thousandths = in.whole();
  line.unit_price = in.money();
  line.discount = in.money();
  line.total = in.money();
  line.tax_rate.basis_points = in.whole();
  line.tax = in.money();
  return line;
}

Payment decode_payment(Decoder& in) {
  Payment payment;
  payment.kind = in.text();
  payment.given = in.money();
  payment.change = in.money();
  payment.amount = in.money();
  return payment;
}

Document decode_document(Decoder& in) {
  Document document;
  document.number = in.number();
  document.day = in.text();
  document.currency = in.text();
  const std::size_t lines = in.count(kLeastLine);
  document.lines.reserve(lines);
  for (std::size_t i = 0; i < lines; ++i) document.lines.push_back(decode_line(in));
  const std::size_t payments = in.count(kLeastPayment);
  document.payments.reserve(payments);
  for (std::size_t i = 0; i < payments; ++i) document.payments.push_back(decode_payment(in));
  document.total = in.money();
  document.tax = in.money();
  document.of = in.text();
  return document;
}

}  // namespace

Bytes encode(const Event& event) {
  Bytes out;
  out.reserve(256);
  base::append_varint(out, kForm);
  base::append_varint(out, static_cast<std::uint64_t>(event.kind));
  base::append_text(out, event.id.till);
  base::append_varint(out, event.id.epoch);
  base::append_varint(out, event.id.seq);
  base::append_text(out, event.aggregate);
  base::append_signed(out, event.hlc.ms);
  base::append_varint(out, event.hlc.count);
  base::append_signed(out, event.wall.ms);
  if (const auto* document = std::get_if<Document>(&event.body)) {
    append_document(out, *document);
  } else {
    const auto& opened = std::get<EpochOpened>(event.body);
    base::append_varint(out, opened.previous);
    base::append_text(out, opened.reason);
  }
  return out;
}

Result<Event> decode(ByteView bytes) {
  constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
  Decoder in(bytes);
  if (const std::uint64_t form = in.number(); form != kForm) {
    in.refuse(fmt::format("the event has form {}; only form {} is known", form, kForm));
  }
  const std::uint64_t kind = in.number();
  if (kind < static_cast<std::uint64_t>(EventKind::sale) ||
      kind > static_cast<std::uint64_t>(EventKind::epoch_opened)) {
    in.refuse(fmt::format("the event has kind {}; 1 to 3 are known", kind));
  }
  Event event;
  event.kind = static_cast<EventKind>(static_cast<std::uint8_t>(kind));
  event.id.till = in.text();
  event.id.epoch = static_cast<std::uint32_t>(in.number(kMost32));
  event.id.seq = in.number();
  event.aggregate = in.text();
  event.hlc.ms = in.whole();
  event.hlc.count = static_cast<std::uint32_t>(in.number(kMost32));
  event.wall.ms = in.whole();
  if (event.kind == EventKind::epoch_opened) {
    EpochOpened opened;
    opened.previous = static_cast<std::uint32_t>(in.number(kMost32));
    opened.reason = in.text();
    event.body = std::move(opened);
  } else {
    event.body = decode_document(in);
  }
  if (auto done = in.finish(); !done) return base::Failure(done.error());
  return event;
}

base::Hash256 payload_hash(const Event& event) {
  return base::blake2b(encode(event));
}

}  // namespace tillrig::wire
