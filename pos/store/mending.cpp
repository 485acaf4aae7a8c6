#include "pos/store/mending.hpp"

#include "pos/base/assert.hpp"
#include "pos/sqlite/transaction.hpp"
#include "pos/store/book_files.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

namespace {

// Records into the ledger, some at a time; a second try, in a new segment, when one fails.
class LedgerFiller {
 public:
  explicit LedgerFiller(Ledger& ledger) : ledger_(ledger) {}

  // owed: the cloud does not have it yet.
  Result<void> add(Entry entry, bool owed) {
    bytes_ += entry.body.size() + kSectorBytes;
    waiting_.push_back({std::move(entry), owed});
    return bytes_ < ledger_.much() ? Result<void>() : flush();
  }

  Result<void> flush() {
    if (waiting_.empty()) return {};
    std::vector<LedgerEntry> entries;
    for (const Waiting& each : waiting_) {
      entries.push_back({each.entry.head, each.entry.body, each.owed});
    }
    auto done = ledger_.append(entries);
    if (!done) {
      failed_once_ = true;
      done = ledger_.append(entries);
    }
    waiting_.clear();
    bytes_ = 0;
    return done;
  }

  // Then what was added earlier may be stranded again, in the segment that failed.
  [[nodiscard]] bool failed_once() const { return failed_once_; }

 private:
  struct Waiting {
    Entry entry;
    bool owed = true;
  };

  Ledger& ledger_;
  std::vector<Waiting> waiting_;
  std::size_t bytes_ = 0;
  bool failed_once_ = false;
};

}  // namespace

bool let_go(const LedgerIndex& ledger, Key key) {
  const std::vector<std::uint32_t> epochs = ledger.epochs();
  if (epochs.empty()) return false;
  const bool kept = std::binary_search(epochs.begin(), epochs.end(), key.epoch);
  return kept ? key.seq < ledger.span(key.epoch).first : key.epoch < epochs.back();
}

