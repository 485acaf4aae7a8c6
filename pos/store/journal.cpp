#include "pos/store/journal.hpp"

#include "pos/base/assert.hpp"
#include "pos/sqlite/transaction.hpp"
#include "pos/store/book_files.hpp"
#include "pos/store/mending.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

namespace {

const base::Mutant kDeadTrusted{"dead_database_trusted", "INV-25", "a fault planted by a reviewer",
                                "a database that failed a sync is trusted after a kill"};
const base::Mutant kNeverUsedAgain{"ledger_files_never_freed", "INV-25",
                                   "a fault planted by a reviewer",
                                   "what was uploaded does not free its ledger file"};
const base::Mutant kLogGrows{"database_log_grows", "INV-25", "a fault planted by a reviewer",
                             "the database's log is never moved into it and grows for ever"};

}  // namespace

Journal::Journal(ports::Disk& disk, ports::Recorder& recorder, std::string till, Copies copies,
                 std::string why, base::Mutants mutants)
    : disk_(disk),
      recorder_(recorder),
      till_(std::move(till)),
      copies_(std::move(copies)),
      why_(std::move(why)),
      mutants_(std::move(mutants)) {}

Health Journal::health() const {
  const bool ledger = !copies_.ledger_hurt;
  const bool book = copies_.book != nullptr;
  if (!why_.empty() || (!ledger && !book)) return Health::critical;
  return ledger && book ? Health::sound : Health::degraded;
}

Result<void> Journal::ready() const {
  const Health now = health();
  if (now == Health::critical) {
    return fail(Code::not_allowed, "the store can keep nothing: {}. Call for help",
                why_.empty() ? "both copies of the sales are dead" : why_);
  }
  if (now == Health::degraded && finished_in_hand_) {
    return fail(Code::not_allowed,
                "one copy of the sales is dead: rebuild it before the next sale");
  }
  return {};
}

void Journal::note_health(std::string_view copy, std::string_view why) {
  const bool critical = health() == Health::critical;
  const ports::Note what{critical ? "store.critical" : "store.degraded",
                         {},
                         critical ? ports::Severity::error : ports::Severity::warn};
  recorder_.note(what, {{"copy", copy}, {"why", why}});
}

void Journal::announce(std::string_view what) {
  const Health now = health();
  finished_in_hand_ = now == Health::degraded;
  if (now == Health::critical) note_health("both", what);
  if (now == Health::degraded) note_health(copies_.ledger_hurt ? "ledger" : "database", what);
}

void Journal::lose_ledger(const base::Error& error) {
  if (std::exchange(copies_.ledger_hurt, true)) return;
  note_health("ledger", error.what);
}

void Journal::lose_book(const base::Error& error) {
  if (copies_.book == nullptr) return;
  copies_.book.reset();
  // Its file must not be trusted after a force kill either. If the ledger lacks a sale, though, it
  // is the only place where that may be.
  if (!kDeadTrusted.on(mutants_))
    mark_book(disk_, copies_.book_number, copies_.ledger_hurt ? BookMark::doubted : BookMark::dead);
  note_health("database", error.what);
}

void Journal::lose_both(std::string_view why) {
  TILLRIG_ASSERT(!why.empty(), "what is critical has a reason");
  if (!why_.empty()) return;
  why_ = why;
  note_health("both", why);
}

Result<void> Journal::write(std::span<const Draft> drafts, const Counters& counters) {
  TILLRIG_ASSERT(!drafts.empty() && health() != Health::critical, "written to where it may last");
  bool in_ledger = to_ledger(drafts);
  bool in_book = to_book(drafts, counters);
  const bool written = in_ledger || in_book;
  in_ledger = in_ledger && reads_back_from_ledger(drafts);
  in_book = in_book && reads_back_from_book(drafts);
  if (!in_ledger && !in_book) {
    lose_both(written ? "what was just stored does not read back" : "neither copy can be written");
    return fail(Code::in_doubt,
                "Both copies of this sale failed, {}. Do not ring it up again before this till was "
                "started anew and Register Sales shows whether {} is there; call for help",
                why_, drafts.front().event.id.text());
  }
  for (const Draft& draft : drafts) {
    if (in_ledger) {
      TILLRIG_ASSERT(copies_.ledger->index().find(draft.entry.head.key) != nullptr,
                     "what is in the ledger can be found in it");
    } else {
      copies_.not_in_ledger[draft.entry.head.key] = draft.entry.head.total;
    }
  }
  finished_in_hand_ = health() == Health::degraded;
  return {};
}

// The second try goes to a segment of its own: the first one closed the segment it was in.
bool Journal::to_ledger(std::span<const Draft> drafts) {
  std::vector<LedgerEntry> entries;
  entries.reserve(drafts.size());
  for (const Draft& draft : drafts) entries.push_back({draft.entry.head, draft.entry.body});
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (auto written = copies_.ledger->write(entries); !written) {
      lose_ledger(written.error());
      continue;
    }
    note(recorder_, "ledger.appended", drafts);
    if (auto synced = copies_.ledger->sync(); !synced) {
      lose_ledger(synced.error());
      continue;
    }
    note(recorder_, "ledger.synced", drafts);
    return true;
  }
  return false;
}

