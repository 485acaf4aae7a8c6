#include "tests/sim/trace/sample.hpp"

namespace tillrig::trace {
namespace {

TEST(TraceHash, SameEventsGiveSameBytes) {
  EXPECT_EQ(sample::day({.sales = 40}), sample::day({.sales = 40}));
}

TEST(TraceHash, LeavesOutTheWallClock) {
  const HostInfo monday{base::WallTime{1'700'000'000'000}, "alpha"};
  const HostInfo tuesday{base::WallTime{1'700'086'400'000}, "a-host-with-a-longer-name"};
  const auto one = sample::day({.sales = 40}, sample::run(), monday);
  const auto two = sample::day({.sales = 40}, sample::run(), tuesday);
  const auto none = sample::day({.sales = 40});
  EXPECT_NE(one, two);
  EXPECT_EQ(sample::open(one).hash(), sample::open(two).hash());
  EXPECT_EQ(sample::open(one).hash(), sample::open(none).hash());
}

TEST(TraceHash, CoversEventsSeedBuildScenarioAndRecords) {
  const auto hash = sample::open(sample::day({.sales = 40})).hash();
  EXPECT_NE(sample::open(sample::day({.sales = 40, .odd_sale = 17})).hash(), hash);
  RunInfo other = sample::run();
  other.seed = 4712;
  EXPECT_NE(sample::open(sample::day({.sales = 40}, other)).hash(), hash);
  other = sample::run();
  other.build = "0.2";
  EXPECT_NE(sample::open(sample::day({.sales = 40}, other)).hash(), hash);
  other = sample::run();
  other.scenario_text += "#";
  EXPECT_NE(sample::open(sample::day({.sales = 40}, other)).hash(), hash);

  MemorySink sink;
  Writer writer(sink, sample::run());
  sample::trade(writer, {.sales = 40});
  writer.write_fault({0, base::Instant{1}, FaultEdge::armed, Name{1}, {}, 0});
  ASSERT_TRUE(writer.finish());
  EXPECT_NE(writer.hash(), hash);
}

TEST(TraceHash, IsTheSameForWriterReaderAndEndMark) {
  MemorySink sink;
  Writer writer(sink, sample::run(), HostInfo{base::WallTime{5}, "box"});
  sample::trade(writer, {.sales = 20, .flush_every = 3});
  ASSERT_TRUE(writer.finish());
  const Reader reader = sample::open(sink.bytes());
  EXPECT_EQ(reader.hash(), writer.hash());
  ASSERT_TRUE(reader.recorded_hash());
  EXPECT_EQ(*reader.recorded_hash(), writer.hash());
}

TEST(TraceHash, OfFormatOneStaysWhatItIs) {
  EXPECT_EQ(sample::open(sample::day({.sales = 3})).hash().hex(),
            "325ecf0cd37e75aae4dcf6ad7f61df19f3da2805d459e87ad6aef7857fb241d6");
}

}  // namespace
}  // namespace tillrig::trace
