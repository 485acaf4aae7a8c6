#include "pos/oms/known.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::oms {
namespace {

// Places that are looked up together; between two that are further apart there may be anything.
constexpr std::uint64_t kTogether = 2 * wire::kBatchItems;

}  // namespace

Result<Known> Known::look(Database& database, const wire::ReadBatch& batch) {
  std::vector<std::uint64_t> seqs;
  seqs.reserve(batch.items.size());
  for (const wire::ReadItem& item : batch.items) seqs.push_back(item.seq);
  std::sort(seqs.begin(), seqs.end());
  Known known;
  for (auto at = seqs.begin(); at != seqs.end();) {
    const std::uint64_t first = *at;
    const auto end =
        std::find_if(at, seqs.end(), [&](std::uint64_t seq) { return seq - first >= kTogether; });
    auto looked = known.look(database, batch.till, batch.epoch, first, *std::prev(end));
    if (!looked) return base::Failure(looked.error());
    at = end;
  }
  return known;
}

Result<void> Known::look(Database& database, std::string_view till, std::uint32_t epoch,
                         std::uint64_t first, std::uint64_t last) {
  auto held = database.held(till, epoch, first, last);
  if (!held) return base::Failure(held.error());
  held_.merge(*std::move(held));
  auto refused = database.refused(till, epoch, first, last);
  if (!refused) return base::Failure(refused.error());
  refused_.merge(*std::move(refused));
  const auto closed = database.days().closed(till, epoch, first, last);
  if (!closed) return base::Failure(closed.error());
  closed_.insert(closed_.end(), closed->begin(), closed->end());
  return {};
}

const Held* Known::find(std::uint64_t seq) const {
  const auto at = held_.find(seq);
  return at == held_.end() ? nullptr : &at->second;
}

bool Known::is_closed(std::uint64_t seq) const {
  return std::any_of(closed_.begin(), closed_.end(),
                     [&](const wire::Span& span) { return span.first <= seq && seq <= span.last; });
}

}  // namespace tillrig::oms
