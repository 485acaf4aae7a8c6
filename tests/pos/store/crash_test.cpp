// A till that stops, at every boundary of everything it does, and what its successor finds.

#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace tillrig::store::test {
namespace {

using Acked = std::map<std::string, wire::Event>;

// What the cashier was told is done. Stops at the first refusal.
void trade_here(BenchTill& till, Acked& acked) {
  if (till.store->opened().new_epoch_due && !till.store->open_epoch("created")) return;
  for (int i = 1; i <= 3; ++i) {
    const auto sold = till.sell(100 * i);
    if (!sold) return;
    acked[sold->id.text()] = *sold;
    if (i != 2) continue;
    const Settled first{sold->id, SyncState::acked, ""};
    if (!till.store->settle(std::span(&first, 1))) return;
    const auto back = till.store->commit(wire::EventKind::refund, refund_of(sold->id, 100));
    if (!back) return;
    acked[back->id.text()] = *back;
  }
  (void)till.store->close();
}

void trade(BenchTill& till, Acked& acked) {
  if (till.open()) trade_here(till, acked);
}

// Every acknowledged event is there as it was; numbers have no gap; the counters are what a count
// gives; and the next sale can be taken.
void expect_whole(BenchTill& till, const Acked& acked, const std::string& where) {
  SCOPED_TRACE(where);
  ASSERT_TRUE(till.open()) << till.why;
  const Verdict verdict = till.store->opened().verdict;
  EXPECT_TRUE(verdict == Verdict::fresh || verdict == Verdict::recovered ||
              verdict == Verdict::clean)
      << name(verdict) << ": " << till.store->opened().what;
  for (const auto& [id, event] : acked) {
    const auto found = till.store->find(event.id);
    ASSERT_TRUE(found) << id << ": " << found.error().what;
    EXPECT_EQ(*found, event);
  }
  std::map<std::uint32_t, std::set<std::uint64_t>> numbers;
  for (const SaleRow& row : till.store->sales(100))
    numbers[row.number.epoch].insert(row.number.number);
  for (const auto& [epoch, given] : numbers) {
    EXPECT_EQ(*given.rbegin(), given.size()) << "epoch " << epoch;
  }
  const auto pending = till.store->peek(100, SIZE_MAX, {});
  Money value;
  for (const wire::UpItem& item : pending) {
    if (const auto* document = std::get_if<wire::Document>(&item.event.body))
      value += document->total;
  }
  EXPECT_EQ(till.store->counters().pending, pending.size());
  EXPECT_EQ(till.store->counters().pending_value, value);
  if (till.store->opened().new_epoch_due) {
    ASSERT_TRUE(till.store->open_epoch("unclean_stop"));
  }
  EXPECT_TRUE(till.sell(4200));
}

// How many changes `work` makes on a sound volume.
std::uint64_t changes_of(const std::function<void(BenchTill&)>& work) {
  BenchTill till;
  work(till);
  return till.disk->face().changes();
}

// Stops `till` at the k-th change of the process it has then: `stop` takes the power, or just
// kills.
void arm(BenchTill& till, std::uint64_t k, const std::function<void()>& stop) {
  till.disk->on_boundary([k, stop](const disk::Boundary& boundary) {
    if (boundary.change && boundary.ordinal == k) stop();
  });
}

// trade() in a process whose k-th change is its last.
void trade_until(BenchTill& till, std::uint64_t k, const std::function<void()>& stop,
                 Acked& acked) {
  till.disk = std::make_unique<disk::VolumeDisk>(till.volume);
  arm(till, k, stop);
  if (till.open_here()) trade_here(till, acked);
  till.kill();
}

constexpr std::uint64_t kMostChanges = 500;

TEST(StoreCrash, KeepsEverythingAcknowledgedWhenKilledAtAnyBoundary) {
  std::uint64_t visited = 0;
  for (std::uint64_t k = 1; k < kMostChanges; ++k) {
    BenchTill till;
    Acked acked;
    bool stopped = false;
    trade_until(
        till, k,
        [&] {
          stopped = true;
          till.disk->cut_off();
        },
        acked);
    expect_whole(till, acked, fmt::format("killed at change {}", k));
    if (HasFatalFailure() || !stopped) break;
    ++visited;
  }
  EXPECT_GE(visited, 30U);
}

TEST(StoreCrash, KeepsEverythingAcknowledgedWhenThePowerGoesAtAnyBoundary) {
  std::uint64_t visited = 0;
  std::uint64_t states = 0;
  bool stopped = true;
  for (std::uint64_t k = 1; k < kMostChanges && stopped; ++k) {
    std::uint64_t pending = 1;
    // Variants: every prefix of what is pending, whole and with the next write torn after a sector.
    for (std::uint64_t variant = 0; variant < 2 * (pending + 1); ++variant) {
      BenchTill till;
      Acked acked;
      stopped = false;
      const disk::Cut cut =
          variant % 2 == 0 ? disk::Cut::keep_prefix(variant / 2) : disk::Cut::torn(variant / 2, 1);
      trade_until(
          till, k,
          [&] {
            stopped = true;
            pending = till.volume.pending().size();
            till.volume.power_cut(cut);
          },
          acked);
      if (!stopped) break;
      ++states;
      expect_whole(till, acked, fmt::format("cut at change {}, variant {}", k, variant));
      if (HasFatalFailure()) return;
    }
    if (stopped) ++visited;
  }
  EXPECT_GE(visited, 30U);
  EXPECT_GT(states, 2 * visited);
}

TEST(StoreCrash, OpensAfterAStopInTheMiddleOfOpening) {
  for (std::uint64_t k = 1; k < kMostChanges; ++k) {
    BenchTill till;
    Acked acked;
    // The first process dies between its ledger and its database.
    trade(till, acked);
    till.kill();
    ASSERT_TRUE(till.open());
    till.disk->on_boundary([&](const disk::Boundary& boundary) {
      if (boundary.op.kind == disk::OpKind::sync && boundary.op.role == disk::Role::db) {
        till.disk->cut_off();
      }
    });
    EXPECT_FALSE(till.sell(700) && till.store->health() == Health::sound);
    till.kill();
    till.disk = std::make_unique<disk::VolumeDisk>(till.volume);
    bool stopped = false;
    arm(till, k, [&] {
      stopped = true;
      till.volume.power_cut(disk::Cut::lose_pending());
    });
    (void)till.open_here();
    till.kill();
    expect_whole(till, acked, fmt::format("cut at change {} of opening", k));
    if (HasFatalFailure() || !stopped) return;
  }
  FAIL() << "opening never came to its end";
}

TEST(StoreCrash, SoundTradeEndsCleanly) {
  BenchTill till;
  Acked acked;
  trade(till, acked);
  EXPECT_EQ(acked.size(), 4U);
  EXPECT_GE(till.disk->face().changes(), 30U);
  till.kill();
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().verdict, Verdict::clean);
}

TEST(StoreCrash, MakesTheSameCallsEveryTime) {
  const auto work = [](BenchTill& till) {
    Acked acked;
    trade(till, acked);
  };
  EXPECT_EQ(changes_of(work), changes_of(work));
}

}  // namespace
}  // namespace tillrig::store::test
