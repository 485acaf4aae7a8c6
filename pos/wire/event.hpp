#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/hlc.hpp"
#include "pos/base/ids.hpp"
#include "pos/base/json_fields.hpp"
#include "pos/base/money.hpp"
#include "pos/base/time.hpp"
#include "pos/wire/attempt.hpp"
#include "pos/wire/day.hpp"
#include "pos/wire/outage.hpp"
#include "pos/wire/tail.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::wire {

using base::Quantity;

// What a sale may be at most, so that an upload of it alone, or of its refund, is read by the
// cloud; else it could never be sent.
inline constexpr std::size_t kDocumentLines = 1000;
inline constexpr std::size_t kDocumentPayments = 100;
inline constexpr std::size_t kUnknownBytes = 16 * 1024;  // most of an event of an unknown kind

// One line of a document. total = extend(unit_price, quantity) - discount, at the shop's prices:
// with its tax inside, or before tax where that comes on top; on a refund quantities, discounts,
// taxes and totals are negative.
struct Line {
  std::string sku;
  std::string name;
  Quantity quantity;
  Money unit_price;
  Money discount;
  Money total;
  Rate tax_rate;
  Money tax;                  // inside total, or on top of it
  std::uint64_t of_line = 0;  // a refund: the line of its sale that it is of, from 1; a sale: 0

  bool operator==(const Line&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku)("name", self.name)("quantity", self.quantity, kAmounts)(
        "unit_price", self.unit_price, kAmounts)("discount", self.discount, kAmounts)(
        "total", self.total, kAmounts)("tax_rate", self.tax_rate, {.least = 0, .most = kMostRate})(
        "tax", self.tax, kAmounts)
        .maybe("of_line", self.of_line, {.least = 0, .most = kDocumentLines});
  }
};

// What was paid by one tender. amount is what counts for the document: given - change.
struct Payment {
  std::string kind;  // "cash"
  Money given;
  Money change;
  Money amount;

  bool operator==(const Payment&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("kind", self.kind, {.bytes = 32})("given", self.given, kAmounts)(
        "change", self.change, kAmounts)("amount", self.amount, kAmounts);
  }
};

// A completed sale or refund: immutable, numbered, its totals those of its lines and payments
// (INV-05). Corrections are new documents. total is what the lines come to, with the tax
// where that is on top; total + rounding is what was paid.
struct Document {
  std::uint64_t number = 0;  // receipt number in the series of (till, epoch)
  std::string day;           // business day, fixed at open: "2026-03-02"
  std::string currency;      // ISO 4217
  std::vector<Line> lines;
  std::vector<Payment> payments;
  Money total;
  Money tax;
  std::string of;       // a refund: text of the sale's id; a sale: empty
  Money rounding;       // to the smallest coin, where cash is rounded
  bool on_top = false;  // the shop's prices are before tax

  bool operator==(const Document&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("number", self.number)("day", self.day, {.bytes = 10})(
        "currency", self.currency, {.bytes = 3})("lines", self.lines, {.entries = kDocumentLines})(
        "payments", self.payments, {.entries = kDocumentPayments})("total", self.total, kAmounts)(
        "tax", self.tax, kAmounts)
        .maybe("of", self.of, {.bytes = 64})
        .maybe("rounding", self.rounding, kAmounts)
        .maybe("on_top", self.on_top);
  }
};

// A till's store began a new incarnation (design, rule 3; INV-07: a new epoch is announced). Always
// seq 1 of its epoch.
struct EpochOpened {
  std::uint32_t previous = 0;
  std::string reason;  // "created", "unclean_stop", "cloud_ahead", "copy_lost", "restarted",
                       // "copied", "two_tills"

  bool operator==(const EpochOpened&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("previous", self.previous)("reason", self.reason);
  }
};

