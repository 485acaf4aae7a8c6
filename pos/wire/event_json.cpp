#include "pos/wire/api.hpp"
#include "pos/wire/fields.hpp"

namespace tillrig::wire {
namespace {

using base::Code;
using base::Error;
using base::fail;

// Far above any shop, far below where sums leave 64 bits.
constexpr std::int64_t kMostAmount = 1'000'000'000'000'000;
constexpr std::int64_t kMostRate = 1'000'000;

void write_line(std::string& out, const Line& line) {
  append_field(out, "{\"sku\":", std::string_view(line.sku));
  append_field(out, ",\"name\":", std::string_view(line.name));
  append_field(out, ",\"quantity\":", line.quantity.thousandths);
  append_field(out, ",\"unit_price\":", line.unit_price.minor);
  append_field(out, ",\"discount\":", line.discount.minor);
  append_field(out, ",\"total\":", line.total.minor);
  append_field(out, ",\"tax_rate\":", line.tax_rate.basis_points);
  append_field(out, ",\"tax\":", line.tax.minor);
  out += '}';
}

void write_payment(std::string& out, const Payment& payment) {
  append_field(out, "{\"kind\":", std::string_view(payment.kind));
  append_field(out, ",\"given\":", payment.given.minor);
  append_field(out, ",\"change\":", payment.change.minor);
  append_field(out, ",\"amount\":", payment.amount.minor);
  out += '}';
}

void write_document(std::string& out, const Document& document) {
  append_field(out, ",\"number\":", document.number);
  append_field(out, ",\"day\":", std::string_view(document.day));
  append_field(out, ",\"currency\":", std::string_view(document.currency));
  out += ",\"lines\":[";
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    if (i > 0) out += ',';
    write_line(out, document.lines[i]);
  }
  out += "],\"payments\":[";
  for (std::size_t i = 0; i < document.payments.size(); ++i) {
    if (i > 0) out += ',';
    write_payment(out, document.payments[i]);
  }
  out += ']';
  append_field(out, ",\"total\":", document.total.minor);
  append_field(out, ",\"tax\":", document.tax.minor);
  if (!document.of.empty()) append_field(out, ",\"of\":", std::string_view(document.of));
}

Money money(Fields& fields, std::string_view key) {
  return Money{fields.whole(key, -kMostAmount, kMostAmount)};
}

// Reads each object of an array; the Error names the entry.
template <class T, class ReadOne>
void read_each(Fields& fields, std::string_view key, std::vector<T>& out, std::size_t most,
               ReadOne read_one) {
  const json::array* array = fields.array(key, most);
  if (array == nullptr) return;
  out.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    const json::object* object = (*array)[i].if_object();
    if (object == nullptr) {
      return fields.refuse(Error{Code::bad_input, fmt::format("{}[{}] is not an object", key, i)});
    }
    Fields entry(*object);
    out.push_back(read_one(entry));
    if (auto good = entry.check(); !good) {
      const std::string what = fmt::format("{}[{}]: {}", key, i, good.error().what);
      return fields.refuse(Error{good.error().code, what});
    }
  }
}

Line read_line(Fields& fields) {
  Line line;
  line.sku = fields.text("sku");
  line.name = fields.text("name");
  line.quantity.thousandths = fields.whole("quantity", -kMostAmount, kMostAmount);
  line.unit_price = money(fields, "unit_price");
  line.discount = money(fields, "discount");
  line.total = money(fields, "total");
  line.tax_rate.basis_points = fields.whole("tax_rate", 0, kMostRate);
  line.tax = money(fields, "tax");
  return line;
}

Payment read_payment(Fields& fields) {
  Payment payment;
  payment.kind = fields.text("kind", 32);
  payment.given = money(fields, "given");
  payment.change = money(fields, "change");
  payment.amount = money(fields, "amount");
  return payment;
}

Document read_document(Fields& fields) {
  Document document;
  document.number = fields.count("number");
  document.day = fields.text("day", 10);
  document.currency = fields.text("currency", 3);
  read_each(fields, "lines", document.lines, kDocumentLines, read_line);
  read_each(fields, "payments", document.payments, kDocumentPayments, read_payment);
  document.total = money(fields, "total");
  document.tax = money(fields, "tax");
  if (fields.has("of")) document.of = fields.text("of", 64);
  return document;
}

}  // namespace

void append_body_json(std::string& out, const Event& event) {
  append_field(out, "{\"hlc\":{\"ms\":", event.hlc.ms);
  append_field(out, ",\"count\":", std::uint64_t{event.hlc.count});
  append_field(out, "},\"wall\":", event.wall.ms);
  if (const auto* document = std::get_if<Document>(&event.body)) {
    write_document(out, *document);
  } else {
    const auto& opened = std::get<EpochOpened>(event.body);
    append_field(out, ",\"previous\":", std::uint64_t{opened.previous});
    append_field(out, ",\"reason\":", std::string_view(opened.reason));
  }
  out += '}';
}

std::size_t most_line_bytes(std::string_view sku, std::string_view name) {
  constexpr Money kWidest{-kMostAmount};
  Line line;
  line.sku = sku;
  line.name = name;
  line.quantity.thousandths = -kMostAmount;
  line.unit_price = line.discount = line.total = line.tax = kWidest;
  line.tax_rate.basis_points = kMostRate;
  std::string out = ",";
  write_line(out, line);
  return out.size();
}

Result<Event> event_from_json(base::EventId id, EventKind kind, std::string aggregate,
                              const base::json::value& body) {
  const json::object* object = body.if_object();
  if (object == nullptr) return fail(Code::bad_input, "the body is not an object");
  Event event;
  event.id = std::move(id);
  event.kind = kind;
  event.aggregate = std::move(aggregate);
  Fields fields(*object);
  if (const json::object* stamp = fields.object("hlc")) {
    Fields hlc(*stamp);
    event.hlc.ms = hlc.whole("ms", -kMostAmount, kMostAmount);
    event.hlc.count = hlc.count32("count");
    if (auto good = hlc.check(); !good) fields.refuse(good.error());
  }
  event.wall.ms = fields.whole("wall", -kMostAmount, kMostAmount);
  if (kind == EventKind::epoch_opened) {
    EpochOpened opened;
    opened.previous = fields.count32("previous");
    opened.reason = fields.text("reason");
    event.body = std::move(opened);
  } else {
    event.body = read_document(fields);
  }
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  return event;
}

}  // namespace tillrig::wire
