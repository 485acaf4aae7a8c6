// Opening, committing and closing. The queue's side is in durable_queue.cpp, bringing a dead copy
// back in rebuild.cpp.

#include "pos/store/durable_store.hpp"

#include "pos/base/assert.hpp"
#include "pos/store/book_files.hpp"

#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;
using Key = QueueCursor::Key;

namespace {

const base::Mutant kDebouncedPersist{
    "debounced_persist", "INV-01", "odoo/odoo#267799, odoo/odoo#125037",
    "A sale is acknowledged at once and written with the next one or 300 ms later."};
constexpr base::Duration kDebounce = std::chrono::milliseconds(300);

const base::Mutant kNumberReuse{
    "number_reuse_after_crash", "INV-06", "odoo/odoo#125037",
    "After an unclean stop the old epoch goes on, so numbers that were lost are given again."};

Key key_of(const base::EventId& id) {
  return {id.epoch, id.seq};
}

ports::Severity severity_of(Verdict verdict) {
  if (verdict == Verdict::critical) return ports::Severity::error;
  return verdict == Verdict::degraded ? ports::Severity::warn : ports::Severity::info;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(ports::Disk& disk, ports::Clock& clock,
                                           ports::Recorder& recorder, Config config) {
  auto copies = open_copies(disk, config);
  if (!copies) return base::within("store", copies.error());
  return std::make_unique<DurableStore>(disk, clock, recorder, std::move(config),
                                        std::move(*copies));
}

DurableStore::DurableStore(ports::Disk& disk, ports::Clock& clock, ports::Recorder& recorder,
                           Config config, Copies copies)
    : disk_(disk),
      clock_(clock),
      recorder_(recorder),
      config_(std::move(config)),
      ledger_(std::move(copies.ledger)),
      book_(std::move(copies.book)),
      book_number_(copies.book_number),
      ledger_hurt_(copies.ledger_hurt),
      critical_(copies.verdict == Verdict::critical),
      cursor_(std::move(copies.cursor)),
      series_(config_.till) {
  series_.resume(copies.epoch, copies.seq, copies.number);
  opened_.verdict = copies.verdict;
  opened_.what = std::move(copies.what);
  opened_.epoch = copies.epoch;
  opened_.high_number = copies.number;
  opened_.copy_lost = copies.copy_lost;
  const bool stopped_well = copies.verdict == Verdict::clean || kNumberReuse.on(config_.mutants);
  opened_.new_epoch_due = copies.epoch == 0 || !stopped_well;
  if (copies.epoch != 0) {
    const auto newest = find(series_.id(0));
    if (newest) hlc_.resume(newest->hlc);
  }
  refresh_oldest();
  const ports::Note opened{"store.opened", {}, severity_of(opened_.verdict)};
  recorder_.note(opened, {{"verdict", name(opened_.verdict)},
                          {"what", std::string_view(opened_.what)},
                          {"epoch", std::int64_t{opened_.epoch}},
                          {"pending", static_cast<std::int64_t>(cursor_.counters().pending)}});
  finished_in_hand_ = health() == Health::degraded;  // there is none: rebuild first
  if (critical_) note_health("both", opened_.what);
  if (health() == Health::degraded) note_health(ledger_hurt_ ? "ledger" : "database", opened_.what);
}

Health DurableStore::health() const {
  if (critical_ || (ledger_hurt_ && book_ == nullptr)) return Health::critical;
  return ledger_hurt_ || book_ == nullptr ? Health::degraded : Health::sound;
}

void DurableStore::note(std::string_view mark, const Batch& batch) {
  for (const Prepared& prepared : batch) {
    const std::string sale = prepared.event.id.text();
    recorder_.note({mark, sale}, {{"kind", wire::name(prepared.event.kind)},
                                  {"total", prepared.head.total.minor},
                                  {"number", static_cast<std::int64_t>(prepared.head.number)}});
  }
}

void DurableStore::note_health(std::string_view copy, std::string_view why) {
  const bool critical = health() == Health::critical;
  const ports::Note what{critical ? "store.critical" : "store.degraded",
                         {},
                         critical ? ports::Severity::error : ports::Severity::warn};
  recorder_.note(what, {{"copy", copy}, {"why", why}});
}

void DurableStore::lose_ledger(const base::Error& error) {
  const bool news = !ledger_hurt_;
  ledger_hurt_ = true;
  if (news) note_health("ledger", error.what);
}

void DurableStore::lose_book(const base::Error& error) {
  if (book_ == nullptr) return;
  book_.reset();
  // Its file must not be trusted after a force kill either. If the ledger lacks a sale, though, it
  // is the only place where that may be.
  if (!ledger_hurt_) set_aside(disk_, book_number_);
  note_health("database", error.what);
}

void DurableStore::lose_both(std::string_view why) {
  critical_ = true;
  opened_.what = why;
  note_health("both", why);
}

Result<void> DurableStore::check_ready() const {
  if (health() == Health::critical) {
    return fail(Code::not_allowed, "the store can keep nothing: {}. Call for help", opened_.what);
  }
  if (health() == Health::degraded && finished_in_hand_) {
    return fail(Code::not_allowed,
                "one copy of the sales is dead: rebuild it before the next sale");
  }
  return {};
}

DurableStore::Prepared DurableStore::prepare(wire::Event event) {
  Prepared prepared;
  event.wall = clock_.wall();
  event.hlc = hlc_.tick(event.wall);
  prepared.body = wire::encode(event);
  prepared.head.epoch = event.id.epoch;
  prepared.head.seq = event.id.seq;
  prepared.head.kind = static_cast<std::uint8_t>(event.kind);
  prepared.head.wall = event.wall;
  prepared.head.hash = base::blake2b(prepared.body);
  if (const auto* document = std::get_if<wire::Document>(&event.body)) {
    prepared.head.number = document->number;
    prepared.head.total = document->total;
  }
  prepared.event = std::move(event);
  return prepared;
}

Result<DurableStore::Batch> DurableStore::number(wire::EventKind kind,
                                                 std::vector<wire::Document> documents) {
  Batch batch;
  batch.reserve(documents.size());
  for (wire::Document& document : documents) {
    const std::uint64_t ahead = batch.size() + 1;
    wire::Event event;
    event.id = series_.id(ahead);
    event.kind = kind;
    document.number = series_.number(ahead);
    if (const auto sums = wire::check_document(document, kind); !sums) {
      return tl::unexpected(sums.error());
    }
    event.aggregate = document.of.empty() ? event.id.text() : document.of;
    event.body = std::move(document);
    batch.push_back(prepare(std::move(event)));
  }
  return batch;
}

Result<wire::Event> DurableStore::commit(wire::EventKind kind, wire::Document document) {
  std::vector<wire::Document> one;
  one.push_back(std::move(document));
  auto events = commit_all(kind, std::move(one));
  if (!events) return tl::unexpected(events.error());
  return std::move(events->front());
}

Result<std::vector<wire::Event>> DurableStore::commit_all(wire::EventKind kind,
                                                          std::vector<wire::Document> documents) {
  flush_held(true);
  if (const auto ready = check_ready(); !ready) return tl::unexpected(ready.error());
  if (opened_.new_epoch_due) {
    return fail(Code::not_allowed, "{}: a new epoch is due before the next document: {}",
                config_.till, opened_.what);
  }
  auto numbered = number(kind, std::move(documents));
  if (!numbered) return tl::unexpected(numbered.error());
  Batch& batch = *numbered;
  note("sale.begun", batch);
  if (kDebouncedPersist.on(config_.mutants)) {
    held_ = batch;
    held_since_ = clock_.now();
    note("sale.committed", batch);
  } else if (const auto persisted = persist(batch); !persisted) {
    return tl::unexpected(persisted.error());
  }
  std::vector<wire::Event> events;
  events.reserve(batch.size());
  for (Prepared& prepared : batch) events.push_back(std::move(prepared.event));
  return events;
}

void DurableStore::flush_held(bool at_once) {
  if (held_.empty() || (!at_once && clock_.now() - held_since_ < kDebounce)) return;
  const Batch batch = std::exchange(held_, {});
  (void)persist(batch);
}

Result<void> DurableStore::open_epoch(std::string_view reason, std::uint32_t at_least) {
  flush_held(true);
  if (const auto ready = check_ready(); !ready) return ready;
  wire::Event event;
  event.id = {config_.till, std::max(series_.epoch() + 1, at_least), 1};
  event.kind = wire::EventKind::epoch_opened;
  event.aggregate = event.id.text();
  event.body = wire::EpochOpened{series_.epoch(), std::string(reason)};
  Batch batch;
  batch.push_back(prepare(std::move(event)));
  if (auto persisted = persist(batch); !persisted) return persisted;
  opened_.new_epoch_due = false;
  recorder_.note({"epoch.opened"}, {{"epoch", std::int64_t{series_.epoch()}}, {"reason", reason}});
  return {};
}

// Reference: storage 3.3, steps 2 to 5.
Result<void> DurableStore::persist(const Batch& batch) {
  bool in_ledger = to_ledger(batch);
  bool in_book = to_book(batch);
  const bool written = in_ledger || in_book;
  in_ledger = in_ledger && reads_back_from_ledger(batch);
  in_book = in_book && reads_back_from_book(batch);
  if (!in_ledger && !in_book) {
    lose_both(written ? "what was just stored does not read back" : "neither copy can be written");
    return fail(Code::in_doubt,
                "Both copies of this sale failed, {}. Do not ring it up again before this till was "
                "started anew and Register Sales shows whether {} is there; call for help",
                opened_.what, batch.front().event.id.text());
  }
  adopt(batch, in_ledger);
  finished_in_hand_ = health() == Health::degraded;
  note("sale.committed", batch);
  if (book_ != nullptr) {
    if (const auto moved = book_->checkpoint_if_due(); !moved) lose_book(moved.error());
  }
  return {};
}

bool DurableStore::to_ledger(const Batch& batch) {
  std::vector<LedgerEntry> entries;
  entries.reserve(batch.size());
  for (const Prepared& prepared : batch) entries.push_back({prepared.head, prepared.body});
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto written = ledger_->write(entries);
    if (!written) {
      lose_ledger(written.error());
      continue;
    }
    note("ledger.appended", batch);
    const auto synced = ledger_->sync();
    if (!synced) {
      lose_ledger(synced.error());
      continue;
    }
    note("ledger.synced", batch);
    return true;
  }
  return false;
}

Result<void> DurableStore::write_rows(const Batch& batch) {
  if (const auto begun = book_->begin(); !begun) return begun;
  Counters counters = cursor_.counters();
  for (const Prepared& prepared : batch) {
    BookRow row;
    row.key = key_of(prepared.event.id);
    row.kind = prepared.head.kind;
    row.number = prepared.head.number;
    row.total = prepared.head.total;
    row.wall = prepared.head.wall;
    if (const auto* document = std::get_if<wire::Document>(&prepared.event.body)) {
      row.of = document->of;
    }
    row.hash = prepared.head.hash;
    row.body = prepared.body;
    if (const auto put = book_->insert(row); !put) return put;
    ++counters.pending;
    counters.pending_value += prepared.head.total;
  }
  if (const auto kept = book_->keep(counters); !kept) return kept;
  return book_->commit();
}

bool DurableStore::to_book(const Batch& batch) {
  if (book_ == nullptr) return false;
  if (const auto written = write_rows(batch); !written) {
    lose_book(written.error());
    return false;
  }
  note("db.committed", batch);
  return true;
}

bool DurableStore::reads_back_from_ledger(const Batch& batch) {
  const RecordHead& first = batch.front().head;
  const auto records = ledger_->read_run(first.epoch, first.seq, batch.size(), SIZE_MAX);
  bool same = records.size() == batch.size();
  for (std::size_t i = 0; same && i < batch.size(); ++i) {
    same = records[i].head.hash == batch[i].head.hash && records[i].body == batch[i].body;
  }
  if (same) return true;
  ledger_->distrust();
  lose_ledger({Code::corrupt, "the ledger does not read back what was written"});
  return false;
}

bool DurableStore::reads_back_from_book(const Batch& batch) {
  for (const Prepared& prepared : batch) {
    const auto same = book_->holds(key_of(prepared.event.id), prepared.head.hash, prepared.body);
    if (same && *same) continue;
    lose_book(same ? base::Error{Code::corrupt, "the database does not read back what was written"}
                   : same.error());
    return false;
  }
  return true;
}

void DurableStore::adopt(const Batch& batch, bool in_ledger) {
  for (const Prepared& prepared : batch) {
    const Key key = key_of(prepared.event.id);
    cursor_.add(key, prepared.head.total);
    series_.given(prepared.event.id, prepared.head.number);
    if (!in_ledger) not_in_ledger_.push_back(key);
  }
  if (!oldest_) refresh_oldest();
}

Result<void> DurableStore::close() {
  flush_held(true);
  if (health() != Health::sound) return {};  // the next opening compares the copies
  Result<void> closed = book_->begin();
  if (closed) closed = book_->mark(true, true);
  if (closed) closed = book_->commit();
  if (!closed) {
    lose_book(closed.error());
    return {};
  }
  book_.reset();
  critical_ = true;
  opened_.what = "it is closed";
  return {};
}

}  // namespace tillrig::store
