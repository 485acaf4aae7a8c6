#include "sim/world/looks.hpp"

#include "pos/base/json.hpp"

namespace tillrig::world {

oracle::CloudEntry cloud_entry(const oms::AuditRow& row) {
  oracle::CloudEntry entry;
  entry.v = row.v;
  entry.id = row.id.text();
  entry.till = row.id.till;
  entry.epoch = row.id.epoch;
  entry.seq = row.id.seq;
  entry.kind = wire::name(row.kind);
  entry.number = row.number;
  entry.hash = row.hash.hex();
  entry.total = row.total.minor;
  entry.tax = row.tax.minor;
  entry.lines_total = row.lines.minor;
  entry.payments_total = row.payments.minor;
  entry.of = row.of;
  return entry;
}

oracle::RegisterLook register_look(base::Instant at, const std::string& till,
                                   const till::Answer& sales, const till::Answer& state) {
  oracle::RegisterLook look;
  look.at = at;
  look.till = till;
  if (state.state) {
    look.pending = state.state->counters.pending;
    look.quarantined = state.state->counters.quarantined;
    look.uploaded = state.state->counters.uploaded;
  }
  for (const store::SaleRow& row : sales.sales) {
    oracle::RegisterEntry entry;
    entry.id = row.id.text();
    entry.kind = wire::name(row.kind);
    entry.number = row.number.text();
    entry.total = row.total.minor;
    entry.sync = store::name(row.sync);
    entry.why = row.why;
    look.rows.push_back(std::move(entry));
  }
  return look;
}

namespace {

base::Result<oracle::CloudEntry> read_entry(const base::json::object& object) {
  const auto number = [&](std::string_view key) {
    return base::get_int(object, key, INT64_MIN, INT64_MAX).value_or(0);
  };
  auto id = base::get_text(object, "uuid");
  auto till = base::get_text(object, "till");
  auto kind = base::get_text(object, "kind");
  auto hash = base::get_text(object, "hash");
  auto of = base::get_text(object, "of");
  if (!id || !till || !kind || !hash || !of) {
    return base::fail(base::Code::protocol, "an audited event lacks a field");
  }
  oracle::CloudEntry entry;
  entry.v = static_cast<std::uint64_t>(number("v"));
  entry.id = std::move(*id);
  entry.till = std::move(*till);
  entry.epoch = static_cast<std::uint32_t>(number("epoch"));
  entry.seq = static_cast<std::uint64_t>(number("seq"));
  entry.kind = std::move(*kind);
  entry.number = static_cast<std::uint64_t>(number("number"));
  entry.hash = std::move(*hash);
  entry.total = number("total");
  entry.tax = number("tax");
  entry.lines_total = number("lines");
  entry.payments_total = number("payments");
  entry.of = std::move(*of);
  return entry;
}

}  // namespace

base::Result<AuditPage> read_audit(base::ByteView body) {
  constexpr std::size_t kMostRows = 10'000;
  const auto value = base::parse_json(body);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "an audit");
  if (!object) return base::Failure(object.error());
  const auto events = base::get_array(**object, "events", kMostRows);
  if (!events) return base::Failure(events.error());
  const auto next = base::get_int(**object, "next", 0, INT64_MAX);
  if (!next) return base::Failure(next.error());
  AuditPage page;
  page.next = static_cast<std::uint64_t>(*next);
  for (const base::json::value& event : **events) {
    const auto row = base::as_object(event, "an audited event");
    if (!row) return base::Failure(row.error());
    auto entry = read_entry(**row);
    if (!entry) return base::Failure(entry.error());
    page.rows.push_back(std::move(*entry));
  }
  return page;
}

}  // namespace tillrig::world
