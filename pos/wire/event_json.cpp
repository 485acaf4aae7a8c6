#include "pos/wire/event_json.hpp"

#include "pos/base/json_fields.hpp"
#include "pos/wire/api.hpp"

#include <array>

namespace tillrig::wire {

using base::JsonReader;
using base::JsonWriter;

namespace {

void append_body(std::string& out, const Event& event, bool readable) {
  JsonWriter fields(out);
  JsonWriter hlc(fields.lead("hlc"));
  hlc("ms", event.hlc.ms)("count", event.hlc.count).close();
  fields("wall", event.wall);
  const bool known = !std::holds_alternative<Unknown>(event.body);
  if (in_one_piece(event.kind) && !(known && readable)) {
    fields("raw", base::to_hex(body_bytes(event.body)));
  } else {
    std::visit([&](const auto& body) { body.describe(body, fields); }, event.body);
  }
  if (!event.tail.empty()) append_tail_json(fields.lead("tail"), event.tail);
  fields.close();
}

}  // namespace

void append_body_json(std::string& out, const Event& event) {
  append_body(out, event, true);
}

void append_sent_body_json(std::string& out, const Event& event) {
  append_body(out, event, false);
}

std::size_t most_line_bytes(std::string_view sku, std::string_view name) {
  constexpr Money kWidest{-kMostAmount};
  Line line;
  line.sku = sku;
  line.name = name;
  line.quantity.thousandths = -kMostAmount;
  line.unit_price = line.discount = line.total = line.tax = kWidest;
  line.tax_rate.basis_points = kMostRate;
  line.of_line = kDocumentLines;
  std::string out = ",";
  base::append_json(out, line);
  return out.size();
}

Result<Event> event_from_json(base::EventId id, EventKind kind, std::string aggregate,
                              const base::json::value& body) {
  const base::json::object* object = body.if_object();
  if (object == nullptr) return base::fail(base::Code::bad_input, "the body is not an object");
  Event event;
  event.id = std::move(id);
  event.kind = kind;
  event.aggregate = std::move(aggregate);
  JsonReader fields(*object, kTextBytes);
  if (const base::json::object* stamp = fields.object("hlc")) {
    JsonReader hlc(*stamp);
    hlc("ms", event.hlc.ms, kAmounts)("count", event.hlc.count);
    if (auto good = hlc.check(); !good) fields.refuse(good.error());
  }
  fields("wall", event.wall, kAmounts);
  event.body = body_for(kind);
  const bool unknown = std::holds_alternative<Unknown>(event.body);
  if (unknown || (in_one_piece(kind) && fields.has("raw"))) {
    auto raw = from_hex(fields.text("raw", 2 * kUnknownBytes));
    auto piece = raw ? body_from_bytes(kind, *std::move(raw)) : base::Failure(raw.error());
    if (!piece) fields.refuse(piece.error());
    if (piece) event.body = *std::move(piece);
  } else {
    std::visit([&](auto& known) { known.describe(known, fields); }, event.body);
  }
  if (fields.has("tail")) {
    const base::json::object* tail = fields.object("tail");
    auto read = tail == nullptr ? Result<Tail>() : read_tail(*tail);
    if (!read) fields.refuse(read.error());
    if (read) event.tail = *std::move(read);
  }
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  return event;
}

void body_from_json(base::JsonOrdered& in, Event& event) {
  in.object([&] {
    if (!in.lead("hlc")) return;
    in.object([&] { in("ms", event.hlc.ms, kAmounts)("count", event.hlc.count); });
    in("wall", event.wall, kAmounts);
    event.body = body_for(event.kind);
    if (in_one_piece(event.kind)) return in.surprise();
    std::visit([&](auto& known) { known.describe(known, in); }, event.body);
    if (!in.leads("tail") || !in.lead("tail")) return;
    const auto value = base::parse_json(in.raw_object());
    const auto* const object = value ? value->if_object() : nullptr;
    auto tail = object == nullptr ? Result<Tail>() : read_tail(*object);
    if (object == nullptr || !tail) return in.surprise();
    event.tail = *std::move(tail);
  });
}

}  // namespace tillrig::wire