std::vector<Key> Mending::from_oldest(std::vector<Key> keys) const {
  if (keys.empty()) return keys;
  const Key oldest = *std::min_element(keys.begin(), keys.end());
  const LedgerIndex& index = copies_.ledger->index();
  for (const std::uint32_t epoch : index.epochs()) {
    const LedgerIndex::Span span = index.span(epoch);
    if (epoch < oldest.epoch) continue;
    std::uint64_t seq = epoch == oldest.epoch ? std::max(span.first, oldest.seq) : span.first;
    for (; seq <= span.last; ++seq) {
      if (index.find({epoch, seq}) != nullptr) keys.push_back({epoch, seq});
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

Result<void> Mending::fill_ledger(std::vector<Key> keys, Source source) {
  Ledger& ledger = *copies_.ledger;
  for (const Key key : ledger.stranded()) keys.push_back(key);
  for (const auto& [key, total] : copies_.not_in_ledger) keys.push_back(key);
  if (const auto key = ledger.index().first_out_of_order()) keys.push_back(*key);
  keys = from_oldest(std::move(keys));
  // Each try in files of its own: an event stands in a segment once.
  if (!keys.empty()) ledger.turn_page();
  auto written = write_again(keys, source);
  if (!written) {
    copies_.ledger_hurt = true;
    return written;
  }
  // That the files of failed segments stay costs room and nothing else: the next opening sees that
  // all in them stands elsewhere.
  (void)ledger.drop_dead();
  copies_.not_in_ledger.clear();
  copies_.ledger_hurt = false;
  return {};
}

Result<void> Mending::write_again(const std::vector<Key>& keys, Source source) {
  LedgerFiller filler(*copies_.ledger);
  for (const Key key : keys) {
    auto entry = read(key, source);
    if (!entry) return base::Failure(entry.error());
    const bool owed = cursor_.state(key) != SyncState::acked;
    if (auto added = filler.add(std::move(*entry), owed); !added) return added;
  }
  if (auto flushed = filler.flush(); !flushed) return flushed;
  if (filler.failed_once()) {
    return fail(Code::io, "the ledger failed again while it was rebuilt: try once more");
  }
  return {};
}

Result<Entry> Mending::read(Key key, Source source) {
  if (source == Source::both) {
    auto entry = copies_.ledger->read(key);
    if (entry || copies_.book == nullptr) return entry;
  }
  TILLRIG_ASSERT(copies_.book != nullptr, "the ledger is rebuilt from a living book");
  return copies_.book->read(key);
}

Result<std::unique_ptr<SaleBook>> Mending::make_book() {
  const auto numbers = book_numbers(disk_);
  if (!numbers) return base::Failure(numbers.error());
  copies_.book_number = std::max(copies_.book_number, numbers->newest()) + 1;
  auto book = SaleBook::create(disk_, book_path(copies_.book_number), till_);
  if (!book) return book;
  if (auto synced = disk_.sync_dir(kBookFolder); !synced) return base::Failure(synced.error());
  if (auto synced = disk_.sync_dir(""); !synced) return base::Failure(synced.error());
  return book;
}

Result<void> Mending::copy_to(SaleBook& book, const std::vector<Key>& keys) {
  constexpr std::size_t kAtOnce = 1024;
  for (std::size_t i = 0; i < keys.size();) {
    std::size_t run = 1;
    while (run < kAtOnce && i + run < keys.size() &&
           keys[i + run] == Key{keys[i].epoch, keys[i].seq + run}) {
      ++run;
    }
    std::vector<Entry> entries = copies_.ledger->read_run(keys[i], run, SIZE_MAX);
    if (entries.empty()) {
      auto one = copies_.ledger->read(keys[i]);
      if (!one) return base::Failure(one.error());  // it stands nowhere else
      entries.push_back(std::move(*one));
    }
    for (const Entry& entry : entries) {
      if (base::blake2b(entry.body) != entry.head.hash) {
        return fail(Code::corrupt, "ledger: {}.{}.{} is not what was written", till_,
                    entry.head.key.epoch, entry.head.key.seq);
      }
      if (auto put = book.put(entry); !put) return put;
    }
    i += entries.size();
  }
  return {};
}

Result<void> Mending::copy_let_go(SaleBook& book) {
  std::map<std::uint32_t, std::uint64_t> highest;
  const auto wanted = [&](Key key) {
    if (!let_go(copies_.ledger->index(), key)) return false;
    highest[key.epoch] = std::max(highest[key.epoch], key.seq);
    return true;
  };
  std::set<std::string> read;  // they stay, for the next opening to look through once more
  const auto taken = take_from_others(disk_, copies_.book_number, book, wanted, read);
  if (!taken) return base::Failure(taken.error());
  for (const auto& [epoch, seq] : highest) {
    if (cursor_.epochs().contains(epoch)) continue;
    QueueCursor::Epoch settled;
    settled.through = settled.high = seq;
    cursor_.restore(epoch, std::move(settled));
    Counters counters = cursor_.counters();
    counters.uploaded += seq;
    cursor_.restore(counters);
  }
  return {};
}

Result<void> Mending::fill_book(const std::vector<Key>& keys) {
  std::unique_ptr<SaleBook> made;
  if (copies_.book == nullptr) {
    auto fresh = make_book();
    if (!fresh) return base::Failure(fresh.error());
    made = std::move(*fresh);
  }
  SaleBook& book = made ? *made : *copies_.book;
  sqlite::Transaction transaction(book.connection());
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto copied = copy_to(book, keys); !copied) return copied;
  if (made) {
    if (auto copied = copy_let_go(book); !copied) return copied;
    if (auto kept = book.keep_cleaned(copies_.cleaned); !kept) return kept;
  }
  if (auto kept = book.keep_all(cursor_); !kept) return kept;
  if (auto marked = book.mark(true, false); !marked) return marked;
  if (auto committed = transaction.commit(); !committed) return committed;
  if (made) copies_.book = std::move(made);
  return {};
}

}  // namespace tillrig::store
