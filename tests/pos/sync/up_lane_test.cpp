#include "pos/sync/up_lane.hpp"

#include "tests/pos/sync/fake_store.hpp"
#include "tests/pos/sync/fixed_entropy.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace tillrig::sync {
namespace {

using store::SyncState;
using wire::ItemStatus;
using namespace std::chrono_literals;

constexpr Instant kStart{1'000'000'000};

struct Bench {
  explicit Bench(std::uint64_t bits = 0, const char* mutant = nullptr) : entropy(bits) {
    base::Mutants mutants;
    if (mutant != nullptr) mutants.add(mutant);
    lane = std::make_unique<UpLane>(store, entropy, mutants);
  }
  Outgoing take(Instant now = kStart) {
    auto out = lane->next(now);
    EXPECT_TRUE(out.has_value());
    return out ? std::move(*out) : Outgoing{};
  }
  void finish(const Outgoing& sent, const Outcome& outcome, Instant now = kStart) {
    const auto kept = lane->finish(sent, outcome, now);
    EXPECT_TRUE(kept) << kept.error().what;
  }

  FakeStore store;
  FixedEntropy entropy;
  std::unique_ptr<UpLane> lane;
};

wire::UpResult result_of(const wire::UpItem& item, ItemStatus status, std::string code = {}) {
  wire::UpResult result;
  result.id = item.event.id.text();
  result.status = status;
  result.code = std::move(code);
  if (status == ItemStatus::applied || status == ItemStatus::duplicate) {
    result.hash = item.hash.hex();
  }
  return result;
}

Outcome all_applied(const Outgoing& sent) {
  Outcome outcome;
  outcome.status = 200;
  outcome.answer.emplace();
  for (const auto& item : sent.items) {
    outcome.answer->results.push_back(result_of(item, ItemStatus::applied));
  }
  return outcome;
}

Outcome failed(Cause cause, int status = 0, Duration retry_after = {}) {
  Outcome outcome;
  outcome.cause = cause;
  outcome.status = status;
  outcome.retry_after = retry_after;
  return outcome;
}

TEST(UpLane, ProvedItemsLeaveTheQueue) {
  Bench bench;
  bench.store.add_many(3);
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results[1].status = ItemStatus::duplicate;
  bench.finish(sent, outcome);
  EXPECT_EQ(bench.store.count(SyncState::acked), 3U);
  EXPECT_FALSE(bench.lane->next(kStart));
  EXPECT_TRUE(bench.lane->idle());
}

TEST(UpLane, WhatTheAnswerDoesNotNameStays) {
  Bench bench;
  bench.store.add_many(3);
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results.pop_back();
  bench.finish(sent, outcome);
  EXPECT_EQ(bench.store.count(SyncState::acked), 2U);
  const Outgoing again = bench.take(kStart + 2s);
  ASSERT_EQ(again.items.size(), 1U);
  EXPECT_EQ(again.items[0].event.id.seq, 3U);
}

TEST(UpLane, AnAnswerThatNamesNothingIsNotAskedForAgainAtOnce) {
  Bench bench;
  bench.store.add_many(3);
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results.clear();
  bench.finish(sent, outcome);
  EXPECT_FALSE(bench.lane->next(kStart + 1s));
  const Instant resume = bench.lane->resume_at(kStart);
  EXPECT_GT(resume, kStart);
  EXPECT_LE(resume, kStart + 2s);
  EXPECT_EQ(bench.take(resume).items.size(), 3U);
  EXPECT_EQ(bench.store.count(SyncState::queued), 3U);
}

TEST(UpLane, AnAnswerAboutSomebodyElsesItemsProvesNothing) {
  Bench bench;
  bench.store.add_many(1);
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results[0].id = "till-2.1.1";
  bench.finish(sent, outcome);
  EXPECT_EQ(bench.store.count(SyncState::queued), 1U);
}

TEST(UpLane, AnotherHashIsNoProof) {
  Bench bench;
  const auto id = bench.store.add();
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results[0].hash = std::string(64, '0');
  bench.finish(sent, outcome);
  EXPECT_EQ(bench.store.sync_state(id), SyncState::quarantined);
  EXPECT_EQ(bench.store.why(id), "other_hash");
}

TEST(UpLane, TransportFailuresNeverCountAgainstAnItem) {
  Bench bench;
  bench.store.add_many(2);
  Instant now = kStart;
  for (int i = 0; i < 200; ++i) {
    const Outgoing sent = bench.take(now);
    ASSERT_EQ(sent.items.size(), 2U);
    bench.finish(sent, failed(i % 2 == 0 ? Cause::blackhole : Cause::server, i % 2 == 0 ? 0 : 500),
                 now);
    now = now + 61s;
  }
  EXPECT_EQ(bench.store.count(SyncState::queued), 2U);
  const Outgoing sent = bench.take(now);
  bench.finish(sent, all_applied(sent), now);
  EXPECT_EQ(bench.store.count(SyncState::acked), 2U);
}

TEST(UpLane, ALoginPageWithStatus200ProvesNothing) {
  Bench bench;
  bench.store.add_many(2);
  bench.finish(bench.take(), failed(Cause::portal, 200));
  EXPECT_EQ(bench.store.count(SyncState::queued), 2U);
}

TEST(UpLane, WaitsAfterAFailureAndSaysUntilWhen) {
  Bench bench(UINT64_MAX);
  bench.store.add();
  bench.finish(bench.take(), failed(Cause::reset));
  EXPECT_FALSE(bench.lane->next(kStart));
  const Instant resume = bench.lane->resume_at(kStart);
  EXPECT_GT(resume, kStart);
  EXPECT_LE(resume, kStart + 1s);
  EXPECT_TRUE(bench.lane->next(resume));
}

TEST(UpLane, AWindowThatFailsAtOnceIsOneFailure) {
  Bench bench(UINT64_MAX);
  bench.store.add_many(400);
  std::vector<Outgoing> sent;
  for (int i = 0; i < 4; ++i) sent.push_back(bench.take());
  for (const auto& each : sent) bench.finish(each, failed(Cause::reset));
  EXPECT_LE(bench.lane->resume_at(kStart), kStart + 1s);
}

TEST(UpLane, AWindowThatFailsOneAfterTheOtherIsOneFailureToo) {
  Bench bench(UINT64_MAX);
  bench.store.add_many(400);
  std::vector<Outgoing> sent;
  for (int i = 0; i < 4; ++i) sent.push_back(bench.take());
  Instant now = kStart;
  for (const auto& each : sent) {
    now = now + 2s;
    bench.finish(each, failed(Cause::reset), now);
  }
  EXPECT_TRUE(bench.lane->next(now)) << "the pause after the first of them is over";
}

TEST(UpLane, HonoursRetryAfter) {
  Bench bench;
  bench.store.add();
  bench.finish(bench.take(), failed(Cause::busy, 503, 90s));
  EXPECT_FALSE(bench.lane->next(kStart + 89s));
  EXPECT_GE(bench.lane->resume_at(kStart), kStart + 90s);
  EXPECT_TRUE(bench.lane->next(kStart + 91s));
}

TEST(UpLane, HonoursRetryAfterAlsoWhenTheLineComesBackMeanwhile) {
  Bench bench;
  bench.store.add();
  bench.finish(bench.take(), failed(Cause::busy, 429, 90s));
  bench.lane->line_is_back(kStart + 10s, 0s);
  EXPECT_FALSE(bench.lane->next(kStart + 89s));
  EXPECT_TRUE(bench.lane->next(kStart + 95s));
}

TEST(UpLane, HonoursTheWaitWithinAnAnswer) {
  Bench bench;
  bench.store.add_many(101);
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->retry_after_ms = 5000;
  bench.finish(sent, outcome);
  EXPECT_FALSE(bench.lane->next(kStart + 4s));
  EXPECT_TRUE(bench.lane->next(kStart + 5s));
}

TEST(UpLane, AnAnswerWithoutAWaitDoesNotLiftOneOfBefore) {
  Bench bench;
  bench.store.add_many(300);
  const Outgoing first = bench.take();
  const Outgoing second = bench.take();
  bench.finish(first, failed(Cause::busy, 429, 60s));
  Outcome outcome = all_applied(second);
  outcome.answer->retry_after_ms = 1;
  bench.finish(second, outcome);
  EXPECT_FALSE(bench.lane->next(kStart + 59s));
}

TEST(UpLane, StartsAtItsMomentWhenTheLineIsBack) {
  Bench bench(UINT64_MAX);
  bench.store.add();
  Instant now = kStart;
  for (int i = 0; i < 8; ++i) {
    bench.finish(bench.take(now), failed(Cause::link), now);
    if (i < 7) now = now + 61s;
  }
  EXPECT_GT(bench.lane->resume_at(now), now + 30s);
  bench.lane->line_is_back(now, 3s);
  EXPECT_FALSE(bench.lane->next(now + 2s));
  EXPECT_TRUE(bench.lane->next(now + 3s));
}

TEST(UpLane, SendsNowThoughWhatWasUnderWayFails) {
  Bench bench(UINT64_MAX);
  bench.store.add();
  const Outgoing under_way = bench.take();
  bench.lane->now(kStart);
  bench.finish(under_way, failed(Cause::server, 500), kStart + 20ms);
  const Outgoing again = bench.take(kStart + 20ms);
  bench.finish(again, failed(Cause::server, 500), kStart + 40ms);
  EXPECT_FALSE(bench.lane->next(kStart + 40ms)) << "said once, it is done once";
}

TEST(UpLane, SendsNowButNotBeforeTheCloudWantsToBeAskedAgain) {
  Bench bench;
  bench.store.add();
  const Outgoing under_way = bench.take();
  bench.lane->now(kStart);
  bench.finish(under_way, failed(Cause::busy, 503, 90s), kStart + 20ms);
  EXPECT_FALSE(bench.lane->next(kStart + 89s));
}

TEST(UpLane, FourBatchesAreOnTheirWayInOrder) {
  Bench bench;
  bench.store.add_many(1000);
  std::vector<Outgoing> sent;
  for (std::uint64_t i = 0; i < 4; ++i) {
    sent.push_back(bench.take());
    EXPECT_EQ(sent.back().batch, i + 1);
    ASSERT_EQ(sent.back().items.size(), 100U);
    for (std::uint64_t k = 0; k < 100; ++k) {
      EXPECT_EQ(sent.back().items[k].event.id.seq, i * 100 + k + 1);
    }
  }
  EXPECT_FALSE(bench.lane->next(kStart));
  bench.finish(sent[2], all_applied(sent[2]));
  EXPECT_EQ(bench.take().items.front().event.id.seq, 401U);
  EXPECT_FALSE(bench.lane->next(kStart));
}

TEST(UpLane, TheCloudMayNarrowTheWindowButNeverShutIt) {
  Bench bench;
  bench.store.add_many(1000);
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->window = 0;
  bench.finish(sent, outcome);
  const Outgoing only = bench.take();
  EXPECT_FALSE(bench.lane->next(kStart));
  Outcome wide = all_applied(only);
  wide.answer->window = 1'000'000;
  bench.finish(only, wide);
  for (int i = 0; i < 4; ++i) bench.take();
  EXPECT_FALSE(bench.lane->next(kStart));
}

TEST(UpLane, ABatchIsOfOneEpoch) {
  Bench bench;
  bench.store.add({}, 1);
  bench.store.add({}, 2);
  EXPECT_EQ(bench.take().epoch, 1U);
  EXPECT_EQ(bench.take().epoch, 2U);
}

TEST(UpLane, ANewLoginCountsBatchesFromOne) {
  Bench bench;
  bench.store.add_many(300);
  bench.take();
  EXPECT_EQ(bench.take().batch, 2U);
  bench.lane->restart();
  EXPECT_EQ(bench.take().batch, 1U);
}

// Plays a cloud that cannot read a batch with a certain item, until nothing is left to send.
// Returns how many batches it took.
int drain_with_poison(Bench& bench, const std::function<bool(const Outgoing&)>& refused,
                      int status) {
  int batches = 0;
  while (auto sent = bench.lane->next(kStart)) {
    ++batches;
    if (batches > 10'000) break;
    bench.finish(*sent, refused(*sent) ? failed(Cause::none, status) : all_applied(*sent));
  }
  return batches;
}

TEST(UpLane, ABatchThatCannotBeReadIsHalvedUntilThePoisonStandsAlone) {
  for (const std::uint64_t poison : {1U, 37U, 64U, 100U}) {
    Bench bench;
    bench.store.add_many(100);
    const auto refused = [&](const Outgoing& sent) {
      return std::any_of(sent.items.begin(), sent.items.end(),
                         [&](const auto& item) { return item.event.id.seq == poison; });
    };
    const int batches = drain_with_poison(bench, refused, 400);
    EXPECT_LE(batches, 1 + 2 * 7) << "log2 100 is below 7; each step sends two halves";
    EXPECT_EQ(bench.store.count(SyncState::acked), 99U);
    EXPECT_EQ(bench.store.why({"till-1", 1, poison}), "unreadable");
    EXPECT_TRUE(bench.lane->idle());
  }
}

TEST(UpLane, ABatchThatIsTooLargeIsHalvedUntilItFits) {
  Bench bench;
  bench.store.add_many(100);
  const int batches = drain_with_poison(
      bench, [](const Outgoing& sent) { return sent.items.size() > 25; }, 413);
  EXPECT_EQ(batches, 7);
  EXPECT_EQ(bench.store.count(SyncState::acked), 100U);
}

TEST(UpLane, AnItemThatIsTooLargeAloneGoesToQuarantine) {
  Bench bench;
  const auto id = bench.store.add();
  drain_with_poison(
      bench, [](const Outgoing&) { return true; }, 413);
  EXPECT_EQ(bench.store.sync_state(id), SyncState::quarantined);
  EXPECT_EQ(bench.store.why(id), "too_large");
}

TEST(UpLane, ALoginPagesStatus400SplitsNothing) {
  Bench bench;
  bench.store.add();
  bench.finish(bench.take(), failed(Cause::portal, 400));
  EXPECT_EQ(bench.store.count(SyncState::queued), 1U);
}

TEST(UpLane, HalvesThatMeetAFailingLineAreNotLost) {
  Bench bench;
  bench.store.add_many(10);
  bench.finish(bench.take(), failed(Cause::none, 400));
  bench.finish(bench.take(), failed(Cause::reset));
  drain_with_poison(
      bench, [](const Outgoing&) { return false; }, 400);
  EXPECT_EQ(bench.store.count(SyncState::acked), 10U);
}

TEST(UpLane, ARejectedSaleAndItsRefundWaitInQuarantineWhileOthersFlow) {
  Bench bench;
  const auto bad = bench.store.add();
  bench.store.add();
  const auto refund = bench.store.add(bad.text());
  bench.store.add();

  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results[0] = result_of(sent.items[0], ItemStatus::rejected, "bad_total");
  outcome.answer->results[2] = result_of(sent.items[2], ItemStatus::deferred, "sale_missing");
  bench.finish(sent, outcome);
  EXPECT_EQ(bench.store.sync_state(bad), SyncState::quarantined);
  EXPECT_EQ(bench.store.why(bad), "bad_total");
  EXPECT_EQ(bench.store.count(SyncState::acked), 2U);

  const Instant later = kStart + 2s;
  if (auto again = bench.lane->next(later)) {
    ASSERT_EQ(again->items.size(), 1U);
    Outcome still;
    still.status = 200;
    still.answer.emplace();
    still.answer->results = {result_of(again->items[0], ItemStatus::deferred, "sale_missing")};
    bench.finish(*again, still, later);
  }
  EXPECT_EQ(bench.store.sync_state(refund), SyncState::quarantined);
  EXPECT_FALSE(bench.lane->next(later + 1h));
}

TEST(UpLane, AConflictGoesToQuarantine) {
  Bench bench;
  const auto id = bench.store.add();
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results[0] = result_of(sent.items[0], ItemStatus::conflict, "other_body");
  bench.finish(sent, outcome);
  EXPECT_EQ(bench.store.sync_state(id), SyncState::quarantined);
  EXPECT_EQ(bench.store.why(id), "other_body");
}

TEST(UpLane, ADeferredItemIsTriedAgainUntilItsSaleIsThere) {
  Bench bench;
  const auto sale = bench.store.add();
  bench.store.add(sale.text());
  const Outgoing sent = bench.take();
  Outcome outcome = all_applied(sent);
  outcome.answer->results[1] = result_of(sent.items[1], ItemStatus::deferred, "sale_missing");
  bench.finish(sent, outcome);
  EXPECT_FALSE(bench.lane->next(kStart));
  const Instant resume = bench.lane->resume_at(kStart);
  ASSERT_LE(resume, kStart + 2s);
  const Outgoing again = bench.take(resume);
  ASSERT_EQ(again.items.size(), 1U);
  bench.finish(again, all_applied(again), resume);
  EXPECT_EQ(bench.store.count(SyncState::acked), 2U);
}

TEST(UpLane, NeverAsksToBeWokenAtAnInstantThatHasPassed) {
  Bench bench;
  const auto sale = bench.store.add();
  bench.store.add(sale.text());
  const Outgoing first = bench.take();
  Outcome outcome = all_applied(first);
  outcome.answer->window = 1;
  outcome.answer->results[1] = result_of(first.items[1], ItemStatus::deferred, "sale_missing");
  bench.finish(first, outcome);
  bench.store.add();
  bench.take(kStart + 1s);  // fills the window, while the deferred item falls due
  const Instant now = kStart + 10s;
  EXPECT_FALSE(bench.lane->next(now));
  EXPECT_GT(bench.lane->resume_at(now), now) << "a worker would spin";
}

TEST(UpLaneMutant, ClearAllOnAckLosesWhatWasNeverSent) {
  Bench bench(0, "clear_all_on_ack");
  bench.store.add_many(2500);
  const Outgoing sent = bench.take();
  bench.finish(sent, all_applied(sent));
  EXPECT_EQ(bench.store.count(SyncState::acked), 2500U);
}

TEST(UpLaneMutant, DirtyClearedEarlyCountsASaleThatWasNeverProved) {
  Bench bench(0, "dirty_cleared_early");
  bench.store.add_many(2);
  const Outgoing sent = bench.take();
  bench.finish(sent, failed(Cause::reset));
  EXPECT_EQ(bench.store.count(SyncState::acked), 2U);
}

TEST(UpLaneMutant, ClearOnCaptivePortalTakesALoginPageForTheCloud) {
  Bench bench(0, "clear_on_captive_portal");
  bench.store.add_many(2);
  bench.finish(bench.take(), failed(Cause::portal, 200));
  EXPECT_EQ(bench.store.count(SyncState::acked), 2U);
}

TEST(UpLaneMutant, DeadLetterCountsTransportGivesUpAfterFiveTries) {
  Bench bench(0, "dead_letter_counts_transport");
  const auto id = bench.store.add();
  Instant now = kStart;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(bench.store.sync_state(id), SyncState::queued) << i;
    bench.finish(bench.take(now), failed(Cause::link), now);
    now = now + 61s;
  }
  EXPECT_EQ(bench.store.sync_state(id), SyncState::quarantined);
  EXPECT_EQ(bench.store.why(id), "dead_letter");
}

TEST(UpLaneMutant, PoisonBlocksQueueHoldsUpEverythingBehindIt) {
  Bench bench(0, "poison_blocks_queue");
  bench.store.add_many(300);
  Instant now = kStart;
  for (int i = 0; i < 10; ++i) {
    const Outgoing sent = bench.take(now);
    ASSERT_EQ(sent.items.front().event.id.seq, 1U) << "the same batch, again and again";
    Outcome outcome = all_applied(sent);
    outcome.answer->results[0] = result_of(sent.items[0], ItemStatus::rejected, "bad_total");
    bench.finish(sent, outcome, now);
    now = now + 61s;
  }
  EXPECT_EQ(bench.store.count(SyncState::queued), 300U);
}

// Short lines of cheap goods grow most on their way from the ledger's form to JSON.
TEST(UpLane, ABatchEndsWhereTheLimitOfItsJsonIs) {
  for (const std::size_t lines : {1U, 10U, 40U, 300U, 1000U}) {
    Bench bench;
    bench.store.lines = lines;
    bench.store.add_many(130);
    std::size_t sent_items = 0;
    for (int round = 0; round < 500 && sent_items < 130; ++round) {
      const Outgoing sent = bench.take();
      ASSERT_FALSE(sent.items.empty());
      wire::UpBatch head;
      head.till = std::string(32, 'x');
      head.epoch = wire::kMostEpoch;
      head.generation = head.batch = INT64_MAX;
      const base::Bytes body = wire::write_json(head, sent.list);
      EXPECT_TRUE(body.size() <= wire::kBatchBytes || sent.items.size() == 1) << lines;
      EXPECT_LE(body.size(), wire::kBodyLimit);
      const auto read = wire::read_batch(body);
      ASSERT_TRUE(read) << read.error().what;
      EXPECT_EQ(read->items.size(), sent.items.size());
      sent_items += sent.items.size();
      bench.finish(sent, all_applied(sent));
    }
    EXPECT_EQ(sent_items, 130U) << "what did not fit went later";
    EXPECT_TRUE(bench.lane->idle());
  }
}

}  // namespace
}  // namespace tillrig::sync
