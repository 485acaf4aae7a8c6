#include "sim/world/looks.hpp"

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

}  // namespace tillrig::world
