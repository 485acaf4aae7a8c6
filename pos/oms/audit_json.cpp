#include "pos/oms/audit_json.hpp"

#include "pos/base/json_fields.hpp"

namespace tillrig::oms {

using base::JsonWriter;

Bytes write_audit(const std::vector<AuditRow>& rows, std::uint64_t after_v) {
  Bytes out;
  JsonWriter page(out);
  page.lead("events") += '[';
  for (const AuditRow& row : rows) {
    if (out.back() != '[') out += ',';
    JsonWriter fields(out);
    fields("v", row.v)("uuid", row.id)("till", row.id.till)("epoch", row.id.epoch)(
        "seq", row.id.seq)("kind", wire::kind_text(row.kind))("generation", row.generation)(
        "number", row.number)("hash", row.hash.hex())("total", row.total)("tax", row.tax)(
        "lines", row.lines)("payments", row.payments)("of", row.of)
        .maybe("flag", row.flag);
    // One that cannot be read any more is told without it.
    if (const auto event = wire::decode(row.body)) {
      wire::append_body_json(fields.lead("body"), *event);
    }
    fields.close();
  }
  out += ']';
  page("next", rows.empty() ? after_v : rows.back().v).close();
  return out;
}

Bytes write_refusals(const std::vector<Refusal>& refusals, std::string_view after) {
  Bytes out;
  JsonWriter page(out);
  page.lead("refused") += '[';
  for (const Refusal& refusal : refusals) {
    if (out.back() != '[') out += ',';
    JsonWriter fields(out);
    fields("uuid", refusal.id)("till", refusal.till)("epoch", refusal.epoch)("seq", refusal.seq)(
        "aggregate", refusal.aggregate)("code", refusal.code)("received", refusal.received);
    fields.close();
  }
  out += ']';
  const auto place = [](const Refusal& last) {
    return base::EventId{last.till, last.epoch, last.seq}.text();
  };
  page("next", refusals.empty() ? std::string(after) : place(refusals.back())).close();
  return out;
}

Bytes write_postings(const std::vector<Posting>& postings) {
  Bytes out;
  JsonWriter page(out);
  page.lead("postings") += '[';
  for (const Posting& posting : postings) {
    if (out.back() != '[') out += ',';
    JsonWriter fields(out);
    fields("n", posting.n)("event", posting.event)("ledger", posting.ledger)("key", posting.key)(
        "amount", posting.amount);
    fields.close();
  }
  out += ']';
  page.close();
  return out;
}

Bytes write_holds(const std::vector<HoldRow>& holds) {
  Bytes out;
  JsonWriter page(out);
  page.lead("holds") += '[';
  for (const HoldRow& hold : holds) {
    if (out.back() != '[') out += ',';
    JsonWriter fields(out);
    fields("id", hold.id)("till", hold.till)("ledger", hold.ledger)("key", hold.key)(
        "amount", hold.amount)("expires_ms", hold.expires_ms)("state", hold.state);
    fields.close();
  }
  out += ']';
  page.close();
  return out;
}

}  // namespace tillrig::oms