Result<void> Journal::write_rows(std::span<const Draft> drafts, const Counters& counters) {
  SaleBook& book = *copies_.book;
  sqlite::Transaction transaction(book.connection());
  if (auto begun = transaction.begin(); !begun) return begun;
  for (const Draft& draft : drafts) {
    const auto* document = std::get_if<wire::Document>(&draft.event.body);
    const std::string_view of = document == nullptr ? std::string_view() : document->of;
    if (auto put = book.insert(draft.entry.head, draft.entry.body, of); !put) return put;
  }
  if (auto kept = book.keep(counters); !kept) return kept;
  return transaction.commit();
}

bool Journal::to_book(std::span<const Draft> drafts, const Counters& counters) {
  if (copies_.book == nullptr) return false;
  if (auto written = write_rows(drafts, counters); !written) {
    lose_book(written.error());
    return false;
  }
  note(recorder_, "db.committed", drafts);
  return true;
}

bool Journal::reads_back_from_ledger(std::span<const Draft> drafts) {
  const Key first = drafts.front().entry.head.key;
  const auto entries = copies_.ledger->read_run(first, drafts.size(), SIZE_MAX);
  bool same = entries.size() == drafts.size();
  for (std::size_t i = 0; same && i < drafts.size(); ++i) {
    same = entries[i].head.hash == drafts[i].entry.head.hash &&
           entries[i].body == drafts[i].entry.body;
  }
  if (same) return true;
  copies_.ledger->distrust();
  lose_ledger({Code::corrupt, "the ledger does not read back what was written"});
  return false;
}

bool Journal::reads_back_from_book(std::span<const Draft> drafts) {
  for (const Draft& draft : drafts) {
    const auto same = copies_.book->holds(draft.entry.head, draft.entry.body);
    if (same && *same) continue;
    lose_book(same ? base::Error{Code::corrupt, "the database does not read back what was written"}
                   : same.error());
    return false;
  }
  return true;
}

Result<void> Journal::read_book(const Work& work) {
  if (copies_.book == nullptr) return fail(Code::not_allowed, "the database is dead");
  return work(copies_.book->connection());
}

Result<void> Journal::write_book(const Work& work) {
  if (copies_.book == nullptr) return fail(Code::not_allowed, "the database is dead");
  Result<void> done;
  bool committing = false;
  {
    sqlite::Transaction transaction(copies_.book->connection());
    done = transaction.begin();
    if (done) done = work(copies_.book->connection());
    committing = done.has_value();
    if (committing) done = transaction.commit();
  }
  if (done) {
    checkpoint();
  } else if (committing || done.error().code != Code::no_space) {
    lose_book(done.error());
  }
  return done;
}

void Journal::checkpoint() {
  if (copies_.book == nullptr || kLogGrows.on(mutants_)) return;
  if (auto moved = copies_.book->connection().checkpoint_if_due(); !moved) lose_book(moved.error());
}

Result<void> Journal::rebuild(QueueCursor& cursor) {
  if (health() == Health::critical) {
    return fail(Code::not_allowed, "both copies of the sales are dead: nothing to rebuild from");
  }
  Mending mending(disk_, till_, copies_, cursor);
  if (copies_.ledger_hurt) {
    if (auto done = mending.fill_ledger({}, Mending::Source::book); !done) return done;
    recorder_.note({"copy.rebuilt"}, {{"copy", "ledger"}});
  }
  if (copies_.book == nullptr) {
    std::vector<Key> all;
    const LedgerIndex& index = copies_.ledger->index();
    for (const std::uint32_t epoch : index.epochs()) {
      const LedgerIndex::Span span = index.span(epoch);
      for (std::uint64_t seq = span.first; seq <= span.last; ++seq) {
        if (index.find({epoch, seq}) != nullptr) all.push_back({epoch, seq});
      }
    }
    if (auto done = mending.fill_book(all); !done) return done;
    recorder_.note({"copy.rebuilt"}, {{"copy", "database"}});
  }
  finished_in_hand_ = false;
  return {};
}

void Journal::settle(const QueueCursor& cursor, const QueueCursor::Changes& changes) {
  for (const Key key : changes.done) {
    if (!kNeverUsedAgain.on(mutants_)) copies_.ledger->settle(key);
  }
  if (copies_.book == nullptr) return;
  const auto keep = [&]() -> Result<void> {
    sqlite::Transaction transaction(copies_.book->connection());
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto kept = copies_.book->keep(cursor, changes); !kept) return kept;
    return transaction.commit();
  };
  if (auto kept = keep(); !kept) return lose_book(kept.error());
  checkpoint();
}

