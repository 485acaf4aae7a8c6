#include "tests/pos/oms/cloud_bench.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <iostream>

namespace tillrig::oms {
namespace {

class IngestSpeed : public CloudBench {};

// Prints a rate and asserts none: absolute times are the machine's.
TEST_F(IngestSpeed, TakesInTwentyBatchesOfAHundred) {
  start();
  login_ = login();
  constexpr std::uint64_t kBatches = 20;
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < kBatches; ++i) {
    std::vector<wire::Event> events;
    for (std::uint64_t seq = 1; seq <= wire::kBatchItems; ++seq) {
      events.push_back(samples::sale(i * wire::kBatchItems + seq));
    }
    bodies.push_back(wire::write_json(samples::batch(std::move(events))));
  }
  announce("till-1", 3);
  const std::clock_t begin = std::clock();
  for (const std::string& body : bodies) {
    ASSERT_EQ(post("/v1/sync/up", body, login_.token).status, 200);
  }
  const std::clock_t took = std::clock() - begin;
  const std::uint64_t items = kBatches * wire::kBatchItems;
  const double seconds = static_cast<double>(took) / CLOCKS_PER_SEC;
  std::cout << "ingest: " << static_cast<std::int64_t>(static_cast<double>(items) / seconds)
            << " items/s of processor time, JSON to commit, batches of 100, simulated disk\n";
  EXPECT_EQ(held().size(), items);
  EXPECT_EQ(database_->state("till-1", 3)->contiguous_through, items + 1);
}

}  // namespace
}  // namespace tillrig::oms
