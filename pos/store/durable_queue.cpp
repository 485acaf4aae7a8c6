// The store as a queue and as Register Sales.

#include "pos/store/durable_store.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;
using Key = QueueCursor::Key;

Result<base::Bytes> DurableStore::body(Key key) {
  auto record = ledger_->read(key.epoch, key.seq);
  if (record) return std::move(record->body);
  if (book_ == nullptr) return tl::unexpected(record.error());
  auto row = book_->body(key);
  if (row) return std::move(row->bytes);
  return tl::unexpected(record.error().code == Code::not_found ? row.error() : record.error());
}

Result<wire::Event> DurableStore::find(const base::EventId& id) {
  flush_held(false);
  if (id.till != config_.till) return fail(Code::not_found, "{} is another till's", id.text());
  const auto bytes = body({id.epoch, id.seq});
  if (!bytes) return tl::unexpected(bytes.error());
  return wire::decode(*bytes);
}

Result<wire::UpItem> DurableStore::up_item(Key key) {
  const auto bytes = body(key);
  if (!bytes) return tl::unexpected(bytes.error());
  auto event = wire::decode(*bytes);
  if (!event) return tl::unexpected(event.error());
  return wire::UpItem{std::move(*event), base::blake2b(*bytes)};
}

// Takes consecutive events from `key` on; returns how many were settled upon, unreadable ones
// included. 0: no room for the next one.
std::size_t DurableStore::take_run(Key key, std::size_t items, std::size_t bytes,
                                   std::vector<wire::UpItem>& out, std::size_t& taken) {
  const auto records = ledger_->read_run(key.epoch, key.seq, items, bytes - std::min(bytes, taken));
  std::size_t done = 0;
  for (const LedgerRecord& record : records) {
    if (!out.empty() && taken + record.body.size() > bytes) return done;
    auto event = wire::decode(record.body);
    if (!event || base::blake2b(record.body) != record.head.hash) break;
    taken += record.body.size();
    out.push_back({std::move(*event), record.head.hash});
    ++done;
  }
  if (done > 0) return done;
  auto item = up_item(key);  // from the other copy
  if (!item) {
    if (!critical_) lose_both(item.error().what);
    return 1;
  }
  const std::size_t size = wire::encode(item->event).size();
  if (!out.empty() && taken + size > bytes) return 0;
  taken += size;
  out.push_back(std::move(*item));
  return 1;
}

std::vector<wire::UpItem> DurableStore::peek(std::size_t items, std::size_t bytes,
                                             const std::vector<base::EventId>& except) {
  flush_held(false);
  std::vector<Key> busy;
  for (const base::EventId& id : except) busy.push_back({id.epoch, id.seq});
  std::sort(busy.begin(), busy.end());
  const auto is_busy = [&](Key key) { return std::binary_search(busy.begin(), busy.end(), key); };

  std::vector<wire::UpItem> out;
  std::size_t taken = 0;
  Key from;
  while (out.size() < items) {
    const auto next = cursor_.first_pending(from);
    if (!next || (!out.empty() && next->epoch != out.front().event.id.epoch)) break;
    from = {next->epoch, next->seq + 1};
    if (is_busy(*next)) continue;
    std::size_t run = 1;
    while (run < items - out.size()) {
      const Key following{next->epoch, next->seq + run};
      if (!cursor_.pending(following) || is_busy(following)) break;
      ++run;
    }
    const std::size_t done = take_run(*next, run, bytes, out, taken);
    if (done == 0) break;
    from.seq = next->seq + done;
  }
  return out;
}

Money DurableStore::total_of(Key key) {
  if (const auto* slot = ledger_->index().find(key.epoch, key.seq)) return slot->total;
  if (book_ == nullptr) return {};
  const auto row = book_->body(key);
  return row ? row->total : Money{};
}