// Where the ledger has it still, that part of it has to stay.
Result<void> Journal::take_back(const QueueCursor& cursor, const QueueCursor::Changes& changes) {
  for (const Key key : changes.again) copies_.ledger->owe(key);
  for (const auto& [key, why] : changes.quarantined) copies_.ledger->owe(key);
  if (copies_.book == nullptr) return fail(Code::not_allowed, "the database is dead");
  const auto keep = [&]() -> Result<void> {
    sqlite::Transaction transaction(copies_.book->connection());
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto kept = copies_.book->keep(cursor, changes); !kept) return kept;
    return transaction.commit();
  };
  auto kept = keep();
  if (!kept) lose_book(kept.error());
  checkpoint();
  return kept;
}

Result<Cleaned> Journal::clean(const std::vector<Key>& keys) {
  Cleaned cleaned;
  SaleBook::Cleaned through = copies_.cleaned;
  for (const Key key : keys) through[key.epoch] = std::max(through[key.epoch], key.seq);
  auto done = write_book([&](sqlite::Connection&) -> Result<void> {
    if (auto removed = copies_.book->remove(keys); !removed) return removed;
    if (auto kept = copies_.book->keep_cleaned(through); !kept) return kept;
    const auto bytes = copies_.book->shrink();
    if (!bytes) return base::Failure(bytes.error());
    cleaned = {keys.size(), *bytes};
    return {};
  });
  if (!done) return base::Failure(done.error());
  // The file itself gets smaller only now.
  if (copies_.book != nullptr) {
    if (auto moved = copies_.book->connection().checkpoint(); !moved) lose_book(moved.error());
  }
  copies_.cleaned = std::move(through);
  for (const Key key : keys) copies_.ledger->forget(key);
  return cleaned;
}

bool Journal::cleaned_up(Key key) const {
  const auto at = copies_.cleaned.find(key.epoch);
  return at != copies_.cleaned.end() && key.seq <= at->second;
}

Result<std::vector<SaleBook::Hashed>> Journal::page(Key after, std::size_t most) {
  if (copies_.book == nullptr) return fail(Code::not_allowed, "the database is dead");
  return copies_.book->page(after, most);
}

Result<Key> Journal::last_of(wire::EventKind kind) {
  if (copies_.book == nullptr) return fail(Code::not_allowed, "the database is dead");
  return copies_.book->last_of(kind);
}

Result<std::vector<Key>> Journal::all_of(wire::EventKind kind, Key from) {
  if (copies_.book == nullptr) return fail(Code::not_allowed, "the database is dead");
  return copies_.book->all_of(kind, from);
}

Result<Entry> Journal::read(Key key) {
  auto entry = copies_.ledger->read(key);
  if (entry || copies_.book == nullptr) return entry;
  auto row = copies_.book->read(key);
  return row || entry.error().code == Code::not_found ? row : entry;
}

std::vector<Entry> Journal::read_run(Key first, std::size_t count, std::size_t bytes) {
  std::vector<Entry> entries = copies_.ledger->read_run(first, count, bytes);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (base::blake2b(entries[i].body) != entries[i].head.hash) entries.resize(i);
  }
  return entries;
}

Money Journal::total_of(Key key) {
  if (const auto* slot = copies_.ledger->index().find(key)) return slot->total;
  if (const auto at = copies_.not_in_ledger.find(key); at != copies_.not_in_ledger.end()) {
    return at->second;
  }
  const auto entry = read(key);
  return entry ? entry->head.total : Money{};
}

base::WallTime Journal::wall_of(Key key) {
  const auto entry = read(key);
  return entry ? entry->head.wall : base::WallTime{};
}

std::vector<Head> Journal::newest(std::size_t most, std::uint32_t from) {
  if (copies_.book != nullptr) {
    if (auto heads = copies_.book->newest(most, from)) return std::move(*heads);
  }
  std::vector<Head> heads;
  const auto epochs = copies_.ledger->index().epochs();
  for (auto epoch = epochs.rbegin(); epoch != epochs.rend(); ++epoch) {
    if (*epoch < from) break;
    const auto span = copies_.ledger->index().span(*epoch);
    for (std::uint64_t seq = span.last; seq >= span.first && heads.size() < most; --seq) {
      const auto entry = copies_.ledger->read({*epoch, seq});
      if (entry && entry->head.number != 0) heads.push_back(entry->head);
    }
  }
  return heads;
}

Result<std::vector<Key>> Journal::refunds_of(const std::string& sale) {
  if (copies_.book == nullptr) {
    return fail(Code::not_allowed, "the database is dead, so what {} gave back is not known", sale);
  }
  return copies_.book->refunds_of(sale);
}

void Journal::close() {
  if (health() != Health::sound) return;  // the next opening compares the copies
  const auto mark = [&]() -> Result<void> {
    sqlite::Transaction transaction(copies_.book->connection());
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto marked = copies_.book->mark(true, true); !marked) return marked;
    return transaction.commit();
  };
  if (auto marked = mark(); !marked) return lose_book(marked.error());
  copies_.book.reset();
  why_ = "it is closed";
}

}  // namespace tillrig::store
