#include "sim/oracle/balance.hpp"

#include <algorithm>

namespace tillrig::oracle {
namespace {

enum class Booked { before, after, perhaps };

bool proved(const Upload& upload, std::string_view id) {
  return std::any_of(upload.cloud.begin(), upload.cloud.end(),
                     [&](const ItemAnswer& answer) { return answer.id == id && answer.proves(); });
}

// By the moments at which the event was on the wire. What never was is not told of.
Booked booked(const Evidence& evidence, std::string_view id, const WireEntry& asked) {
  bool later = false;
  bool under_way = false;
  for (const Upload& upload : evidence.uploads) {
    const auto& items = upload.batch.items;
    const bool in_it = std::any_of(items.begin(), items.end(),
                                   [&](const SentItem& item) { return item.id == id; });
    if (!in_it) continue;
    const WireEntry& wire = *upload.wire;
    if (wire.ended <= asked.sent && proved(upload, id)) return Booked::before;
    (wire.sent >= asked.ended ? later : under_way) = true;
  }
  return later && !under_way ? Booked::after : Booked::perhaps;
}

}  // namespace

std::optional<std::int64_t> balance_when(const Evidence& evidence, std::string_view key,
                                         const WireEntry& asked, std::string_view ledger) {
  std::int64_t sum = 0;
  for (const PostingEntry& posting : evidence.tapes.postings) {
    if (posting.ledger != ledger || posting.key != key) continue;
    const Booked when = booked(evidence, posting.event, asked);
    if (when == Booked::perhaps) return std::nullopt;
    if (when == Booked::before) sum += posting.amount;
  }
  return sum;
}

}  // namespace tillrig::oracle
