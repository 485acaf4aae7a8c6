#include "pos/store/ledger_filler.hpp"

#include <utility>

namespace tillrig::store {

Result<void> LedgerFiller::add(const RecordHead& head, base::Bytes body) {
  constexpr std::size_t kMost = 256 * 1024;
  bytes_ += body.size() + kSectorBytes;
  waiting_.emplace_back(head, std::move(body));
  return bytes_ < kMost ? Result<void>() : flush();
}

Result<void> LedgerFiller::flush() {
  if (waiting_.empty()) return {};
  std::vector<LedgerEntry> entries;
  for (const auto& [head, body] : waiting_) entries.push_back({head, body});
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
