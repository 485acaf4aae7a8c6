#include "pos/store/store.hpp"

#include "pos/store/notes.hpp"
#include "pos/store/opening.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

namespace {

constexpr const char* kLock = "till.lock";

const base::Mutant kDebouncedPersist{
    "debounced_persist", "INV-01", "odoo/odoo#267799, odoo/odoo#125037",
    "A sale is acknowledged at once and written with the next one or 300 ms later."};
constexpr base::Duration kDebounce = std::chrono::milliseconds(300);

const base::Mutant kNumberReuse{
    "number_reuse_after_crash", "INV-06", "odoo/odoo#125037",
    "After an unclean stop the old epoch goes on, so numbers that were lost are given again."};

const base::Mutant kSharedSequence{"shared_sequence", "INV-06",
                                   "OCA/l10n-spain#2582, #4921; odoo/odoo#189991, #18553",
                                   "a refund has the number of the sale that it is of"};
const base::Mutant kNumberOutside{
    "number_outside_tx", "INV-07", "odoo/odoo#13242; Toast, missing check numbers",
    "a number is set aside before its sale is stored, and lost with the app that dies in between"};

const base::Mutant kPutBackUnnoticed{
    "put_back_unnoticed", "INV-06", "yesterday's disk image is put back",
    "a till takes whatever is on its disk for the newest that it has sold"};

constexpr std::string_view kHomeNote = "home";

const base::Mutant kNoFolderLock{
    "no_folder_lock", "INV-01", "autostart and a double click",
    "A second till starts on the folder of a running one, takes its database for lost and sells."};

const base::Mutant kRegisterTimeless{"register_without_time", "INV-05",
                                     "a fault planted by a reviewer",
                                     "Register Sales does not say when a document was made"};
const base::Mutant kTombstonesIgnored{
    "tombstones_ignored", "INV-21", "a fault planted by a reviewer",
    "what the cloud removed from a table stays on the till for ever"};

const base::Mutant kTableEmptied{
    "table_emptied_before_read", "INV-50", "jepsen-powersync: an empty table after a reconnect",
    "a table that is read anew is emptied with its first page, long before its last"};
const base::Mutant kPageHidesOwn{
    "pull_overwrites_pending", "INV-50", "anchors 58, own writes behind what was pulled",
    "once a page of the cloud's has come Register Sales has only what the cloud has, too"};

const base::Mutant kCursorBeforePage{"cursor_before_page", "INV-21",
                                     "sync clients that save the token first",
                                     "the till keeps how far it has read before it keeps what it "
                                     "read: a kill in between loses that"};

const base::Mutant kDayGoes{"cleanup_takes_open_day", "INV-19", "a fault planted by a reviewer",
                            "a clean-up deletes what the day in hand is counted from"};
const base::Mutant kNewestGoes{"cleanup_takes_newest", "INV-30", "a fault planted by a reviewer",
                               "a clean-up deletes the newest document of an epoch too"};

ports::Severity severity_of(Verdict verdict) {
  if (verdict == Verdict::critical) return ports::Severity::error;
  return verdict == Verdict::degraded ? ports::Severity::warn : ports::Severity::info;
}

Result<std::unique_ptr<ports::Lock>> take_folder(ports::Disk& disk, const Config& config) {
  if (kNoFolderLock.on(config.mutants)) return nullptr;
  auto lock = disk.lock(kLock);
  if (lock || lock.error().code != Code::busy) return lock;
  return fail(Code::busy, "{} is running already: its folder is in use ({}). Use the one that runs",
              config.till, lock.error().what);
}

// The document that says how far the receipt numbers have come, whatever was recorded after it.
Key last_numbered(Journal& journal) {
  const std::vector<Head> heads = journal.newest(1);
  return heads.empty() ? Key{} : heads.front().key;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(ports::Disk& disk, ports::Clock& clock,
                                           ports::Recorder& recorder, Config config) {
  auto lock = take_folder(disk, config);
  if (!lock) return base::within("store", lock.error());
  Opening opening(disk, {config.till, config.segments, kNoFolderLock.on(config.mutants)});
  if (auto opened = opening.run(); !opened) return base::within("store", opened.error());
  std::unique_ptr<Store> store(
      new Store(disk, clock, recorder, std::move(config), std::move(*lock), opening));
  if (store->epoch() != 0) {
    const auto newest = store->find(store->series_.id(0));
    if (newest) store->hlc_.resume(newest->hlc);
  }
  store->notice_move(disk);
  store->queue_.refresh_oldest();
  const Opened& opened = store->opened_;
  recorder.note({"store.opened", {}, severity_of(opened.verdict)},
                {{"verdict", name(opened.verdict)},
                 {"what", std::string_view(opened.what)},
                 {"epoch", std::int64_t{opened.epoch}},
                 {"pending", static_cast<std::int64_t>(store->counters().pending)}});
  store->journal_.announce(opened.what);
  return store;
}

Store::Store(ports::Disk& disk, ports::Clock& clock, ports::Recorder& recorder, Config config,
             std::unique_ptr<ports::Lock> lock, Opening& opening)
    : clock_(clock),
      recorder_(recorder),
      config_(std::move(config)),
      lock_(std::move(lock)),
      journal_(disk, recorder, config_.till, std::move(opening.copies),
               opening.verdict == Verdict::critical ? opening.what : std::string(),
               config_.mutants),
      queue_(config_.till, journal_, recorder, std::move(opening.cursor)),
      series_(config_.till) {
  const bool lost = opening.verdict == Verdict::recovered && kNumberOutside.on(config_.mutants);
  series_.resume(opening.newest.epoch, opening.newest.seq, opening.number + (lost ? 1 : 0));
  opened_.verdict = opening.verdict;
  opened_.what = std::move(opening.what);
  opened_.epoch = opening.newest.epoch;
  opened_.high_number = opening.number;
  opened_.copy_lost = opening.copy_lost;
  const bool stopped_well = opened_.verdict == Verdict::clean || kNumberReuse.on(config_.mutants);
  opened_.new_epoch_due = opened_.epoch == 0 || !stopped_well;
}

// A store of which it was never noted is where it always was. One that was made anew from the
// ledger has no note either, and is no older than that.
void Store::notice_move(ports::Disk& disk) {
  home_ = Home::here(clock_, disk, kLock);
  const auto note = noted(kHomeNote);
  const auto known = note ? Home::read(*note) : std::nullopt;
  const bool blind = kPutBackUnnoticed.on(config_.mutants) || kNumberReuse.on(config_.mutants);
  if (!known || blind) return;
  opened_.moved = moved_between(*known, home_);
  home_noted_ = known->text() == home_.text();
  if (opened_.moved != Moved::no) opened_.new_epoch_due = true;
}

void Store::settle_home() {
  if (home_noted_ || kPutBackUnnoticed.on(config_.mutants)) return;
  home_noted_ = keep_note(kHomeNote, home_.text()).has_value();
}

Draft Store::stamped(wire::Event event) {
  event.wall = clock_.wall();
  event.hlc = hlc_.tick(event.wall);
  return draft_of(std::move(event));
}

Result<void> Store::persist(const Draft& draft) {
  const std::span<const Draft> one(&draft, 1);
  if (auto written = journal_.write(one, queue_.counters_with(one)); !written) return written;
  queue_.add(one);
  series_.given(draft.event.id, draft.entry.head.number == 0 ? 0 : series_.number());
  note(recorder_, "sale.committed", one);
  journal_.checkpoint();
  return {};
}

Result<wire::Event> Store::commit(wire::EventKind kind, wire::Document document, wire::Tail tail) {
  flush_held(true);
  if (auto ready = journal_.ready(); !ready) return base::Failure(ready.error());
  if (opened_.new_epoch_due) {
    return fail(Code::not_allowed, "{}: a new epoch is due before the next document: {}",
                config_.till, opened_.what);
  }
  document.number = number_for(document);
  if (auto sums = wire::check_document(document, kind); !sums) return base::Failure(sums.error());
  wire::Event event;
  event.id = series_.id();
  event.kind = kind;
  event.aggregate = document.of.empty() ? event.id.text() : document.of;
  event.body = std::move(document);
  event.tail = std::move(tail);
  Draft draft = stamped(std::move(event));
  note(recorder_, "sale.begun", std::span(&draft, 1));
  if (kDebouncedPersist.on(config_.mutants)) {
    held_.push_back(draft);
    held_since_ = clock_.now();
    note(recorder_, "sale.committed", held_);
  } else if (auto persisted = persist(draft); !persisted) {
    return base::Failure(persisted.error());
  }
  return std::move(draft.event);
}

// The next of the series, whatever kind it is; but in mutants.
std::uint64_t Store::number_for(const wire::Document& document) {
  if (kSharedSequence.on(config_.mutants) && !document.of.empty()) {
    const auto sale = base::parse_event_id(document.of);
    const auto sold = sale ? find(*sale) : base::Failure(sale.error());
    if (sold) return std::get<wire::Document>(sold->body).number;
  }
  return series_.number();
}

Result<wire::Event> Store::record(wire::EventKind kind, wire::Body body) {
  flush_held(true);
  if (auto ready = journal_.ready(); !ready) return base::Failure(ready.error());
  if (opened_.new_epoch_due) {
    return fail(Code::not_allowed, "{}: a new epoch is due before the next event: {}", config_.till,
                opened_.what);
  }
  wire::Event event;
  event.id = series_.id();
  event.kind = kind;
  event.aggregate = event.id.text();
  event.body = std::move(body);
  Draft draft = stamped(std::move(event));
  if (auto persisted = persist(draft); !persisted) return base::Failure(persisted.error());
  return std::move(draft.event);
}

Result<std::optional<base::EventId>> Store::last_of(wire::EventKind kind) {
  flush_held(false);
  const auto key = journal_.last_of(kind);
  if (!key) return base::Failure(key.error());
  if (key->seq == 0) return std::nullopt;
  return base::EventId{config_.till, key->epoch, key->seq};
}

Result<std::vector<wire::Event>> Store::all_of(wire::EventKind kind, Key from) {
  flush_held(true);
  const auto keys = journal_.all_of(kind, from);
  if (!keys) return base::Failure(keys.error());
  std::vector<wire::Event> events;
  for (const Key key : *keys) {
    auto event = find({config_.till, key.epoch, key.seq});
    if (!event) return base::Failure(event.error());
    events.push_back(*std::move(event));
  }
  return events;
}

Result<std::vector<wire::Event>> Store::made_after(const base::EventId& id) {
  constexpr std::size_t kPage = 1000;
  flush_held(true);
  std::vector<wire::Event> events;
  Key last = key_of(id);
  for (;;) {
    const auto page = journal_.page(last, kPage);
    if (!page) return base::Failure(page.error());
    for (const SaleBook::Hashed& row : *page) {
      auto event = find({config_.till, row.key.epoch, row.key.seq});
      if (!event) return base::Failure(event.error());
      events.push_back(*std::move(event));
      last = row.key;
    }
    if (page->size() < kPage) return events;
  }
}

void Store::flush_held(bool at_once) {
  if (held_.empty() || (!at_once && clock_.now() - held_since_ < kDebounce)) return;
  const std::vector<Draft> held = std::exchange(held_, {});
  if (journal_.ready()) (void)persist(held.front());
}

Result<void> Store::open_epoch(std::string_view reason, std::uint32_t at_least) {
  flush_held(true);
  if (auto ready = journal_.ready(); !ready) return ready;
  const std::uint32_t next = std::max(series_.epoch() + 1, at_least);
  if (next > wire::kMostEpoch) {
    return fail(Code::too_large,
                "{} cannot open epoch {}: {} is the last there is; give the till "
                "a new name",
                config_.till, next, wire::kMostEpoch);
  }
  wire::Event event;
  event.id = {config_.till, next, 1};
  event.kind = wire::EventKind::epoch_opened;
  event.aggregate = event.id.text();
  event.body = wire::EpochOpened{series_.epoch(), std::string(reason)};
  if (auto persisted = persist(stamped(std::move(event))); !persisted) return persisted;
  opened_.new_epoch_due = false;
  recorder_.note({"epoch.opened"}, {{"epoch", std::int64_t{series_.epoch()}}, {"reason", reason}});
  return {};
}

std::vector<wire::UpItem> Store::peek(std::size_t items, std::size_t bytes,
                                      const std::vector<base::EventId>& except) {
  flush_held(false);
  return queue_.peek(items, bytes, except);
}

Result<void> Store::settle(std::span<const Settled> settled) {
  flush_held(false);
  return queue_.settle(settled);
}

SyncState Store::sync_state(const base::EventId& id) {
  return id.till == config_.till ? queue_.state(key_of(id)) : SyncState::queued;
}

Result<std::vector<Filed>> Store::filed(const base::EventId& after, std::size_t most) {
  flush_held(false);
  const auto page = journal_.page(after.till.empty() ? Key{} : key_of(after), most);
  if (!page) return base::Failure(page.error());
  const bool guarded = !kNewestGoes.on(config_.mutants);
  const Key numbered = guarded ? last_numbered(journal_) : Key{};
  std::vector<Filed> filed;
  for (const SaleBook::Hashed& row : *page) {
    const base::EventId id{config_.till, row.key.epoch, row.key.seq};
    const bool goes = may_go(row.key) && row.key != numbered;
    filed.push_back({id, row.hash, queue_.state(row.key), row.wall, goes});
  }
  return filed;
}

bool Store::may_go(Key key) const {
  const bool newest = kNewestGoes.on(config_.mutants) && queue_.state(key) == SyncState::acked;
  return (newest || queue_.may_go(key)) && (kDayGoes.on(config_.mutants) || !of_day(key));
}

Result<void> Store::take_back(std::span<const Found> found) {
  if (health() == Health::critical) return fail(Code::not_allowed, "the store can keep nothing");
  return queue_.take_back(found);
}

Result<Cleaned> Store::clean(std::span<const base::EventId> ids) {
  if (health() != Health::sound) {
    return fail(Code::not_allowed, "one copy of the sales is dead: nothing is cleaned up");
  }
  const bool guarded = !kNewestGoes.on(config_.mutants);
  const Key numbered = guarded ? last_numbered(journal_) : Key{};
  std::vector<Key> keys;
  for (const base::EventId& id : ids) {
    const Key key = key_of(id);
    if (id.till == config_.till && may_go(key) && key != numbered) keys.push_back(key);
  }
  if (keys.empty()) return Cleaned();
  auto cleaned = journal_.clean(keys);
  if (cleaned) {
    recorder_.note({"store.cleaned"}, {{"rows", static_cast<std::int64_t>(cleaned->rows)},
                                       {"bytes", static_cast<std::int64_t>(cleaned->bytes)}});
  }
  return cleaned;
}

std::vector<SaleRow> Store::sales(std::size_t most, std::uint32_t from) {
  flush_held(false);
  std::vector<SaleRow> rows;
  for (const Head& head : journal_.newest(most, from)) {
    SaleRow& row = rows.emplace_back();
    row.id = {config_.till, head.key.epoch, head.key.seq};
    row.kind = static_cast<wire::EventKind>(head.kind);
    row.number = {head.key.epoch, head.number};
    row.total = head.total;
    if (!kRegisterTimeless.on(config_.mutants)) row.wall = head.wall;
    row.sync = queue_.state(head.key);
    row.why = queue_.why(head.key);
  }
  if (own_hidden_) {
    std::erase_if(rows, [](const SaleRow& row) { return row.sync == SyncState::queued; });
  }
  return rows;
}

Result<wire::Event> Store::find(const base::EventId& id) {
  flush_held(false);
  if (id.till != config_.till) return fail(Code::not_found, "{} is another till's", id.text());
  const auto entry = journal_.read(key_of(id));
  if (!entry) return base::Failure(entry.error());
  return wire::decode(entry->body);
}

// Not from the ledger: it lets go of what was uploaded.
Result<std::vector<wire::Event>> Store::refunds_of(const base::EventId& sale) {
  flush_held(false);
  const auto keys = journal_.refunds_of(sale.text());
  if (!keys) return base::Failure(keys.error());
  std::vector<wire::Event> refunds;
  for (const Key key : *keys) {
    auto refund = find({config_.till, key.epoch, key.seq});
    if (!refund) return base::Failure(refund.error());
    refunds.push_back(std::move(*refund));
  }
  return refunds;
}

std::optional<Reading> Store::reading(std::string_view table) {
  if (health() == Health::critical) return std::nullopt;
  if (const auto at = readings_.find(table); at != readings_.end()) return at->second;
  Reading found;
  const auto read = journal_.read_book([&](sqlite::Connection& book) -> Result<void> {
    auto reading = read_reading(book, table);
    if (!reading) return base::Failure(reading.error());
    found = *std::move(reading);
    return {};
  });
  if (!read) return std::nullopt;
  readings_.emplace(table, found);
  return found;
}

Result<bool> Store::keep(std::string_view table, const Reading& asked, const wire::FeedPage& page) {
  if (health() == Health::critical) return fail(Code::not_allowed, "the store can keep nothing");
  bool changed = false;
  const auto keep_how_far = [&](sqlite::Connection& book) {
    return keep_reading(book, table, asked, page);
  };
  const bool early = kCursorBeforePage.on(config_.mutants);
  readings_.erase(std::string(table));
  if (early) {
    if (auto kept = journal_.write_book(keep_how_far); !kept) return base::Failure(kept.error());
  }
  const ports::Arg args[] = {{"table", table},
                             {"rows", static_cast<std::int64_t>(page.rows.size())}};
  recorder_.note({"feed.page"}, args);
  const auto kept = journal_.write_book([&](sqlite::Connection& book) -> Result<void> {
    auto rows = keep_rows(book, table, asked, page, !kTombstonesIgnored.on(config_.mutants));
    if (!rows) return base::Failure(rows.error());
    changed = *rows;
    const bool goes_on = asked.anew && page.next < page.head;
    if (goes_on && kTableEmptied.on(config_.mutants)) {
      changed = true;
      if (auto gone = forget_rows(book, table); !gone) return gone;
    }
    return early ? Result<void>() : keep_how_far(book);
  });
  if (!kept) return base::Failure(kept.error());
  recorder_.note({"feed.kept"}, args);
  own_hidden_ = kPageHidesOwn.on(config_.mutants);
  return changed;
}

Result<wire::TableSum> Store::sum(std::string_view table) {
  const auto all = records(table);
  if (!all) return base::Failure(all.error());
  wire::TableSum sum;
  for (const Record& record : *all) sum.add(record.id, record.deleted, record.body);
  return sum;
}

Result<std::vector<Record>> Store::records(std::string_view table) {
  std::vector<Record> records;
  const auto read = journal_.read_book([&](sqlite::Connection& book) -> Result<void> {
    auto found = read_records(book, table);
    if (!found) return base::Failure(found.error());
    records = *std::move(found);
    return {};
  });
  if (!read) return base::Failure(read.error());
  return records;
}

std::optional<std::string> Store::noted(std::string_view name) {
  std::optional<std::string> found;
  const auto read = journal_.read_book([&](sqlite::Connection& book) -> Result<void> {
    auto note = read_note(book, name);
    if (!note) return base::Failure(note.error());
    found = *std::move(note);
    return {};
  });
  return read ? found : std::nullopt;
}

Result<void> Store::keep_note(std::string_view name, std::string_view text) {
  if (health() == Health::critical) return fail(Code::not_allowed, "the store can keep nothing");
  return journal_.write_book(
      [&](sqlite::Connection& book) { return write_note(book, name, text); });
}

Result<void> Store::close() {
  flush_held(true);
  journal_.close();
  return {};
}

}  // namespace tillrig::store
