// What one event of the timeline costs to write and to read. Events/s is items_per_second; the
// targets are 3 M written and 20 bytes each.
#include "sim/trace/reader.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace tillrig::trace {
namespace {

constexpr std::int64_t kEvents = 1'000'000;

// What a till says about a sale, over and over: 8 events with 0 to 2 arguments each, causes,
// durations, a new sale every 8 events, virtual time in steps of 0 to 9 s.
class Mix {
 public:
  explicit Mix(Writer& writer) : writer_(writer) {
    for (const auto* name : {"till-1/cashier", "till-1/store", "till-1/outbox", "cloud/oms"}) {
      lanes_.push_back(writer.lane(name));
    }
    for (const auto* name :
         {"scan", "basket", "pay", "commit", "queued", "sent", "stored", "ack"}) {
      names_.push_back(writer.intern(name));
    }
    first_ = writer.intern("bytes");
    second_ = writer.intern("reason");
    word_ = writer.intern("drop");
  }

  void sale(std::int64_t number) {
    const Name sale = writer_.intern(fmt::format("S-{:07}", number));
    std::uint64_t cause = 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      now_ = now_ + kSteps[i];
      const Arg args[] = {{first_, 300 + number % 64}, {second_, word_}};
      const EventIn event{now_,
                          lanes_[i / 2],
                          names_[i],
                          sale,
                          cause,
                          Severity::info,
                          static_cast<std::uint32_t>(20 + i / 4),
                          i % 3 == 0 ? base::Duration{6'000'000} : base::Duration{0},
                          std::span<const Arg>(args, i % 3)};
      cause = writer_.write(event);
    }
  }

 private:
  static constexpr base::Duration kSteps[] = {
      base::Duration{9'000'000'000}, base::Duration{1'700'000'000}, base::Duration{4'250'000'000},
      base::Duration{2'000'000},     base::Duration{6'000'000},     base::Duration{0},
      base::Duration{21'000'000},    base::Duration{20'000'000}};

  Writer& writer_;
  std::vector<LaneId> lanes_;
  std::vector<Name> names_;
  Name first_;
  Name second_;
  Name word_;
  base::Instant now_;
};

// Counts, so that the writer is measured and not the memory behind it.
class CountingSink final : public Sink {
 public:
  base::Result<void> append(base::ByteView bytes) override {
    size_ += bytes.size();
    benchmark::DoNotOptimize(bytes.data());
    return {};
  }
  base::Result<void> flush() override { return {}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

void write_run(Sink& sink) {
  Writer writer(sink, {"bench", "", 1, "bench"});
  Mix mix(writer);
  for (std::int64_t i = 0; i < kEvents / 8; ++i) mix.sale(i);
  static_cast<void>(writer.finish());
}

void report(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(state.iterations() * kEvents);
  state.counters["bytes_per_event"] = static_cast<double>(bytes) / static_cast<double>(kEvents);
}

void write_to_nowhere(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    CountingSink sink;
    write_run(sink);
    bytes = sink.size();
  }
  report(state, bytes);
}
BENCHMARK(write_to_nowhere)->Unit(benchmark::kMillisecond);

void write_to_memory(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    MemorySink sink;
    write_run(sink);
    bytes = sink.bytes().size();
  }
  report(state, bytes);
}
BENCHMARK(write_to_memory)->Unit(benchmark::kMillisecond);

void write_to_file(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path();
  const auto path = (folder / fmt::format("tillrig-bench-{}.tlog", ::getpid())).string();
  for (auto _ : state) {
    auto sink = open_file_sink(path);
    if (!sink) {
      state.SkipWithError(sink.error().what.c_str());
      return;
    }
    write_run(**sink);
  }
  report(state, std::filesystem::file_size(path));
  std::filesystem::remove(path);
}
BENCHMARK(write_to_file)->Unit(benchmark::kMillisecond);

void read_from_memory(benchmark::State& state) {
  MemorySink sink;
  write_run(sink);
  for (auto _ : state) {
    const auto reader = Reader::open(sink.bytes(), "bench");
    auto cursor = reader->from();
    Event event;
    std::uint64_t sum = 0;
    while (cursor.next(event)) sum += event.cause;
    benchmark::DoNotOptimize(sum);
  }
  report(state, sink.bytes().size());
}
BENCHMARK(read_from_memory)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tillrig::trace

BENCHMARK_MAIN();
