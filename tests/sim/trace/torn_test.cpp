#include "tests/sim/trace/sample.hpp"

#include <random>

namespace tillrig::trace {
namespace {

base::Bytes small_run() {
  MemorySink sink;
  Writer writer(sink, sample::run(), HostInfo{base::WallTime{1}, "box"});
  sample::trade(writer, {.sales = 9, .flush_every = 2});
  const LaneId lane = writer.lane("till-1/outbox");
  const Arg state[] = {{writer.intern("depth"), 3},
                       {writer.intern("why"), std::string_view("no line")},
                       {writer.intern("paper"), writer.blob("receipt", "Milk 1.20")}};
  writer.write(
      {base::Instant{1}, lane, writer.intern("print"), {}, 0, Severity::info, 3, 1s, state});
  writer.write_snapshot(base::Instant{1}, lane, state);
  writer.write_fault({0, base::Instant{2}, FaultEdge::fired, writer.intern("disk.torn"), {}, 4});
  writer.write_violation({0, base::Instant{3}, writer.intern("INV-01"), {}, 5, "lost", {1, 2}});
  writer.add_source({"corner-shop", "[items]"});
  EXPECT_TRUE(writer.finish());
  return sink.bytes();
}

// Reads all that a file offers; what matters is that it ends.
std::size_t read_all(const Reader& reader) {
  std::size_t size = 0;
  Event event;
  auto cursor = reader.from();
  while (cursor.next(event)) {
    size += reader.text(event.lane).size() + reader.text(event.name).size() +
            reader.text(event.sale).size();
    for (const Arg& arg : event.args) size += reader.text(arg.key).size() + arg.text.size();
  }
  if (const auto records = reader.records()) size += records->size();
  return size + reader.hash().bytes[0];
}

TEST(TornTimeline, IsReadableToItsLastWholeChunkWhereverItIsCut) {
  const base::Bytes whole = small_run();
  const Reader all = sample::open(whole);
  const auto every = sample::events(all);
  const std::size_t header = all.chunks()[0].offset;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto reader = Reader::open(whole.substr(0, cut), "cut.tlog");
    if (cut < header) {
      ASSERT_FALSE(reader) << cut;
      EXPECT_NE(reader.error().what.find("cut.tlog"), std::string::npos) << reader.error().what;
      continue;
    }
    ASSERT_TRUE(reader) << cut << reader.error().what;
    EXPECT_NE(reader->torn().find("is not whole"), std::string::npos) << cut;
    std::uint64_t expected = 0;
    std::size_t chunks = 0;
    for (const Chunk& chunk : all.chunks()) {
      if (chunk.offset + chunk.bytes.size() > cut) break;
      ++chunks;
      if (chunk.header.type == ChunkType::events) expected += chunk.header.rows;
    }
    ASSERT_EQ(reader->chunks().size(), chunks) << cut;
    const auto events = sample::events(*reader);
    ASSERT_EQ(events.size(), expected) << cut;
    if (events.empty()) continue;
    EXPECT_EQ(events.back().time, every[expected - 1].time);
    EXPECT_EQ(reader->text(events.back().sale), all.text(every[expected - 1].sale));
  }
}

TEST(TornTimeline, SaysWhatIsMissing) {
  const base::Bytes whole = small_run();
  const Reader all = sample::open(whole);
  EXPECT_EQ(all.torn(), "");
  const Chunk last_events = [&] {
    Chunk found;
    for (const Chunk& chunk : all.chunks()) {
      if (chunk.header.type == ChunkType::events) found = chunk;
    }
    return found;
  }();
  const Reader cut = sample::open(whole.substr(0, last_events.offset + 70));
  EXPECT_EQ(cut.torn(),
            fmt::format("run.tlog is not whole: at byte {} of {} a chunk of events is cut short; "
                        "the {} events before it are readable (the program that wrote it was "
                        "killed or is still writing, or the file was damaged)",
                        last_events.offset, last_events.offset + 70, cut.events()));
}

TEST(TornTimeline, WithoutAnEndMarkIsNotWhole) {
  MemorySink sink;
  {
    Writer writer(sink, sample::run());
    sample::trade(writer, {.sales = 3});
    ASSERT_TRUE(writer.flush());
  }
  const Reader reader = sample::open(sink.bytes());
  EXPECT_EQ(reader.events(), 24U);
  EXPECT_NE(reader.torn().find("no end mark"), std::string::npos) << reader.torn();
}

TEST(TornTimeline, RefusesWhatIsNoTimeline) {
  for (const std::string& bytes : {std::string(), std::string("{\"n\":1}\n"),
                                   std::string(200, '\0'), std::string("\x89TLOX\r\n\x1a")}) {
    const auto reader = Reader::open(bytes, "notes.txt");
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, base::Code::bad_input);
    EXPECT_NE(reader.error().what.find("notes.txt is not a tillrig timeline"), std::string::npos);
  }
}

TEST(TornTimeline, OfALaterVersionIsRefusedByVersion) {
  base::Bytes bytes = small_run();
  bytes[8] = 9;
  const auto reader = Reader::open(bytes, "new.tlog");
  ASSERT_FALSE(reader);
  EXPECT_NE(reader.error().what.find("format version 9"), std::string::npos);
}

