// How long the cashier waits for a search on the till's own disk: 50,000 goods and 20,000 customers
// (OUT, SM-12: p99 at most 20 ms). Each search is timed by itself; the counters are of all of them.
#include "pos/till/catalogue.hpp"
#include "pos/till/customers.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace tillrig::till {
namespace {

constexpr std::size_t kItems = 50'000;
constexpr std::size_t kCustomers = 20'000;
constexpr std::int64_t kAllowedMs = 20;

// The n-th of 5000 words that look like those of labels.
std::string word(std::size_t n) {
  static constexpr const char* kHeads[] = {"but", "cof", "mil", "bro", "wei", "zuc", "lav", "pet"};
  static constexpr const char* kTails[] = {"ter", "fee", "ken", "dan", "los", "mer", "nas", "pol"};
  return fmt::format("{}{}{}", kHeads[n % 8], kTails[n / 8 % 8], n % 79);
}

Catalogue goods() {
  std::vector<Item> items;
  items.reserve(kItems);
  for (std::size_t n = 0; n < kItems; ++n) {
    Item item;
    item.sku = fmt::format("sku-{:06}", n);
    item.name = fmt::format("{} {} {} g", word(n), word(n * 7 + 3), n % 1000);
    item.price = base::Money{static_cast<std::int64_t>(99 + n % 5000)};
    item.tax = base::Rate{700};
    items.push_back(std::move(item));
  }
  auto made = Catalogue::of(std::move(items), {});
  if (!made) {
    std::fprintf(stderr, "bench_search: %s\n", made.error().what.c_str());
    std::exit(1);
  }
  return *std::move(made);
}

Customers people() {
  std::vector<Customer> all;
  all.reserve(kCustomers);
  for (std::size_t n = 0; n < kCustomers; ++n) {
    all.push_back({fmt::format("c{:06}", n), fmt::format("{} {}", word(n), word(n * 13 + 5)),
                   fmt::format("+49 40 {:07}", n * 37), fmt::format("C-{:07}", n)});
  }
  return Customers(std::move(all));
}

// Searches that find much, one thing and nothing, by name, number and SKU.
std::vector<std::string> texts() {
  std::vector<std::string> all;
  for (std::size_t n = 0; n < 40; ++n) {
    all.push_back(word(n * 101));
    all.push_back(fmt::format("sku-{:06}", n * 1237));
    all.push_back(fmt::format("{:07}", n * 37 * 491));
    all.push_back("nothing of this kind");
  }
  return all;
}

template <class Shelf>
void search(benchmark::State& state, const Shelf& shelf) {
  const std::vector<std::string> all = texts();
  std::vector<double> took;
  std::size_t next = 0;
  for (auto _ : state) {
    const auto began = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(shelf.find(all[next++ % all.size()], 20));
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - began;
    took.push_back(time.count());
  }
  std::sort(took.begin(), took.end());
  state.counters["p50_ms"] = took[took.size() / 2];
  state.counters["p99_ms"] = took[took.size() * 99 / 100];
  state.counters["allowed_ms"] = static_cast<double>(kAllowedMs);
}

void search_goods(benchmark::State& state) {
  static const Catalogue shelf = goods();
  search(state, shelf);
}
BENCHMARK(search_goods)->Iterations(2000)->Unit(benchmark::kMillisecond);

void search_customers(benchmark::State& state) {
  static const Customers shelf = people();
  search(state, shelf);
}
BENCHMARK(search_customers)->Iterations(2000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tillrig::till

BENCHMARK_MAIN();
