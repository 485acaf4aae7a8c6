// Giving each copy what only the other has.

#include "pos/store/book_files.hpp"
#include "pos/store/ledger_filler.hpp"
#include "pos/store/opening_steps.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

void Opening::recount() {
  Counters counters;
  counters.uploaded = out_.cursor.counters().uploaded;
  for (const auto& [number, epoch] : out_.cursor.epochs()) {
    counters.quarantined += epoch.quarantined.size();
  }
  const auto count = [&](Key key, Money total) {
    if (!out_.cursor.pending(key)) return;
    ++counters.pending;
    counters.pending_value += total;
  };
  for (const RecordHead& head : heads_) count(key_of(head), head.total);
  std::vector<Key> in_ledger;
  for (const RecordHead& head : heads_) in_ledger.push_back(key_of(head));
  for (const SaleBook::RowProof& row : rows_) {
    if (!std::binary_search(in_ledger.begin(), in_ledger.end(), row.key)) count(row.key, row.total);
  }
  out_.cursor.restore(counters);
}

void Opening::fill_ledger() {
  Ledger& ledger = *out_.ledger;
  std::vector<Key> again = to_ledger_again_;
  for (const LedgerIndex::Key& key : ledger.stranded()) again.push_back({key.epoch, key.seq});
  again.insert(again.end(), to_ledger_from_book_.begin(), to_ledger_from_book_.end());
  if (clean_ && again.empty()) ledger.resume();
  LedgerFiller filler(ledger);
  Result<void> filled;
  for (const Key key : from_oldest(ledger, std::move(again))) {
    if (auto record = ledger.read(key.epoch, key.seq)) {
      filled = filler.add(record->head, std::move(record->body), owed(key));
    } else if (out_.book != nullptr) {
      auto row = out_.book->body(key);
      if (!row) continue;  // compare() has read those that are nowhere else
      const RecordHead head{
          key.epoch,  key.seq,   row->number, static_cast<std::uint8_t>(row->kind),
          row->total, row->wall, row->hash};
      filled = filler.add(head, std::move(row->bytes), owed(key));
    }
    if (!filled) break;
  }
  if (filled) filled = filler.flush();
  if (filled && !filler.failed_once()) (void)ledger.drop_dead();
  out_.ledger_hurt = !filled || filler.failed_once();
}

Result<void> Opening::make_book() {
  ++out_.book_number;
  auto book = SaleBook::create(disk_, book_path(out_.book_number), config_.till);
  if (!book) return tl::unexpected(book.error());
  out_.book = std::move(*book);
  made_book_ = true;
  if (const auto synced = disk_.sync_dir(kBookFolder); !synced) return synced;
  return disk_.sync_dir("");
}

Result<void> Opening::write_book() {
  SaleBook& book = *out_.book;
  if (const auto begun = book.begin(); !begun) return begun;
  for (const Key key : to_book_) {
    const auto record = out_.ledger->read(key.epoch, key.seq);
    if (!record) return tl::unexpected(record.error());
    if (const auto put = insert_record(book, record->head, record->body); !put) return put;
  }
  if (made_book_) {
    const auto wanted = [this](Key key) { return let_go(out_.ledger->index(), key); };
    std::set<std::string> read;  // for what was settled only: they stay for salvage()
    const auto taken = take_from_others(disk_, out_.book_number, book, wanted, read);
    if (!taken) return tl::unexpected(taken.error());
  }
  if (const auto kept = book.keep_all(out_.cursor); !kept) return kept;
  if (const auto marked = book.mark(true, false); !marked) return marked;
  return book.commit();
}

void Opening::fill_book() {
  Result<void> filled;
  if (out_.book == nullptr) filled = make_book();
  if (filled) filled = write_book();
  if (!filled) {
    out_.what += "; " + filled.error().what;
    out_.book.reset();
    return;
  }
  remove_other_books(disk_, out_.book_number, salvaged_);
}

// Whether the cloud still has to hear of it.
bool Opening::owed(Key key) const {
  const auto at = out_.cursor.epochs().find(key.epoch);
  if (at == out_.cursor.epochs().end()) return true;
  const QueueCursor::Epoch& epoch = at->second;
  if (epoch.quarantined.contains(key.seq)) return true;
  return key.seq > epoch.through && !epoch.acked.contains(key.seq);
}

void Opening::mend() {
  if (out_.verdict != Verdict::clean) recount();
  // Before anything is written: a segment that owes nothing may be used again.
  for (const RecordHead& head : heads_) {
    if (owed(key_of(head))) out_.ledger->owe(head.epoch, head.seq);
  }
  fill_ledger();
  fill_book();
}

}  // namespace tillrig::store
