// The till's durable queue on a real disk, each case beside its physical limit and plain SQLite.
//
//   cmake --preset release && cmake --build --preset release --target bench_queue
//   build/release/bin/bench_queue                        # all of it, 2 to 3 minutes
//   build/release/bin/bench_queue --benchmark_filter=Enqueue
//   TILLRIG_BENCH_DIR=/some/disk build/release/bin/bench_queue
//
// The files are in TILLRIG_BENCH_DIR, or the temporary folder: on a tmpfs the figures mean little.
// A slice is a few operations of the subject, the same number of the limit and of SQLite; slices
// alternate inside one loop, and what is reported are medians over the slices:
//   of_limit         the subject's rate over that of the limit: the same bytes appended to a
//                    preallocated file used round and round, and fdatasync; one sync for the ledger
//                    alone, two for a complete sale
//   sqlite_of_limit  the same for an outbox table in SQLite, WAL and FULL, one transaction a batch
//   flatness         cost at this depth over the cost at depth 1,000, measured in turns
//   syncs_per_rec, bytes_per_byte: what the ledger asks of the disk (SQLite not included)
// Absolute rates depend on the machine's load; ratios hold within a few percent.
// A record is a sale of five lines in its compact form. Its hash, which travels on the wire too, is
// part of making the event and not of enqueueing it.

#include "bench/queue_cases.hpp"
#include "bench/queue_group.hpp"
#include "bench/queue_rig.hpp"
#include "pos/store/opening.hpp"
#include "pos/store/store.hpp"

#include <benchmark/benchmark.h>

namespace tillrig::bench {
namespace {

using store::Key;
using store::QueueCursor;

// Operations of a slice: enough to be timed, few enough that the neighbours' load is the same for
// all three.
std::size_t slice_of(std::size_t batch) {
  return batch >= 256 ? 2 : 4;
}

void BM_Enqueue(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  const Folder folder("enqueue");
  CountedDisk disk(folder.path());
  auto ledger = must(Ledger::open(disk, "till-1"));
  RawAppend limit(disk, "limit");
  SqliteOutbox peer(disk);
  Records records(batch);
  const Bytes same(records.disk_bytes() * batch, 'x');
  const std::size_t operations = slice_of(batch);
  Slices slices;
  // Every segment has been used before it counts: a till's ledger is recycled too.
  for (int used = 0; used < 6 * 2048; used += 512) {
    const auto entries = records.next(512);
    must(ledger->append(entries));
    settle(*ledger, entries);
  }
  disk.traffic = {};
  std::uint64_t syncs = 0;
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    double subject = 0;
    const Traffic before = disk.traffic;
    for (std::size_t i = 0; i < operations; ++i) {
      const auto entries = records.next(batch);
      subject += seconds([&] { must(ledger->append(entries)); });
      settle(*ledger, entries);
    }
    syncs += disk.traffic.syncs - before.syncs;
    bytes += disk.traffic.bytes - before.bytes;
    const double raw = seconds([&] {
      for (std::size_t i = 0; i < operations; ++i) limit.append(same);
    });
    const double sqlite = seconds([&] {
      for (std::size_t i = 0; i < operations; ++i) peer.enqueue(batch, records.body());
    });
    slices.add(subject, raw, sqlite, operations * batch);
    state.SetIterationTime(subject);
  }
  slices.report(state);
  const double count =
      static_cast<double>(state.iterations()) * static_cast<double>(operations * batch);
  state.counters["syncs_per_rec"] = static_cast<double>(syncs) / count;
  state.counters["bytes_per_byte"] =
      static_cast<double>(bytes) / count / static_cast<double>(records.body().size());
}

// What a store does for one sale (store::Store::commit), for many with one sync of each copy.
class Counter {
 public:
  explicit Counter(ports::Disk& disk) : disk_(disk) {
    store::Opening opening(disk_, {"till-1"});
    must(opening.run());
    journal_.emplace(disk_, recorder_, till_, std::move(opening.copies), "", base::Mutants{});
    queue_.emplace(till_, *journal_, recorder_, std::move(opening.cursor));
    key_ = opening.newest.epoch == 0 ? Key{1, 0} : opening.newest;
    number_ = opening.number;
  }
  void sell(std::size_t count) {
    static const wire::Document one = sale_of_five();
    std::vector<store::Draft> drafts;
    drafts.reserve(count);
    while (drafts.size() < count) {
      wire::Event event;
      event.id = {till_, key_.epoch, ++key_.seq};
      event.aggregate = event.id.text();
      event.wall = clock_.wall();
      event.hlc = hlc_.tick(event.wall);
      wire::Document document = one;
      document.number = ++number_;
      must(wire::check_document(document, event.kind));
      event.body = std::move(document);
      drafts.push_back(store::draft_of(std::move(event)));
    }
    must(journal_->write(drafts, queue_->counters_with(drafts)));
    queue_->add(drafts);
    journal_->checkpoint();
  }
  store::Queue& queue() { return *queue_; }