enum class EventKind : std::uint8_t {
  sale = 1,
  refund = 2,
  epoch_opened = 3,
  day_opened = 4,
  cash_moved = 5,
  day_closed = 6,
  outage_closed = 7,
  card_attempt = 8,
};
constexpr auto names_of(EventKind) {
  return base::named<EventKind>({
      {EventKind::sale, "sale"},
      {EventKind::refund, "refund"},
      {EventKind::epoch_opened, "epoch_opened"},
      {EventKind::day_opened, "day_opened"},
      {EventKind::cash_moved, "cash_moved"},
      {EventKind::day_closed, "day_closed"},
      {EventKind::outage_closed, "outage_closed"},
      {EventKind::card_attempt, "card_attempt"},
  });
}
using base::name;

// What has become of an attempt to be paid by card, each time that it changed; with the first the
// sale that it pays, without a number, and what that says beside its document: whoever is stopped
// in between can finish it.
struct CardAttempt {
  Attempt attempt;
  std::vector<Document> sale;  // one, or none
  std::string sale_tail;       // JSON

  bool operator==(const CardAttempt&) const = default;

  static void describe(auto& self, auto& fields) {
    Attempt::describe(self.attempt, fields);
    fields.maybe("sale", self.sale, {.entries = 1})
        .maybe("sale_tail", self.sale_tail, {.bytes = 2 * kTailEntries * kTailBytes});
  }
};

// Of a kind that this software does not know: its body as it was made, kept and handed on.
// Kinds that come later have theirs in one piece of so many bytes, so that everybody sees its end.
struct Unknown {
  Bytes raw;

  bool operator==(const Unknown&) const = default;

  static void describe(auto& self, auto& fields) { fields("raw", self.raw); }
};

using Body = std::variant<Document, EpochOpened, DayOpened, CashMoved, DayClosed, OutageClosed,
                          CardAttempt, Unknown>;
// An empty body of that kind.
Body body_for(EventKind kind);
// The body of a kind in one piece, as the ledger has it, and back. Errors: corrupt.
Bytes body_bytes(const Body& body);
Result<Body> body_from_bytes(EventKind kind, Bytes bytes);
// What a kind is called on the wire: its name, or "#7" of one that is not known here.
std::string kind_text(EventKind kind);
// Of the kinds that came after the first six: what does not know one still sees where it ends.
constexpr bool in_one_piece(EventKind kind) {
  return kind > EventKind::day_closed;
}
// As a till sends it: one in one piece by its number, which every cloud takes.
std::string sent_kind_text(EventKind kind);
// Errors: bad_input, naming what is known.
Result<EventKind> read_kind(std::string_view text);

// Each struct's description is its form in the ledger and on the wire, in this order; what comes
// later goes into the tail. A business event: what the ledger keeps, the up lane sends and the
// cloud stores.
struct Event {
  base::EventId id;
  EventKind kind = EventKind::sale;
  // Events of one aggregate reach the cloud in order: a sale's own id; a refund has its sale's.
  std::string aggregate;
  base::HlcStamp hlc;
  base::WallTime wall;
  Body body;
  Tail tail;  // what else is known of it

  bool operator==(const Event&) const = default;
};

// The compact canonical form, which the ledger keeps and the payload hash is taken over. Decoding
// refuses trailing and missing bytes (corrupt) and never trusts a length.
Bytes encode(const Event& event);
Result<Event> decode(ByteView bytes);
base::Hash256 payload_hash(const Event& event);

// The readable form of the body, as it stands on the wire: money in minor units as whole numbers.
void append_body_json(std::string& out, const Event& event);
// As a till sends it: a body in one piece as its bytes, for a cloud that may not know it.
void append_sent_body_json(std::string& out, const Event& event);
// The most bytes that a line of this item takes in it, whatever its quantity and amounts are.
std::size_t most_line_bytes(std::string_view sku, std::string_view name);
// Puts an event together from an item's fields and body. Errors: bad_input naming the field;
// amounts outside +-10^15 and more lines and payments than a document may have (api.hpp) are
// hostile.
Result<Event> event_from_json(base::EventId id, EventKind kind, std::string aggregate,
                              const base::json::value& body);

// Whether a document's arithmetic holds, numbered or not yet: lines, taxes and payments sum to the
// totals. Errors: bad_input naming what differs (CE-07).
Result<void> check_document(const Document& document, EventKind kind);

}  // namespace tillrig::wire