Result<void> DurableStore::settle(std::span<const Settled> settled) {
  constexpr std::size_t kMost = 1000;
  flush_held(false);
  if (settled.size() > kMost) {
    return fail(Code::bad_input, "{} items settled at once, at most {}", settled.size(), kMost);
  }
  std::vector<QueueCursor::Fate> fates;
  for (const Settled& item : settled) {
    if (item.id.till != config_.till || item.state == SyncState::queued) continue;
    const Key key{item.id.epoch, item.id.seq};
    fates.push_back({key, item.state, item.why, total_of(key)});
  }
  const QueueCursor::Changes changes = cursor_.settle(fates);
  if (changes.empty()) return {};
  for (const Key key : changes.done) ledger_->settle(key.epoch, key.seq);
  refresh_oldest();
  // An acknowledgement that is not kept costs a second upload, which the cloud takes as a
  // duplicate: so a dead database is no reason to fail here.
  if (book_ != nullptr) {
    Result<void> kept = book_->begin();
    if (kept) kept = book_->keep(cursor_, changes);
    if (kept) kept = book_->commit();
    if (kept) kept = book_->checkpoint_if_due();
    if (!kept) lose_book(kept.error());
  }
  const auto note_one = [&](Key key, SyncState state) {
    const std::string sale = base::EventId{config_.till, key.epoch, key.seq}.text();
    recorder_.note({"outbox.settled", sale}, {{"state", name(state)}});
  };
  for (const Key key : changes.done) note_one(key, SyncState::acked);
  for (const auto& [key, why] : changes.quarantined) note_one(key, SyncState::quarantined);
  return {};
}

void DurableStore::refresh_oldest() {
  const auto first = cursor_.first_pending({});
  if (first == oldest_ && first) return;
  oldest_ = first;
  base::WallTime wall;
  if (first) {
    const auto record = ledger_->read(first->epoch, first->seq);
    if (record) {
      wall = record->head.wall;
    } else if (book_ != nullptr) {
      const auto row = book_->body(*first);
      if (row) wall = row->wall;
    }
  }
  cursor_.set_oldest(wall);
}

SyncState DurableStore::sync_state(const base::EventId& id) {
  return id.till == config_.till ? cursor_.state({id.epoch, id.seq}) : SyncState::queued;
}

std::vector<SaleRow> DurableStore::sales(std::size_t most) {
  flush_held(false);
  std::vector<SaleRow> rows;
  if (book_ != nullptr) {
    auto found = book_->newest(most, config_.till);
    if (found) rows = std::move(*found);
  } else {
    const auto epochs = ledger_->index().epochs();
    for (auto epoch = epochs.rbegin(); epoch != epochs.rend(); ++epoch) {
      const auto span = ledger_->index().span(*epoch);
      for (std::uint64_t seq = span.last; seq >= span.first && rows.size() < most; --seq) {
        const auto record = ledger_->read(*epoch, seq);
        if (!record || record->head.number == 0) continue;
        rows.push_back({{config_.till, *epoch, seq},
                        static_cast<wire::EventKind>(record->head.kind),
                        {*epoch, record->head.number},
                        record->head.total,
                        record->head.wall,
                        SyncState::queued,
                        {}});
      }
    }
  }
  for (SaleRow& row : rows) {
    const Key key{row.id.epoch, row.id.seq};
    row.sync = cursor_.state(key);
    row.why = cursor_.why(key);
  }
  return rows;
}

Money DurableStore::refunded_in_ledger(const std::string& of) {
  Money sum;
  for (const std::uint32_t epoch : ledger_->index().epochs()) {
    const auto span = ledger_->index().span(epoch);
    for (std::uint64_t seq = span.first; seq <= span.last; ++seq) {
      const auto record = ledger_->read(epoch, seq);
      if (!record || record->head.kind != static_cast<std::uint8_t>(wire::EventKind::refund)) {
        continue;
      }
      const auto event = wire::decode(record->body);
      if (!event) continue;
      const auto* document = std::get_if<wire::Document>(&event->body);
      if (document != nullptr && document->of == of) sum -= document->total;
    }
  }
  return sum;
}

Money DurableStore::refunded(const base::EventId& sale) {
  flush_held(false);
  if (book_ == nullptr) return refunded_in_ledger(sale.text());
  const auto sum = book_->refunded(sale.text());
  if (sum) return *sum;
  return refunded_in_ledger(sale.text());
}

// Not from the ledger: it lets go of what was uploaded.
Result<std::vector<wire::Event>> DurableStore::refunds_of(const base::EventId& sale) {
  flush_held(false);
  if (book_ == nullptr) {
    return fail(Code::not_allowed, "the database is dead, so what {} gave back is not known",
                sale.text());
  }
  const auto keys = book_->refunds_of(sale.text());
  if (!keys) return tl::unexpected(keys.error());
  std::vector<wire::Event> refunds;
  for (const Key key : *keys) {
    auto refund = find({config_.till, key.epoch, key.seq});
    if (!refund) return tl::unexpected(refund.error());
    refunds.push_back(std::move(*refund));
  }
  return refunds;
}

}  // namespace tillrig::store
