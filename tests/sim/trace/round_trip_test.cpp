#include "tests/sim/trace/sample.hpp"

#include <limits>

namespace tillrig::trace {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Timeline, GivesBackEveryKindOfArgument) {
  MemorySink sink;
  Writer writer(sink, sample::run());
  const LaneId lane = writer.lane("till-1/outbox");
  const Name key = writer.intern("key");
  const Name word = writer.intern("timeout");
  const BlobId receipt = writer.blob("receipt", base::ByteView("\x1b@ Milk 1.20\n\0\xff", 14));
  const std::string long_text(70'000, 'x');
  const Arg args[] = {{key, std::int64_t{0}},
                      {key, kLeast},
                      {key, kMost},
                      {key, -1},
                      {key, std::string_view("no \"internet\"\n")},
                      {key, std::string_view()},
                      {key, std::string_view(long_text)},
                      {key, word},
                      {key, receipt}};
  writer.write({base::Instant{5}, lane, word, {}, 0, Severity::quiet, 0, 0s, args});
  ASSERT_TRUE(writer.finish());

  const Reader reader = sample::open(sink.bytes());
  EXPECT_EQ(reader.torn(), "");
  const auto events = sample::events(reader);
  ASSERT_EQ(events.size(), 1U);
  const auto& back = events[0].args;
  ASSERT_EQ(back.size(), std::size(args));
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_EQ(reader.text(back[i].key), "key") << i;
    EXPECT_EQ(back[i].kind, args[i].kind) << i;
    EXPECT_EQ(back[i].number, args[i].number) << i;
    EXPECT_EQ(back[i].text, args[i].text) << i;
  }
  EXPECT_EQ(reader.text(Name{static_cast<std::uint32_t>(back[7].number)}), "timeout");
  const Blob blob = reader.blob(BlobId{static_cast<std::uint32_t>(back[8].number)});
  EXPECT_EQ(reader.text(blob.kind), "receipt");
  EXPECT_EQ(blob.bytes, base::ByteView("\x1b@ Milk 1.20\n\0\xff", 14));
}

TEST(Timeline, GivesBackEveryFieldOfAnEvent) {
  MemorySink sink;
  Writer writer(sink, sample::run());
  const LaneId one = writer.lane("till-1");
  const LaneId two = writer.lane("cloud");
  const Name scan = writer.intern("scan");
  const Name sale = writer.intern("S-000001");
  const EventIn in[] = {
      {base::Instant{0}, one, scan, {}, 0, Severity::quiet, 0, 0s, {}},
      {base::Instant{kMost}, two, scan, sale, 1, Severity::error, 4'000'000'000U, 7s, {}},
      {base::Instant{kLeast}, one, sale, {}, 1, Severity::warning, 1, base::Duration{kLeast}, {}},
      {base::Instant{-1}, two, scan, sale, 3, Severity::info, 0, base::Duration{-1}, {}}};
  for (const EventIn& event : in) writer.write(event);
  EXPECT_EQ(writer.events(), 4U);
  ASSERT_TRUE(writer.finish());

  const Reader reader = sample::open(sink.bytes());
  const auto events = sample::events(reader);
  ASSERT_EQ(events.size(), std::size(in));
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].number, i + 1);
    EXPECT_EQ(events[i].time, in[i].time) << i;
    EXPECT_EQ(events[i].lane, in[i].lane) << i;
    EXPECT_EQ(events[i].name, in[i].name) << i;
    EXPECT_EQ(events[i].sale, in[i].sale) << i;
    EXPECT_EQ(events[i].cause, in[i].cause) << i;
    EXPECT_EQ(events[i].severity, in[i].severity) << i;
    EXPECT_EQ(events[i].line, in[i].line) << i;
    EXPECT_EQ(events[i].duration, in[i].duration) << i;
  }
  EXPECT_EQ(reader.text(events[1].sale), "S-000001");
  EXPECT_EQ(reader.text(events[0].sale), "");
  EXPECT_EQ(reader.text(events[1].lane), "cloud");
  EXPECT_EQ(reader.text(Name{99}), "?");
}

TEST(Timeline, GivesBackTheRunAndItsSources) {
  MemorySink sink;
  Writer writer(sink, sample::run(), HostInfo{base::WallTime{-1'700'000'000'123}, "till-box"});
  writer.add_source({"corner-shop", "[items]\n"});
  ASSERT_TRUE(writer.finish());
  const Reader reader = sample::open(sink.bytes());
  EXPECT_EQ(reader.run().scenario, "drop-mid-sale");
  EXPECT_EQ(reader.run().scenario_text, sample::run().scenario_text);
  EXPECT_EQ(reader.run().seed, 4711U);
  EXPECT_EQ(reader.run().build, "0.1");
  ASSERT_TRUE(reader.host());
  EXPECT_EQ(reader.host()->start.ms, -1'700'000'000'123);
  EXPECT_EQ(reader.host()->host, "till-box");
  ASSERT_EQ(reader.sources().size(), 1U);
  EXPECT_EQ(reader.sources()[0].name, "corner-shop");
  EXPECT_EQ(reader.sources()[0].text, "[items]\n");
}