TEST(TornTimeline, FlippedBitIsAlwaysNoticed) {
  const base::Bytes whole = small_run();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    base::Bytes bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    const auto reader = Reader::open(bytes, "flipped.tlog");
    if (!reader) continue;
    EXPECT_NE(reader->torn(), "") << at;
    read_all(*reader);
  }
}

TEST(TornTimeline, MutatedBytesNeverCrash) {
  const base::Bytes whole = small_run();
  const std::size_t first_chunk = sample::open(whole).chunks()[0].offset;
  std::mt19937_64 draw(20'211);  // fixed: the same bytes in every run
  std::size_t opened = 0;
  std::size_t damaged = 0;
  for (int round = 0; round < 8'000; ++round) {
    base::Bytes bytes = whole;
    for (std::uint64_t left = 1 + draw() % 4; left > 0; --left) {
      const std::size_t at = first_chunk + draw() % (bytes.size() - first_chunk);
      bytes[at] = static_cast<char>(draw() % 2 == 0 ? draw() : draw() | 0x80);
    }
    if (draw() % 4 == 0) bytes.resize(first_chunk + draw() % (bytes.size() - first_chunk));
    sample::reseal(bytes, first_chunk);  // so that the rows themselves are judged
    const auto reader = Reader::open(bytes, "mutated.tlog");
    if (!reader) continue;
    ++opened;
    damaged += reader->torn().empty() ? 0 : 1;
    read_all(*reader);
  }
  EXPECT_EQ(opened, 8'000U);
  EXPECT_GT(damaged, 2'000U);
}

TEST(TornTimeline, RandomBytesBehindTheHeaderNeverCrash) {
  const base::Bytes whole = small_run();
  const std::size_t first_chunk = sample::open(whole).chunks()[0].offset;
  std::mt19937_64 draw(7);
  for (int round = 0; round < 2'000; ++round) {
    base::Bytes bytes = whole.substr(0, first_chunk);
    for (std::uint64_t left = draw() % 300; left > 0; --left) {
      bytes.push_back(static_cast<char>(draw()));
    }
    const auto reader = Reader::open(bytes, "random.tlog");
    ASSERT_TRUE(reader);
    read_all(*reader);
  }
}

TEST(TornTimeline, NonsenseUnderAGoodChecksumIsAnError) {
  const base::Bytes whole = small_run();
  base::Bytes bytes = whole;
  const Reader all = sample::open(whole);
  for (const Chunk& chunk : all.chunks()) {
    if (chunk.header.type != ChunkType::events) continue;
    for (std::size_t i = chunk.offset + kChunkHeaderBytes; i < chunk.offset + chunk.bytes.size();
         ++i) {
      bytes[i] = '\xff';
    }
    break;
  }
  sample::reseal(bytes, all.chunks()[0].offset);
  const Reader reader = sample::open(bytes);
  auto cursor = reader.from();
  Event event;
  EXPECT_FALSE(cursor.next(event));
  ASSERT_TRUE(cursor.error());
  EXPECT_EQ(cursor.error()->code, base::Code::corrupt);
  EXPECT_NE(cursor.error()->what.find("run.tlog is damaged: row 1 of the events"),
            std::string::npos);
}

TEST(Timeline, StepsOverChunksAndArgumentsOfALaterTillrig) {
  const base::Bytes whole = sample::day({.sales = 4});
  const Reader before = sample::open(whole);
  base::Bytes future(kChunkHeaderBytes, '\0');
  future += "what nobody knows yet";
  ChunkHeader header;
  header.type = static_cast<ChunkType>(0x33);
  header.version = 7;
  header.codec = 1;
  seal_chunk(header, future.data(), future.size());
  base::Bytes bytes = whole;
  bytes.insert(before.chunks()[1].offset, future);
  const Reader reader = sample::open(bytes);
  EXPECT_EQ(reader.torn(), "");
  EXPECT_EQ(sample::events(reader).size(), 32U);

  // One row by hand: flags (info, with arguments), lane, name, and three arguments of key 1: kind
  // 6 (a number), kind 5 (with its length), kind 0.
  base::Bytes rows(kChunkHeaderBytes, '\0');
  rows += std::string("\x41\x01\x01\x03\x0e\x96\x01\x0d\x03xyz\x08\x54", 14);
  ChunkHeader one;
  one.rows = 1;
  one.first_row = 1;
  seal_chunk(one, rows.data(), rows.size());
  const Reader newer = sample::open(whole.substr(0, before.chunks()[0].offset) + rows);
  const auto events = sample::events(newer);
  ASSERT_EQ(events.size(), 1U);
  ASSERT_EQ(events[0].args.size(), 3U);
  EXPECT_EQ(events[0].args[0].kind, ArgKind::unknown);
  EXPECT_EQ(events[0].args[1].kind, ArgKind::unknown);
  EXPECT_EQ(events[0].args[2].kind, ArgKind::number);
  EXPECT_EQ(events[0].args[2].number, 42);
}

}  // namespace
}  // namespace tillrig::trace