 private:
  ports::Disk& disk_;
  std::string till_ = "till-1";
  BenchClock clock_;
  NoRecorder recorder_;
  std::optional<store::Journal> journal_;
  std::optional<store::Queue> queue_;
  base::HybridClock hlc_;
  Key key_;
  std::uint64_t number_ = 0;
};

// A counter with something in its queue.
class Shop {
 public:
  explicit Shop(const std::string& name, std::size_t depth)
      : folder_(name), disk_(folder_.path()), counter_(disk_) {
    for (std::size_t left = depth; left > 0; left -= std::min(left, kMost)) {
      sell(std::min(left, kMost));
    }
  }
  void sell(std::size_t count) { counter_.sell(count); }
  std::size_t peek(std::size_t count) {
    peeked_ = counter_.queue().peek(count, SIZE_MAX, {});
    return peeked_.size();
  }
  void settle_peeked() {
    std::vector<store::Settled> settled;
    for (const wire::UpItem& item : peeked_) {
      settled.push_back({item.event.id, store::SyncState::acked, ""});
    }
    must(counter_.queue().settle(settled));
  }
  void drain(std::size_t count) {
    for (std::size_t left = count; left > 0; left -= std::min<std::size_t>(left, 1000)) {
      peek(std::min<std::size_t>(left, 1000));
      settle_peeked();
    }
  }

