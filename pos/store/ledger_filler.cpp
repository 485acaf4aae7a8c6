#include "pos/store/ledger_filler.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

std::vector<QueueCursor::Key> from_oldest(const Ledger& ledger,
                                          std::vector<QueueCursor::Key> keys) {
  if (keys.empty()) return keys;
  const QueueCursor::Key oldest = *std::min_element(keys.begin(), keys.end());
  const LedgerIndex& index = ledger.index();
  for (const std::uint32_t epoch : index.epochs()) {
    const LedgerIndex::Span span = index.span(epoch);
    if (epoch < oldest.epoch) continue;
    std::uint64_t seq = epoch == oldest.epoch ? std::max(span.first, oldest.seq) : span.first;
    for (; seq <= span.last; ++seq) {
      if (index.find(epoch, seq) != nullptr) keys.push_back({epoch, seq});
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

Result<void> LedgerFiller::add(const RecordHead& head, base::Bytes body, bool owed) {
  constexpr std::size_t kMost = 256 * 1024;
  bytes_ += body.size() + kSectorBytes;
  waiting_.push_back({head, std::move(body), owed});
  return bytes_ < kMost ? Result<void>() : flush();
}

Result<void> LedgerFiller::flush() {
  if (waiting_.empty()) return {};
  std::vector<LedgerEntry> entries;
  for (const Waiting& each : waiting_) entries.push_back({each.head, each.body, each.owed});
  auto done = ledger_.append(entries);
  if (!done) {
    failed_once_ = true;
    done = ledger_.append(entries);
  }
  waiting_.clear();
  bytes_ = 0;
  return done;
}

}  // namespace tillrig::store
