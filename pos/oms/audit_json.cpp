#include "pos/oms/audit_json.hpp"

#include "pos/wire/fields.hpp"

#include <cstddef>

namespace tillrig::oms {

using wire::append_field;

Bytes write_audit(const std::vector<AuditRow>& rows, std::uint64_t after_v) {
  Bytes out = "{\"events\":[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const AuditRow& row = rows[i];
    append_field(out, i == 0 ? "{\"v\":" : ",{\"v\":", row.v);
    append_field(out, ",\"uuid\":", std::string_view(row.id.text()));
    append_field(out, ",\"till\":", std::string_view(row.id.till));
    append_field(out, ",\"epoch\":", std::uint64_t{row.id.epoch});
    append_field(out, ",\"seq\":", row.id.seq);
    append_field(out, ",\"kind\":", wire::name(row.kind));
    append_field(out, ",\"generation\":", row.generation);
    append_field(out, ",\"number\":", row.number);
    append_field(out, ",\"hash\":", std::string_view(row.hash.hex()));
    append_field(out, ",\"total\":", row.total.minor);
    append_field(out, ",\"tax\":", row.tax.minor);
    append_field(out, ",\"lines\":", row.lines.minor);
    append_field(out, ",\"payments\":", row.payments.minor);
    append_field(out, ",\"of\":", std::string_view(row.of));
    out += '}';
  }
  append_field(out, "],\"next\":", rows.empty() ? after_v : rows.back().v);
  out += '}';
  return out;
}

Bytes write_refusals(const std::vector<Refusal>& refusals, std::string_view after) {
  Bytes out = "{\"refused\":[";
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    const Refusal& refusal = refusals[i];
    append_field(out, i == 0 ? "{\"uuid\":" : ",{\"uuid\":", std::string_view(refusal.id));
    append_field(out, ",\"till\":", std::string_view(refusal.till));
    append_field(out, ",\"epoch\":", std::uint64_t{refusal.epoch});
    append_field(out, ",\"seq\":", refusal.seq);
    append_field(out, ",\"aggregate\":", std::string_view(refusal.aggregate));
    append_field(out, ",\"code\":", std::string_view(refusal.code));
    append_field(out, ",\"received\":", refusal.received.ms);
    out += '}';
  }
  const auto place = [](const Refusal& last) {
    return base::EventId{last.till, last.epoch, last.seq}.text();
  };
  const std::string next = refusals.empty() ? std::string(after) : place(refusals.back());
  append_field(out, "],\"next\":", std::string_view(next));
  out += '}';
  return out;
}

}  // namespace tillrig::oms
