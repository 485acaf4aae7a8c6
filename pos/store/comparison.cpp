#include "pos/store/comparison.hpp"

#include "pos/base/assert.hpp"
#include "pos/store/archive.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

std::string Comparison::text(Key key) const {
  return base::EventId{till_, key.epoch, key.seq}.text();
}

void Comparison::say_lost(std::string sentence) {
  if (lost.empty()) lost = std::move(sentence);
}

void Comparison::seen(const Head& head) {
  const Key key = head.key;
  TILLRIG_ASSERT(newest < key, "both copies are looked through in the order of their keys");
  const auto [at, is_new] = seen_.try_emplace(key.epoch);
  if (is_new) {
    const auto known = cursor_.epochs().find(key.epoch);
    QueueCursor::Epoch state =
        known == cursor_.epochs().end() ? QueueCursor::Epoch() : known->second;
    // Without the book: what the ledger has let go was settled.
    if (book_ == nullptr) state.through = key.seq - 1;
    cursor_.restore(key.epoch, std::move(state));
  }
  at->second.high = key.seq;
  if (key.seq > cursor_.epochs().at(key.epoch).through) ++at->second.unsettled;
  if (key.epoch != newest.epoch) number = 0;
  newest = key;
  number = std::max(number, head.number);
}

void Comparison::both(const Head& head, const SaleBook::Row& row) {
  seen(row.head);
  if (row.sound && row.head.hash == head.hash) return;
  middle = true;
  const bool readable = ledger_.read(head.key).has_value();
  if (!readable && !row.sound) {
    say_lost(fmt::format("{} is unreadable in both", text(head.key)));
  } else if (!readable) {
    to_ledger.push_back(row.head);
  } else if (!row.sound) {
    to_book.push_back(head.key);
  } else {
    say_lost(fmt::format("{} has one content in the ledger and another in the database",
                         text(head.key)));
  }
}

void Comparison::only_ledger(const Head& head, Key last_row) {
  seen(head);
  if (!ledger_.read(head.key)) {
    return say_lost(
        fmt::format("{} is unreadable in the ledger and not in the database", text(head.key)));
  }
  if (book_ != nullptr && head.key < last_row) middle = true;
  to_book.push_back(head.key);
  to_ledger_again.push_back(head.key);
}

void Comparison::only_book(const SaleBook::Row& row, const std::vector<Head>& heads) {
  const Key key = row.head.key;
  seen(row.head);
  const QueueCursor::Epoch& epoch = cursor_.epochs().at(key.epoch);
  const bool settled = key.seq <= epoch.through || epoch.acked.contains(key.seq);
  // What was settled is missed only among what the ledger keeps, or will keep when something older
  // is put into it: a gap there would mean a loss. Older ones it has let go.
  const bool among = (!heads.empty() && heads.front().key < key) || !to_ledger.empty();
  const auto aside = epoch.quarantined.find(key.seq);
  const bool refused = aside != epoch.quarantined.end() && aside->second != kHeldOtherwise;
  if (settled && !refused) {
    if (row.sound && among) to_ledger.push_back(row.head);
    return;
  }
  if (!row.sound) {
    return say_lost(
        fmt::format("{} is unreadable in the database and not in the ledger", text(key)));
  }
  // An unclean stop leaves the ledger behind by the sale in hand at most, and only when the ledger
  // failed.
  if (heads.empty() || key < heads.back().key) middle = true;
  to_ledger.push_back(row.head);
}

void Comparison::find_gaps() {
  for (const auto& [epoch, found] : seen_) {
    QueueCursor::Epoch state = cursor_.epochs().at(epoch);
    if (found.high > state.through && found.unsettled != found.high - state.through) {
      say_lost(fmt::format("of epoch {}, {} events after {} should be there, {} are", epoch,
                           found.high - state.through, text({epoch, state.through}),
                           found.unsettled));
    }
    if (found.high < state.through) {
      say_lost(
          fmt::format("events of epoch {} up to {} were acknowledged by the cloud, {} is the last "
                      "one here",
                      epoch, text({epoch, state.through}), text({epoch, found.high})));
    }
    state.high = found.high;
    cursor_.restore(epoch, std::move(state));
  }
}

// The cloud had confirmed it when it was deleted from the database.
bool Comparison::cleaned_up(Key key) const {
  const auto through = cleaned_.find(key.epoch);
  const auto at = cursor_.epochs().find(key.epoch);
  if (book_ == nullptr || through == cleaned_.end() || at == cursor_.epochs().end()) return false;
  const QueueCursor::Epoch& epoch = at->second;
  return key.seq <= through->second && key.seq <= epoch.through &&
         !epoch.quarantined.contains(key.seq) && !epoch.again.contains(key.seq);
}

void Comparison::run(const std::vector<Head>& heads, const std::vector<SaleBook::Row>& rows) {
  const Key last_row = rows.empty() ? Key{} : rows.back().head.key;
  auto head = heads.begin();
  auto row = rows.begin();
  while (head != heads.end() || row != rows.end()) {
    if (row == rows.end() || (head != heads.end() && head->key < row->head.key)) {
      if (cleaned_up(head->key)) {
        cleaned.push_back((head++)->key);
        continue;
      }
      only_ledger(*head++, last_row);
    } else if (head == heads.end() || row->head.key < head->key) {
      only_book(*row++, heads);
    } else {
      both(*head++, *row++);
    }
  }
  find_gaps();
}

}  // namespace tillrig::store
