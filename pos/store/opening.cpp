#include "pos/store/opening.hpp"

#include "pos/sqlite/transaction.hpp"
#include "pos/store/book_files.hpp"
#include "pos/store/comparison.hpp"
#include "pos/store/mending.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

namespace {

// A first start that was killed leaves one with nothing in it. More of them had events once: a
// damaged queue is not read as an empty one.
constexpr std::size_t kFilesOfAFirstStart = 1;

}  // namespace

Result<void> Opening::open_ledger() {
  auto ledger = Ledger::open(disk_, options_.till, options_.segments);
  if (!ledger) return base::Failure(ledger.error());
  copies.ledger = std::move(*ledger);
  heads_ = copies.ledger->take_heads();
  std::ranges::stable_sort(heads_, {}, &Head::key);
  // Of an event written twice the later record counts, as in the ledger's index.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (i + 1 < heads_.size() && heads_[i].key == heads_[i + 1].key) continue;
    heads_[kept++] = heads_[i];
  }
  heads_.resize(kept);
  return {};
}

// The newest complete one counts, and no older one when that cannot be used: an older one does not
// know how far the queue has come.
Result<void> Opening::open_book() {
  const auto numbers = book_numbers(disk_);
  if (!numbers) return base::Failure(numbers.error());
  copies.book_number = numbers->newest();
  for (const std::uint32_t each : numbers->living) {
    if (each < numbers->newest_dead) break;
    auto read = read_book(each);
    if (!read && read.error().code == Code::io) read = read_book(each);  // perhaps a loose cable's
    if (read) {
      doubted_ = std::ranges::find(numbers->doubted, each) != numbers->doubted.end();
      return {};
    }
    if (read.error().code == Code::not_found) continue;  // never completed
    if (read.error().code == Code::busy && !options_.busy_is_lost) {
      return fail(Code::busy, "{} is in use by another program; close that one first ({})",
                  book_path(each), read.error().what);
    }
    book_lost_ = copy_lost = true;
    return {};
  }
  book_lost_ = copy_lost = numbers->newest_dead != 0;
  return {};
}

Result<void> Opening::read_book(std::uint32_t book_number) {
  auto book = SaleBook::open(disk_, book_path(book_number));
  if (!book) return base::Failure(book.error());
  auto rows = (*book)->rows(!(*book)->was_clean());
  if (!rows) return base::Failure(rows.error());
  QueueCursor kept;
  if (auto loaded = (*book)->load(kept); !loaded) return loaded;
  auto cleaned = (*book)->cleaned();
  if (!cleaned) return base::Failure(cleaned.error());
  copies.cleaned = *std::move(cleaned);
  clean_ = (*book)->was_clean();
  rows_ = std::move(*rows);
  cursor = std::move(kept);
  copies.book = std::move(*book);
  copies.book_number = book_number;
  return {};
}

// A sale may be in a database only that could not be read at an earlier opening. Whatever fails
// here leaves the book as it was.
void Opening::salvage() {
  if (copies.book == nullptr || other_books(disk_, copies.book_number).empty()) return;
  std::set<std::string> read;
  const auto taken = take_what_is_nowhere_else(read);
  if (!taken) return;
  salvaged_ = std::move(read);
  if (*taken == 0) return;
  if (auto rows = copies.book->rows(true)) rows_ = std::move(*rows);
}

Result<std::size_t> Opening::take_what_is_nowhere_else(std::set<std::string>& read) {
  const auto nowhere = [this](Key key) {
    const auto key_of_row = [](const SaleBook::Row& row) { return row.head.key; };
    const bool in_ledger = std::ranges::binary_search(heads_, key, {}, &Head::key);
    const bool in_book = std::ranges::binary_search(rows_, key, {}, key_of_row);
    return !in_ledger && !in_book && !let_go(copies.ledger->index(), key);
  };
  sqlite::Transaction transaction(copies.book->connection());
  if (auto begun = transaction.begin(); !begun) return base::Failure(begun.error());
  const auto taken = take_from_others(disk_, copies.book_number, *copies.book, nowhere, read);
  if (!taken) return taken;
  if (auto committed = transaction.commit(); !committed) return base::Failure(committed.error());
  return taken;
}

// What the book counted is taken for granted only where nothing else can tell: how much was ever
// uploaded.
void Opening::recount() {
  Counters counters;
  counters.uploaded = cursor.counters().uploaded;
  if (copies.book == nullptr) {  // what the ledger has let go was uploaded
    for (const auto& [epoch, state] : cursor.epochs()) counters.uploaded += state.through;
  }
  for (const auto& [epoch, state] : cursor.epochs()) {
    counters.quarantined += state.quarantined.size();
  }
  const auto count = [&](const Head& head) {
    if (!cursor.pending(head.key)) return;
    ++counters.pending;
    counters.pending_value += head.total;
  };
  auto head = heads_.begin();
  for (const SaleBook::Row& row : rows_) {
    for (; head != heads_.end() && head->key < row.head.key; ++head) count(*head);
    const bool in_both = head != heads_.end() && head->key == row.head.key;
    count(in_both ? *head++ : row.head);
  }
  for (; head != heads_.end(); ++head) count(*head);
  cursor.restore(counters);
}

