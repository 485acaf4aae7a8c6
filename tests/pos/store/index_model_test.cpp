// The ledger's index and the queue's cursor beside a plain map, at random.

#include "pos/store/ledger_index.hpp"
#include "pos/store/queue_cursor.hpp"
#include "tests/pos/store/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace tillrig::store::test {
namespace {

constexpr std::uint64_t kSteps = 100'000;

// Segments filled one after the other, events written again in the same or a newer one, old
// segments let go in any order.
TEST(LedgerIndexModel, FindsWhatAPlainMapFinds) {
  const std::uint64_t seed = model_seed();
  SCOPED_TRACE(fmt::format("TILLRIG_MODEL_SEED={}", seed));
  Random random(seed);
  LedgerIndex index;
  std::map<Key, Place> model;
  std::uint32_t segment = 1;
  std::uint16_t sector = 0;
  Key newest{1, 0};
  const auto put = [&](Key key) {
    const Place place{segment, sector++, 1};
    const auto before = model.find(key);
    const std::uint32_t stood = before == model.end() ? 0 : before->second.segment;
    ASSERT_EQ(index.put(key, {place, Money{static_cast<std::int64_t>(key.seq)}}), stood);
    model[key] = place;
  };
  for (std::uint64_t step = 0; step < model_steps(kSteps); ++step) {
    const std::uint64_t what = random.below(100);
    if (what < 60) {
      if (random.percent(1)) newest = {newest.epoch + 1, 0};
      put({newest.epoch, ++newest.seq});
    } else if (what < 75 && !model.empty()) {  // again, from some event on
      auto from = model.lower_bound({newest.epoch, random.from_to(1, newest.seq + 1)});
      std::vector<Key> again;
      for (; from != model.end() && again.size() < 20; ++from) again.push_back(from->first);
      for (const Key key : again) put(key);
    } else if (what < 87) {
      ++segment;
      sector = 0;
    } else {
      const auto gone =
          static_cast<std::uint32_t>(random.from_to(segment > 8 ? segment - 8 : 1, segment));
      std::set<Key> stand;
      for (const auto& [key, place] : model) {
        if (place.segment == gone) stand.insert(key);
      }
      const std::vector<Key> listed = index.in_segment(gone);
      ASSERT_EQ(std::set<Key>(listed.begin(), listed.end()), stand) << "step " << step;
      ASSERT_EQ(listed.size(), stand.size()) << "each once, step " << step;
      index.drop(gone);
      std::erase_if(model, [&](const auto& each) { return each.second.segment == gone; });
      if (gone == segment) {
        ++segment;
        sector = 0;
      }
    }
    if (sector > 60'000) {
      ++segment;
      sector = 0;
    }
    const Key any{static_cast<std::uint32_t>(random.from_to(1, newest.epoch)),
                  random.from_to(1, newest.seq + 2)};
    const auto* found = index.find(any);
    const auto wanted = model.find(any);
    ASSERT_EQ(found != nullptr, wanted != model.end()) << "step " << step;
    if (found != nullptr) {
      ASSERT_EQ(found->place, wanted->second) << "step " << step;
    }
    while (model.size() > 500) {  // as a ledger does: oldest first
      const std::uint32_t oldest =
          std::min_element(model.begin(), model.end(), [](const auto& a, const auto& b) {
            return a.second.segment < b.second.segment;
          })->second.segment;
      if (oldest == segment) break;
      index.drop(oldest);
      std::erase_if(model, [&](const auto& each) { return each.second.segment == oldest; });
    }
  }
  std::set<std::uint32_t> epochs;
  for (const auto& [key, place] : model) epochs.insert(key.epoch);
  const auto listed = index.epochs();
  EXPECT_EQ(std::set<std::uint32_t>(listed.begin(), listed.end()), epochs);
}

TEST(QueueCursorModel, CountsWhatAPlainMapCounts) {
  const std::uint64_t seed = model_seed();
  SCOPED_TRACE(fmt::format("TILLRIG_MODEL_SEED={}", seed));
  Random random(seed);
  QueueCursor cursor;
  struct Known {
    SyncState state = SyncState::queued;
    Money total;
  };
  std::map<Key, Known> model;
  Counters counters;
  Key newest{1, 0};
  for (std::uint64_t step = 0; step < model_steps(kSteps); ++step) {
    if (random.percent(50)) {
      if (random.percent(1)) newest = {newest.epoch + 1, 0};
      const Money total{static_cast<std::int64_t>(random.below(10'000))};
      const Key key{newest.epoch, ++newest.seq};
      cursor.add(key, total);
      model[key] = {SyncState::queued, total};
      ++counters.pending;
      counters.pending_value += total;
    } else {
      std::vector<QueueCursor::Fate> fates;
      std::set<Key> settled;
      for (std::uint64_t i = random.from_to(1, 5); i > 0; --i) {
        const std::uint64_t back = random.below(60);
        const Key key{newest.epoch, newest.seq > back ? newest.seq - back : newest.seq + 1};
        const auto at = model.find(key);
        const SyncState state = random.percent(85) ? SyncState::acked : SyncState::quarantined;
        fates.push_back({key, state, "why", at == model.end() ? Money{} : at->second.total});
        if (at == model.end() || at->second.state == SyncState::acked) continue;
        if (at->second.state == state) continue;
        if (at->second.state == SyncState::queued) {
          --counters.pending;
          counters.pending_value -= at->second.total;
          if (state == SyncState::quarantined) ++counters.quarantined;
        } else {
          --counters.quarantined;
        }
        at->second.state = state;
        if (state != SyncState::acked) continue;
        ++counters.uploaded;
        settled.insert(key);
      }
      const auto changes = cursor.settle(fates);
      ASSERT_EQ(std::set<Key>(changes.done.begin(), changes.done.end()), settled);
      ASSERT_EQ(changes.done.size(), settled.size());
    }
    ASSERT_EQ(cursor.counters().pending, counters.pending) << "step " << step;
    ASSERT_EQ(cursor.counters().quarantined, counters.quarantined) << "step " << step;
    ASSERT_EQ(cursor.counters().uploaded, counters.uploaded) << "step " << step;
    ASSERT_EQ(cursor.counters().pending_value, counters.pending_value) << "step " << step;
    const Key any{newest.epoch, random.from_to(1, newest.seq + 2)};
    const auto known = model.find(any);
    const SyncState wanted = known == model.end() ? SyncState::queued : known->second.state;
    ASSERT_EQ(cursor.state(any), wanted) << "step " << step;
    ASSERT_EQ(cursor.pending(any), known != model.end() && wanted == SyncState::queued);
    const auto first = cursor.first_pending(any);
    auto at = model.lower_bound(any);
    while (at != model.end() && at->second.state != SyncState::queued) ++at;
    ASSERT_EQ(first.has_value(), at != model.end()) << "step " << step;
    if (first) {
      ASSERT_EQ(*first, at->first) << "step " << step;
    }
  }
}

}  // namespace
}  // namespace tillrig::store::test
