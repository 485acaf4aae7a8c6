// Bringing a dead copy back from the living one.

#include "pos/store/book_files.hpp"
#include "pos/store/durable_store.hpp"
#include "pos/store/ledger_filler.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;
using Key = QueueCursor::Key;

Result<void> DurableStore::rebuild() {
  if (health() == Health::critical) {
    return fail(Code::not_allowed, "both copies of the sales are dead: nothing to rebuild from");
  }
  if (ledger_hurt_) {
    if (const auto done = rebuild_ledger(); !done) return done;
    recorder_.note({"copy.rebuilt"}, {{"copy", "ledger"}});
  }
  if (book_ == nullptr) {
    if (const auto done = rebuild_book(); !done) return done;
    recorder_.note({"copy.rebuilt"}, {{"copy", "database"}});
  }
  finished_in_hand_ = false;
  return {};
}

// What stands in segments that failed, and what never got into one, goes to a new segment, out of
// the database: a read from a file that failed a sync proves nothing.
Result<void> DurableStore::rebuild_ledger() {
  std::vector<Key> keys = not_in_ledger_;
  for (const LedgerIndex::Key& key : ledger_->stranded()) keys.push_back({key.epoch, key.seq});
  LedgerFiller filler(*ledger_);
  for (const Key key : from_oldest(*ledger_, std::move(keys))) {
    auto row = book_->body(key);
    if (!row) return tl::unexpected(row.error());
    const RecordHead head{key.epoch,  key.seq,   row->number, static_cast<std::uint8_t>(row->kind),
                          row->total, row->wall, row->hash};
    const bool owed = cursor_.state(key) != SyncState::acked;
    if (const auto added = filler.add(head, std::move(row->bytes), owed); !added) return added;
  }
  if (const auto flushed = filler.flush(); !flushed) return flushed;
  if (filler.failed_once()) {
    return fail(Code::io, "the ledger failed again while it was rebuilt: try once more");
  }
  if (const auto dropped = ledger_->drop_dead(); !dropped) return dropped;
  not_in_ledger_.clear();
  ledger_hurt_ = false;
  return {};
}

Result<void> DurableStore::fill_book(SaleBook& book) {
  constexpr std::size_t kAtOnce = 1024;
  if (const auto begun = book.begin(); !begun) return begun;
  for (const std::uint32_t epoch : ledger_->index().epochs()) {
    const LedgerIndex::Span span = ledger_->index().span(epoch);
    for (std::uint64_t seq = span.first; seq <= span.last;) {
      const auto records = ledger_->read_run(epoch, seq, kAtOnce, SIZE_MAX);
      for (const LedgerRecord& record : records) {
        const auto put = insert_record(book, record.head, record.body);
        if (!put) return put;
      }
      seq += records.size();
      if (!records.empty()) continue;
      if (const auto record = ledger_->read(epoch, seq); !record) {
        return tl::unexpected(record.error());  // it stands nowhere else
      }
    }
  }
  const auto wanted = [this](Key key) { return let_go(ledger_->index(), key); };
  std::set<std::string> read;  // the next opening looks once more before it removes them
  if (const auto taken = take_from_others(disk_, book_number_, book, wanted, read); !taken) {
    return tl::unexpected(taken.error());
  }
  if (const auto kept = book.keep_all(cursor_); !kept) return kept;
  if (const auto marked = book.mark(true, false); !marked) return marked;
  return book.commit();
}

Result<void> DurableStore::rebuild_book() {
  const std::uint32_t number = ++book_number_;
  auto book = SaleBook::create(disk_, book_path(number), config_.till);
  if (!book) return tl::unexpected(book.error());
  if (const auto filled = fill_book(**book); !filled) return filled;
  if (const auto synced = disk_.sync_dir(kBookFolder); !synced) return synced;
  book_ = std::move(*book);
  return {};
}

}  // namespace tillrig::store