 private:
  static constexpr std::size_t kMost = 1024;
  Folder folder_;
  CountedDisk disk_;
  Counter counter_;
  std::vector<wire::UpItem> peeked_;
};

void BM_Sale(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  Shop shop("sale", 4096);
  shop.drain(4096);
  const Folder folder("sale-limit");
  CountedDisk disk(folder.path());
  RawAppend first(disk, "first");
  RawAppend second(disk, "second");
  SqliteOutbox peer(disk);
  const Records records(1);
  const Bytes same(records.disk_bytes() * batch, 'x');
  const std::size_t operations = slice_of(batch);
  Slices slices;
  for (auto _ : state) {
    const double subject = seconds([&] {
      for (std::size_t i = 0; i < operations; ++i) shop.sell(batch);
    });
    const double raw = seconds([&] {
      for (std::size_t i = 0; i < operations; ++i) {
        first.append(same);
        second.append(same);
      }
    });
    const double sqlite = seconds([&] {
      for (std::size_t i = 0; i < operations; ++i) peer.enqueue(batch, records.body());
    });
    slices.add(subject, raw, sqlite, operations * batch);
    state.SetIterationTime(subject);
    shop.drain(operations * batch);
  }
  slices.report(state);
}

// Runs `rounds` records in each of `producers` threads; returns seconds.
double produce(std::size_t producers, std::size_t rounds, LeaderFollower& queue) {
  return seconds([&] {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < producers; ++i) {
      threads.emplace_back([&] {
        for (std::size_t round = 0; round < rounds; ++round) queue.enqueue();
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
}

void BM_GroupCommit(benchmark::State& state) {
  const auto producers = static_cast<std::size_t>(state.range(0));
  const bool gather = state.range(1) != 0;
  const Folder folder("group");
  CountedDisk disk(folder.path());
  auto ledger = must(Ledger::open(disk, "till-1"));
  Records records(producers);
  must(ledger->append(records.next(producers)));
  RawAppend limit(disk, "limit");
  disk.traffic.sync_takes = std::chrono::milliseconds(state.range(2));
  const Bytes same(records.disk_bytes() * producers, 'x');
  const auto to_ledger = [&](std::size_t count) {
    const auto entries = records.next(count);
    must(ledger->append(entries));
    settle(*ledger, entries);
  };
  const auto to_limit = [&](std::size_t count) {
    limit.append(ByteView(same).substr(0, count * records.disk_bytes()));
  };
  LeaderFollower subject_queue(gather, to_ledger);
  LeaderFollower limit_queue(gather, to_limit);
  const std::size_t rounds = state.range(2) > 0 ? 10 : 40;
  Slices slices;
  for (auto _ : state) {
    const double subject = produce(producers, rounds, subject_queue);
    const double raw = produce(producers, rounds, limit_queue);
    slices.add(subject, raw, 0, rounds * producers);
    state.SetIterationTime(subject);
  }
  slices.report(state);
  state.counters["batch_mean"] =
      static_cast<double>(subject_queue.records()) / static_cast<double>(subject_queue.writes());
}

// A hundred items out of the queue and their acknowledgement kept; the limit: one sector and a
// sync.
void BM_PeekAndAck(benchmark::State& state) {
  constexpr std::size_t kItems = 100;
  Shop shop("peek", 10'000);
  const Folder folder("peek-limit");
  CountedDisk disk(folder.path());
  RawAppend limit(disk, "limit");
  const Bytes sector(512, 'x');
  Slices slices;
  std::vector<double> peeks;
  for (auto _ : state) {
    const double peek = seconds([&] { shop.peek(kItems); });
    const double ack = seconds([&] { shop.settle_peeked(); });
    const double raw = seconds([&] { limit.append(sector); });
    slices.add(peek + ack, raw, 0, kItems);
    peeks.push_back(peek * 1e6 / kItems);
    state.SetIterationTime(peek + ack);
    shop.sell(kItems);
  }
  slices.report(state);
  state.counters["peek_us_per_rec"] = median(peeks);
}

// 64 sales in, 64 looked at, 64 acknowledged, at a queue this deep; the limit: the same bytes and
// three syncs.
void BM_SteadyState(benchmark::State& state) {
  constexpr std::size_t kBatch = 64;
  Shop shallow("depth-1000", 1000);
  Shop deep("depth", static_cast<std::size_t>(state.range(0)));
  const Folder folder("depth-limit");
  CountedDisk disk(folder.path());
  RawAppend limit(disk, "limit");
  const Records records(1);
  const Bytes same(records.disk_bytes() * kBatch, 'x');
  const auto cycle = [&](Shop& shop) {
    return seconds([&] {
      shop.sell(kBatch);
      shop.peek(kBatch);
      shop.settle_peeked();
    });
  };
  Slices slices;
  std::vector<double> flatness;
  bool deep_first = false;
  for (auto _ : state) {
    deep_first = !deep_first;
    double at_depth = deep_first ? cycle(deep) : 0;
    const double at_thousand = cycle(shallow);
    if (!deep_first) at_depth = cycle(deep);
    const double raw = seconds([&] {
      limit.append(same);
      limit.append(same);
      limit.append(ByteView(same).substr(0, 512));
    });
    slices.add(at_depth, raw, 0, kBatch);
    flatness.push_back(at_depth / at_thousand);
    state.SetIterationTime(at_depth);
  }
  slices.report(state);
  state.counters["flatness"] = median(flatness);
}

// The ledger and the cursor alone, as in BM_Enqueue: 64 appended, 64 read, 64 passed.
void BM_SteadyLedger(benchmark::State& state) {
  constexpr std::size_t kBatch = 64;
  struct Queue {
    Queue(const std::string& name, std::size_t depth)
        : folder(name), disk(folder.path()), ledger(must(Ledger::open(disk, "till-1"))) {
      for (std::size_t left = depth; left > 0; left -= std::min<std::size_t>(left, 1024)) {
        add(std::min<std::size_t>(left, 1024));
      }
    }
    void add(std::size_t count) {
      const auto entries = records.next(count);
      must(ledger->append(entries));
      for (const LedgerEntry& entry : entries) cursor.add(entry.head.key, entry.head.total);
    }
    void cycle() {
      add(kBatch);
      const auto first = cursor.first_pending({});
      const auto read = ledger->read_run(*first, kBatch, SIZE_MAX);
      std::vector<QueueCursor::Fate> fates;
      for (const store::Entry& entry : read) {
        fates.push_back({entry.head.key, store::SyncState::acked, "", entry.head.total});
      }
      for (const Key key : cursor.settle(fates).done) ledger->settle(key);
    }
    Folder folder;
    CountedDisk disk;
    std::unique_ptr<Ledger> ledger;
    QueueCursor cursor;
    Records records{kBatch};
  };
  Queue shallow("ledger-1000", 1000);
  Queue deep("ledger-depth", static_cast<std::size_t>(state.range(0)));
  RawAppend limit(shallow.disk, "limit");
  const Bytes same(shallow.records.disk_bytes() * kBatch, 'x');
  Slices slices;
  std::vector<double> flatness;
  bool deep_first = false;
  for (auto _ : state) {
    deep_first = !deep_first;
    double at_depth = deep_first ? seconds([&] { deep.cycle(); }) : 0;
    const double at_thousand = seconds([&] { shallow.cycle(); });
    if (!deep_first) at_depth = seconds([&] { deep.cycle(); });
    const double raw = seconds([&] { limit.append(same); });
    slices.add(at_depth, raw, 0, kBatch);
    flatness.push_back(at_depth / at_thousand);
    state.SetIterationTime(at_depth);
  }
  slices.report(state);
  state.counters["flatness"] = median(flatness);
}

// Opening a store that was not closed, with this many sales in it.
void BM_Open(benchmark::State& state) {
  const Folder folder("open");
  CountedDisk disk(folder.path());
  BenchClock clock;
  NoRecorder recorder;
  {
    Counter counter(disk);
    for (std::int64_t left = state.range(0); left > 0; left -= 1000) counter.sell(1000);
  }
  std::unique_ptr<store::Store> store;
  for (auto _ : state) {
    store.reset();
    state.SetIterationTime(
        seconds([&] { store = must(store::Store::open(disk, clock, recorder, store::Config{})); }));
  }
}

BENCHMARK(BM_Enqueue)
    ->ArgName("batch")
    ->Arg(1)
    ->Arg(4)
    ->Arg(16)
    ->Arg(64)
    ->Iterations(201)
    ->UseManualTime();
BENCHMARK(BM_Enqueue)->ArgName("batch")->Arg(256)->Arg(1024)->Iterations(101)->UseManualTime();
BENCHMARK(BM_Sale)
    ->ArgName("batch")
    ->Arg(1)
    ->Arg(4)
    ->Arg(16)
    ->Arg(64)
    ->Iterations(201)
    ->UseManualTime();
BENCHMARK(BM_Sale)->ArgName("batch")->Arg(256)->Arg(1024)->Iterations(31)->UseManualTime();
BENCHMARK(BM_GroupCommit)
    ->ArgNames({"producers", "gather", "sync_ms"})
    ->ArgsProduct({{1, 2, 8, 32, 64}, {0, 1}, {0, 5}})
    ->Iterations(7)
    ->UseManualTime();
BENCHMARK(BM_PeekAndAck)->Iterations(201)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_SteadyLedger)
    ->ArgName("depth")
    ->Arg(1000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Iterations(201)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_SteadyState)
    ->ArgName("depth")
    ->Arg(1000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Iterations(201)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_Open)->ArgName("sales")->Arg(5000)->Iterations(15)->UseManualTime()->Unit(
    benchmark::kMillisecond);

}  // namespace
}  // namespace tillrig::bench

BENCHMARK_MAIN();
