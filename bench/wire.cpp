// What the upload's JSON costs: a batch of 100 sales of three lines, written by the till and read
// by the cloud.
#include "pos/wire/api.hpp"

#include <benchmark/benchmark.h>

#include <utility>

namespace tillrig::wire {
namespace {

Document sale() {
  Document document;
  document.number = 417;
  document.day = "2026-03-02";
  document.currency = "EUR";
  for (const auto& [name, price] :
       {std::pair("Whole milk 1 l", 139), {"Rye bread 500 g", 289}, {"Butter 250 g", 249}}) {
    Line line;
    line.sku = "4006381333931";
    line.name = name;
    line.unit_price = base::Money{price};
    line.total = line.unit_price;
    line.tax_rate = base::Rate{700};
    line.tax = base::tax_inside(line.total, line.tax_rate);
    document.total += line.total;
    document.tax += line.tax;
    document.lines.push_back(line);
  }
  const base::Money given{1000};
  document.payments.push_back({"cash", given, given - document.total, document.total});
  return document;
}

UpBatch batch_of(std::uint64_t count) {
  UpBatch batch{"till-1", 1, 1, 1, {}};
  while (batch.items.size() < count) {
    Event event;
    event.id = {"till-1", 1, batch.items.size() + 1};
    event.aggregate = event.id.text();
    event.hlc = {1'772'000'000'000, 3};
    event.wall.ms = 1'772'000'000'000;
    event.body = sale();
    const base::Hash256 hash = base::blake2b(encode(event));
    batch.items.push_back({std::move(event), hash});
  }
  return batch;
}

void BM_WriteBatch(benchmark::State& state) {
  const UpBatch batch = batch_of(100);
  for (auto _ : state) benchmark::DoNotOptimize(write_json(batch));
}
BENCHMARK(BM_WriteBatch)->Unit(benchmark::kMicrosecond);

void BM_ReadBatch(benchmark::State& state) {
  const base::Bytes text = write_json(batch_of(100));
  for (auto _ : state) benchmark::DoNotOptimize(read_batch(text));
  state.counters["bytes"] = static_cast<double>(text.size());
}
BENCHMARK(BM_ReadBatch)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tillrig::wire

BENCHMARK_MAIN();