void Opening::judge(const Comparison& comparison) {
  const Ledger::Found& found = copies.ledger->found();
  const std::size_t to_ledger = comparison.to_ledger.size();
  const std::size_t to_book = comparison.to_book.size();
  copy_lost = copy_lost || !found.holes.empty();
  const bool missing = to_ledger > 0 || to_book > 0;
  const bool nothing = heads_.empty();
  if (!comparison.lost.empty()) {
    verdict = Verdict::critical;
    what = comparison.lost;
  } else if (book_lost_ && nothing) {
    verdict = Verdict::critical;
    what = "neither the ledger nor the database can be read";
  } else if (nothing && copies.book == nullptr && found.files > kFilesOfAFirstStart) {
    verdict = Verdict::degraded;
    copy_lost = true;
    what = fmt::format(
        "{} ledger files are there and no event can be read in any, nor in a database: "
        "what was only here is lost, and a new store was made",
        found.files);
  } else if (nothing && copies.book == nullptr) {
    verdict = Verdict::fresh;
    what = "there was no store; one was made";
  } else if (book_lost_ || copies.book == nullptr) {
    verdict = Verdict::degraded;
    what = fmt::format("the database was lost and made anew from the ledger: {} events",
                       heads_.size());
  } else if (doubted_) {
    verdict = Verdict::degraded;
    what =
        fmt::format("both copies had failed; the database was made anew: {} events", rows_.size());
  } else if (!found.holes.empty() || comparison.middle || (clean_ && missing)) {
    verdict = Verdict::degraded;
    what = fmt::format("{}: {} events went from the database to the ledger and {} back",
                       found.holes.empty() ? "one copy lacked events" : found.holes.front(),
                       to_ledger, to_book);
  } else if (clean_ && !found.torn_tail) {
    verdict = Verdict::clean;
    what = "closed properly last time";
  } else {
    verdict = Verdict::recovered;
    what = fmt::format("stopped uncleanly: {} events went to the database, {} to the ledger{}",
                       to_book, to_ledger, found.torn_tail ? ", a torn record was dropped" : "");
  }
}

void Opening::mend(const Comparison& comparison) {
  for (const Head& head : comparison.to_ledger) copies.not_in_ledger[head.key] = head.total;
  const std::vector<Key>& again = comparison.to_ledger_again;
  const bool whole =
      again.empty() && copies.not_in_ledger.empty() && copies.ledger->stranded().empty();
  if (clean_ && whole) copies.ledger->resume();
  Mending mending(disk_, options_.till, copies, cursor);
  if (auto filled = mending.fill_ledger(again, Mending::Source::both); !filled) {
    what += "; " + filled.error().what;
    doubted_ = false;  // it may be the only copy: another opening makes it anew
  }
  if (doubted_) return make_book_anew(mending);
  if (auto filled = mending.fill_book(comparison.to_book); !filled) {
    what += "; " + filled.error().what;
    copies.book.reset();
    return;
  }
  remove_other_books(disk_, copies.book_number, salvaged_);
}

// From the ledger, which has all that counts by now, and from the old one, which stays until the
// next opening.
void Opening::make_book_anew(Mending& mending) {
  std::vector<Key> all;
  const LedgerIndex& index = copies.ledger->index();
  for (const std::uint32_t epoch : index.epochs()) {
    const LedgerIndex::Span span = index.span(epoch);
    for (std::uint64_t seq = span.first; seq <= span.last; ++seq) {
      if (index.find({epoch, seq}) != nullptr) all.push_back({epoch, seq});
    }
  }
  copies.book.reset();
  if (auto filled = mending.fill_book(all); !filled) what += "; " + filled.error().what;
}

Result<void> Opening::run() {
  if (auto opened = open_ledger(); !opened) return opened;
  if (auto opened = open_book(); !opened) return opened;
  salvage();
  Comparison comparison(options_.till, copies, cursor);
  comparison.run(heads_, rows_);
  newest = comparison.newest;
  number = comparison.number;
  judge(comparison);
  recount();
  // Before anything is written: a segment that owes nothing may be used again. And
  // what a critical store can still read is sent, too.
  for (const Head& head : heads_) {
    if (cursor.state(head.key) != SyncState::acked) copies.ledger->owe(head.key);
  }
  for (const Key key : comparison.cleaned) copies.ledger->forget(key);
  if (verdict != Verdict::critical) mend(comparison);
  return {};
}

}  // namespace tillrig::store