TEST(Timeline, KeepsSnapshotsFaultsAndViolationsBetweenTheirEvents) {
  MemorySink sink;
  Writer writer(sink, sample::run());
  const LaneId lane = writer.lane("till-1");
  const Name scan = writer.intern("scan");
  const Name down = writer.intern("wan.down");
  const Name depth = writer.intern("depth");
  const Arg state[] = {{depth, 3}};
  writer.write({base::Instant{1}, lane, scan, {}, 0, Severity::info, 0, 0s, {}});
  writer.write_violation({0, base::Instant{2}, writer.intern("INV-06"), {}, 9, "doubled", {1}});
  writer.write({base::Instant{3}, lane, scan, {}, 0, Severity::info, 0, 0s, {}});
  writer.write_fault({0, base::Instant{4}, FaultEdge::healed, down, scan, 12});
  writer.write_snapshot(base::Instant{5}, lane, state);
  ASSERT_TRUE(writer.finish());

  const Reader reader = sample::open(sink.bytes());
  const auto records = reader.records();
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  const auto& violation = std::get<Violation>((*records)[0]);
  EXPECT_EQ(violation.after, 1U);
  EXPECT_EQ(violation.text, "doubled");
  EXPECT_EQ(violation.line, 9U);
  EXPECT_EQ(violation.chain, std::vector<std::uint64_t>{1});
  const auto& snapshot = std::get<Snapshot>((*records)[1]);
  EXPECT_EQ(snapshot.after, 2U);
  EXPECT_EQ(snapshot.lane, lane);
  ASSERT_EQ(snapshot.state.size(), 1U);
  EXPECT_EQ(snapshot.state[0].number, 3);
  const auto& fault = std::get<Fault>((*records)[2]);
  EXPECT_EQ(fault.edge, FaultEdge::healed);
  EXPECT_EQ(fault.fault, down);
  EXPECT_EQ(fault.target, scan);
  EXPECT_EQ(fault.time.ns, 4);
  EXPECT_EQ(fault.line, 12U);
}

TEST(Timeline, KeepsEqualBytesOnce) {
  MemorySink sink;
  Writer writer(sink, sample::run());
  const std::string receipt(1000, 'r');
  const BlobId first = writer.blob("receipt", receipt);
  EXPECT_EQ(writer.blob("receipt", receipt), first);
  EXPECT_NE(writer.blob("wire", receipt), first);
  EXPECT_NE(writer.blob("receipt", receipt + "!"), first);
  ASSERT_TRUE(writer.finish());
  EXPECT_EQ(sample::open(sink.bytes()).blobs().size(), 3U);
  EXPECT_LT(sink.bytes().size(), 3600U);
}

TEST(Timeline, StartsReadingAtAnyEvent) {
  const Reader reader = sample::open(sample::day({.sales = 60, .flush_every = 7}));
  const auto all = sample::events(reader);
  Event event;
  for (std::uint64_t from = 0; from <= all.size() + 1; ++from) {
    auto cursor = reader.from(from);
    const std::uint64_t expected = std::max<std::uint64_t>(from, 1);
    ASSERT_EQ(cursor.next(event), expected <= all.size()) << from;
    if (expected > all.size()) continue;
    ASSERT_EQ(event.number, expected);
    ASSERT_EQ(event.time, all[expected - 1].time);
    ASSERT_EQ(event.sale, all[expected - 1].sale);
  }
}

TEST(Timeline, WritesAChunkAtItsLimits) {
  MemorySink sink;
  Writer writer(sink, sample::run());
  const LaneId lane = writer.lane("till-1");
  const EventIn event{
      base::Instant{0}, lane, writer.intern("tick"), {}, 0, Severity::info, 0, 0s, {}};
  for (std::uint32_t i = 0; i < kChunkRows + 1; ++i) writer.write(event);
  ASSERT_TRUE(writer.finish());
  const Reader reader = sample::open(sink.bytes());
  std::vector<std::uint32_t> rows;
  for (const Chunk& chunk : reader.chunks()) {
    if (chunk.header.type == ChunkType::events) rows.push_back(chunk.header.rows);
  }
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{kChunkRows, 1}));
  EXPECT_EQ(sample::events(reader).size(), kChunkRows + 1);
}

TEST(Timeline, ChunkHeadsTellTimesAndSeverities) {
  MemorySink sink;
  Writer writer(sink, sample::run());
  const LaneId lane = writer.lane("till-1");
  const Name tick = writer.intern("tick");
  writer.write({base::Instant{30}, lane, tick, {}, 0, Severity::quiet, 0, 0s, {}});
  writer.write({base::Instant{10}, lane, tick, {}, 0, Severity::error, 0, 0s, {}});
  ASSERT_TRUE(writer.finish());
  const Reader reader = sample::open(sink.bytes());
  for (const Chunk& chunk : reader.chunks()) {
    if (chunk.header.type != ChunkType::events) continue;
    EXPECT_EQ(chunk.header.first_ns, 10);
    EXPECT_EQ(chunk.header.last_ns, 30);
    EXPECT_EQ(chunk.header.severities, 0b1001);
  }
}

TEST(Timeline, TakesAtMostTwentyBytesAnEvent) {
  const base::Bytes bytes = sample::day({.sales = 5000});
  const Reader reader = sample::open(bytes);
  EXPECT_EQ(reader.events(), 5000U * 8 + 100 * 2);
  EXPECT_LE(bytes.size(), reader.events() * 20);
  // The same on every machine; changes only with the format, and then with its version.
  EXPECT_EQ(bytes.size(), 578'708U);
}

}  // namespace
}  // namespace tillrig::trace
