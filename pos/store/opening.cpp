// Reading both copies, comparing them, and what that makes of the store.

#include "pos/store/book_files.hpp"
#include "pos/store/opening_steps.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;

Result<void> Opening::open_ledger() {
  auto ledger = Ledger::open(disk_, config_.till);
  if (!ledger) return tl::unexpected(ledger.error());
  out_.ledger = std::move(*ledger);
  heads_ = out_.ledger->take_heads();
  std::stable_sort(heads_.begin(), heads_.end(),
                   [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
  // Of an event written twice the later record counts, as in the ledger's index.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (i + 1 < heads_.size() && key_of(heads_[i]) == key_of(heads_[i + 1])) continue;
    heads_[kept++] = heads_[i];
  }
  heads_.resize(kept);
  return {};
}

Result<void> Opening::open_book() {
  const auto listed = book_numbers(disk_);
  if (!listed) return tl::unexpected(listed.error());
  const std::vector<std::uint32_t>& numbers = *listed;
  out_.book_number = numbers.empty() ? 0 : numbers.front();
  for (const std::uint32_t number : numbers) {
    auto read = read_book(number);
    if (!read && read.error().code == Code::io) read = read_book(number);  // perhaps the cable's
    if (read) {
      book_lost_ = false;
      return {};
    }
    if (read.error().code == Code::not_found) continue;  // never completed
    book_lost_ = out_.copy_lost = true;
  }
  return {};
}

Result<void> Opening::read_book(std::uint32_t number) {
  auto book = SaleBook::open(disk_, book_path(number));
  if (!book) return tl::unexpected(book.error());
  auto rows = (*book)->proofs(!(*book)->was_clean());
  if (!rows) return tl::unexpected(rows.error());
  QueueCursor cursor;
  if (const auto loaded = (*book)->load(cursor); !loaded) return loaded;
  clean_ = (*book)->was_clean();
  rows_ = std::move(*rows);
  out_.cursor = std::move(cursor);
  out_.book = std::move(*book);
  out_.book_number = number;
  return {};
}

// A sale may be in a database only that could not be read at an earlier opening.
void Opening::salvage() {
  if (out_.book == nullptr || other_books(disk_, out_.book_number).empty()) return;
  const auto nowhere = [this](Key key) {
    const bool in_ledger =
        std::binary_search(heads_.begin(), heads_.end(), key,
                           [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
    const bool in_book =
        std::binary_search(rows_.begin(), rows_.end(), key,
                           [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
    return !in_ledger && !in_book && !let_go(out_.ledger->index(), key);
  };
  SaleBook& book = *out_.book;
  if (!book.begin()) return;
  std::set<std::string> read;
  const auto taken = take_from_others(disk_, out_.book_number, book, nowhere, read);
  if (!taken || !book.commit()) return;
  salvaged_ = std::move(read);
  if (*taken == 0) return;
  if (auto rows = book.proofs(true)) rows_ = std::move(*rows);
}

void Opening::seen(Key key, std::uint64_t number) {
  Seen& epoch = seen_[key.epoch];
  if (epoch.first == 0) {
    epoch.first = key.seq;
    const auto& epochs = out_.cursor.epochs();
    const auto at = epochs.find(key.epoch);
    QueueCursor::Epoch state = at == epochs.end() ? QueueCursor::Epoch() : at->second;
    // Without the book: what the ledger has let go was settled.
    if (out_.book == nullptr) state.through = key.seq - 1;
    out_.cursor.restore(key.epoch, std::move(state));
  }
  epoch.high = key.seq;
  if (key.seq > out_.cursor.epochs().at(key.epoch).through) ++epoch.unsettled;
  if (key.epoch > out_.epoch) {
    out_.epoch = key.epoch;
    out_.number = 0;
  }
  if (key.epoch == out_.epoch) {
    out_.seq = key.seq;
    out_.number = std::max(out_.number, number);
  }
}

void Opening::both(const RecordHead& head, const SaleBook::RowProof& row) {
  seen(row.key, row.number);
  if (row.sound && row.hash == head.hash) return;
  const auto record = out_.ledger->read(head.epoch, head.seq);
  middle_ = true;
  if (!record && !row.sound) return lost(fmt::format("{} is unreadable in both", text(row.key)));
  if (!record) return to_ledger_from_book_.push_back(row.key);
  if (!row.sound) return to_book_.push_back(row.key);
  lost(fmt::format("{} has one content in the ledger and another in the database", text(row.key)));
}

void Opening::only_ledger(const RecordHead& head) {
  const Key key = key_of(head);
  seen(key, head.number);
  if (!out_.ledger->read(head.epoch, head.seq)) {
    return lost(fmt::format("{} is unreadable in the ledger and not in the database", text(key)));
  }
  if (out_.book != nullptr && !rows_.empty() && key < rows_.back().key) middle_ = true;
  to_book_.push_back(key);
  to_ledger_again_.push_back(key);
}

void Opening::only_book(const SaleBook::RowProof& row) {
  seen(row.key, row.number);
  const QueueCursor::Epoch& epoch = out_.cursor.epochs().at(row.key.epoch);
  const bool settled = row.key.seq <= epoch.through || epoch.acked.contains(row.key.seq);
  // What was settled is missed only among what the ledger keeps: older ones it has let go.
  const bool among = !heads_.empty() && key_of(heads_.front()) < row.key;
  if (settled && !epoch.quarantined.contains(row.key.seq)) {
    if (row.sound && among) to_ledger_from_book_.push_back(row.key);
    return;
  }
  if (!row.sound) {
    return lost(
        fmt::format("{} is unreadable in the database and not in the ledger", text(row.key)));
  }
  // An unclean stop leaves the ledger behind by the sale in hand at most, and only when the ledger
  // failed.
  if (heads_.empty() || row.key < key_of(heads_.back())) middle_ = true;
  to_ledger_from_book_.push_back(row.key);
}

void Opening::compare() {
  auto head = heads_.begin();
  auto row = rows_.begin();
  while (head != heads_.end() || row != rows_.end()) {
    if (row == rows_.end() || (head != heads_.end() && key_of(*head) < row->key)) {
      only_ledger(*head++);
    } else if (head == heads_.end() || row->key < key_of(*head)) {
      only_book(*row++);
    } else {
      both(*head++, *row++);
    }
  }
}

void Opening::find_gaps() {
  for (const auto& [number, epoch] : seen_) {
    QueueCursor::Epoch state = out_.cursor.epochs().at(number);
    if (epoch.high > state.through && epoch.unsettled != epoch.high - state.through) {
      lost(fmt::format("of epoch {}, {} events after {} should be there, {} are", number,
                       epoch.high - state.through, text({number, state.through}), epoch.unsettled));
    }
    if (epoch.high < state.through) {
      lost(
          fmt::format("events of epoch {} up to {} were acknowledged by the cloud, {} is the last "
                      "one here",
                      number, text({number, state.through}), text({number, epoch.high})));
    }
    state.high = epoch.high;
    out_.cursor.restore(number, std::move(state));
  }
}

void Opening::judge() {
  const Ledger::Found& found = out_.ledger->found();
  if (book_lost_ && heads_.empty()) lost("neither the ledger nor the database can be read");
  out_.copy_lost = out_.copy_lost || !found.holes.empty();
  const bool missing = !to_book_.empty() || !to_ledger_from_book_.empty();
  if (!lost_.empty()) {
    out_.verdict = Verdict::critical;
    out_.what = lost_;
  } else if (heads_.empty() && out_.book == nullptr) {
    out_.verdict = Verdict::fresh;
    out_.what = "there was no store; one was made";
  } else if (book_lost_ || (out_.book == nullptr && !heads_.empty())) {
    out_.verdict = Verdict::degraded;
    out_.what = fmt::format("the database was lost and made anew from the ledger: {} events",
                            heads_.size());
  } else if (!found.holes.empty() || middle_ || (clean_ && missing)) {
    out_.verdict = Verdict::degraded;
    out_.what = fmt::format("{}: {} events went from the database to the ledger and {} back",
                            found.holes.empty() ? "one copy lacked events" : found.holes.front(),
                            to_ledger_from_book_.size(), to_book_.size());
  } else if (clean_ && !found.torn_tail) {
    out_.verdict = Verdict::clean;
    out_.what = "closed properly last time";
  } else {
    out_.verdict = Verdict::recovered;
    out_.what = fmt::format("stopped uncleanly: {} events went to the database, {} to the ledger{}",
                            to_book_.size(), to_ledger_from_book_.size(),
                            found.torn_tail ? ", a torn record was dropped" : "");
  }
}

Result<Copies> Opening::run() {
  if (const auto opened = open_ledger(); !opened) return tl::unexpected(opened.error());
  if (const auto opened = open_book(); !opened) return tl::unexpected(opened.error());
  salvage();
  compare();
  find_gaps();
  judge();
  if (out_.verdict == Verdict::critical) {
    recount();
  } else {
    mend();
  }
  return std::move(out_);
}

Result<Copies> open_copies(ports::Disk& disk, const Config& config) {
  return Opening(disk, config).run();
}

}  // namespace tillrig::store
