#include "sim/trace/tools.hpp"

#include "pos/base/json.hpp"
#include "sim/trace/diff.hpp"
#include "tests/sim/trace/sample.hpp"

#include <sys/wait.h>

#include <csignal>

namespace tillrig::trace {
namespace {

std::vector<std::string> dumped(const std::string& path, DumpForm form = DumpForm::json_lines) {
  std::vector<std::string> lines;
  const auto done = dump(
      path,
      [&](std::string_view line) {
        lines.emplace_back(line);
        return true;
      },
      form);
  EXPECT_TRUE(done) << done.error().what;
  return lines;
}

base::Bytes run_with_everything() {
  MemorySink sink;
  Writer writer(sink, sample::run(), HostInfo{base::WallTime{1}, "box"});
  const LaneId lane = writer.lane("till-1/outbox");
  const Name reason = writer.intern("reason");
  const Arg args[] = {{writer.intern("try"), 2},
                      {reason, std::string_view("said \"no\"\n")},
                      {writer.intern("state"), writer.intern("offline")},
                      {writer.intern("paper"), writer.blob("receipt", "Milk")}};
  writer.write({base::Instant{1'500'000'000}, lane, writer.intern("sent"),
                writer.intern("S-000417"), 0, Severity::info, 12, 0s, args});
  writer.write_fault({0, base::Instant{1'600'000'000}, FaultEdge::began, writer.intern("wan.down"),
                      writer.intern("till-1"), 9});
  writer.write(
      {base::Instant{-1}, lane, writer.intern("lost"), {}, 1, Severity::error, 0, 20ms, {}});
  writer.write_violation(
      {0, base::Instant{2'000'000'000}, writer.intern("INV-06"), {}, 3, "number 7 twice", {1, 2}});
  writer.write_snapshot(base::Instant{2'000'000'000}, lane, std::span<const Arg>(args, 1));
  EXPECT_TRUE(writer.finish());
  return sink.bytes();
}

TEST(TraceDump, PrintsOneJsonObjectALine) {
  const sample::Folder folder;
  const auto lines = dumped(folder.put("run.tlog", run_with_everything()));
  ASSERT_EQ(lines.size(), 6U);
  for (const std::string& line : lines) EXPECT_TRUE(base::parse_json(line)) << line;
  EXPECT_EQ(lines[1],
            R"({"n":1,"t":"1.500000000s","lane":"till-1/outbox","name":"sent","sale":"S-000417",)"
            R"("cause":0,"severity":"info","line":12,"args":{"try":2,"reason":"said \"no\"\n",)"
            R"("state":"offline","paper":{"blob":")" +
                base::blake2b("Milk").hex() + R"(","bytes":4}}})");
  EXPECT_EQ(lines[2], R"({"fault":"wan.down","edge":"began","after":1,"t":"1.600000000s",)"
                      R"("target":"till-1","line":9})");
  EXPECT_EQ(
      lines[3],
      R"({"n":2,"t":"-0.000000001s","lane":"till-1/outbox","name":"lost","sale":"","cause":1,)"
      R"("severity":"error","line":0,"duration":"0.020000000s","args":{}})");
  EXPECT_EQ(lines[4], R"({"snapshot":"till-1/outbox","after":2,"t":"2.000000000s",)"
                      R"("state":{"try":2}})");
  EXPECT_EQ(lines[5], R"({"violation":"INV-06","after":2,"t":"2.000000000s","sale":"","line":3,)"
                      R"("text":"number 7 twice","chain":[1,2]})");
}

TEST(TraceDump, PrintsLinesForPeople) {
  const sample::Folder folder;
  const auto lines = dumped(folder.put("run.tlog", run_with_everything()), DumpForm::plain);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], "run of \"drop-mid-sale\", seed 4711, build 0.1");
  EXPECT_NE(lines[3].find("lost"), std::string::npos);
  EXPECT_NE(lines[3].find("error  took 0.020000000s  <- #1"), std::string::npos) << lines[3];
  EXPECT_NE(lines[5].find("INV-06 does not hold: number 7 twice  line 3  from #1, #2"),
            std::string::npos)
      << lines[5];
}

TEST(TraceDump, EndsWithASentenceIfTheFileIsCut) {
  const sample::Folder folder;
  const auto bytes = run_with_everything();
  std::vector<std::string> lines;
  const auto done =
      dump(folder.put("cut.tlog", bytes.substr(0, bytes.size() - 1)), [&](std::string_view line) {
        lines.emplace_back(line);
        return true;
      });
  ASSERT_FALSE(done) << "whoever relies on it must know";
  EXPECT_EQ(done.error().code, base::Code::corrupt);
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_TRUE(lines.back().starts_with("{\"torn\":")) << lines.back();
  EXPECT_NE(lines.back().find("2 events before it are readable"), std::string::npos);
}

std::vector<std::string> asked_of(const base::Bytes& bytes, const Asked& asked) {
  const sample::Folder folder;
  std::vector<std::string> lines;
  const auto done = dump(
      folder.put("run.tlog", bytes),
      [&](std::string_view line) {
        lines.emplace_back(line);
        return true;
      },
      DumpForm::plain, asked);
  if (!done) lines = {done.error().what};
  return lines;
}

TEST(TraceDump, TellsOfOneSaleByBothItsNames) {
  MemorySink sink;
  Writer writer(sink, sample::run(), HostInfo{base::WallTime{1}, "box"});
  const LaneId lane = writer.lane("till-1");
  const auto write = [&](std::int64_t at, const char* name, const char* sale,
                         std::span<const Arg> args = {}) {
    writer.write({base::Instant{at}, lane, writer.intern(name), writer.intern(sale), 0,
                  Severity::info, 1, 0s, args});
  };
  const Arg was[] = {{writer.intern("was"), writer.intern("till-1~1")}};
  write(1, "scan", "till-1~1");
  write(2, "sale.numbered", "till-1.1.2", was);
  write(3, "scan", "till-1~2");
  write(4, "ack", "till-1.1.2");
  writer.finish();
  for (const char* sale : {"till-1.1.2", "till-1~1"}) {
    EXPECT_EQ(asked_of(sink.bytes(), {.sale = sale}).size(), 4U) << sale;  // and whose run it is
  }
  EXPECT_EQ(asked_of(sink.bytes(), {.sale = "till-1~2"}).size(), 2U);
  const auto none = asked_of(sink.bytes(), {.sale = "till-1.1.3"});
  EXPECT_NE(none.front().find("did you mean \"till-1.1.2\"?"), std::string::npos) << none.front();
}

TEST(TraceDump, TellsOfOneLaneAndOfWhatCameLater) {
  const auto bytes = sample::day({.sales = 10});
  for (const std::string& line : asked_of(bytes, {.lane = "till-1/outbox"})) {
    EXPECT_TRUE(line.find("till-1/outbox") != std::string::npos || line.starts_with("run of"));
  }
  const std::size_t all = asked_of(bytes, {}).size();
  const std::size_t till = asked_of(bytes, {.lane = "till-1"}).size();
  EXPECT_LT(till, all);
  EXPECT_GT(till, asked_of(bytes, {.lane = "till-1/outbox"}).size());
  EXPECT_LT(asked_of(bytes, {.since = base::Instant{120'000'000'000}}).size(), all);
  EXPECT_NE(asked_of(bytes, {.lane = "till-9"}).front().find("there is no lane"),
            std::string::npos);
}

TEST(TraceDump, StopsWhenTheListenerHasEnough) {
  const sample::Folder folder;
  const auto path = folder.put("run.tlog", sample::day({.sales = 10}));
  int seen = 0;
  ASSERT_TRUE(dump(path, [&](std::string_view) { return ++seen < 3; }));
  EXPECT_EQ(seen, 3);
}

TEST(TraceStat, TellsRunEventsLanesAndEnding) {
  const sample::Folder folder;
  const auto bytes = sample::day({.sales = 50});
  const auto text = stat(folder.put("run.tlog", bytes));
  ASSERT_TRUE(text);
  EXPECT_NE(text->text.find("\"drop-mid-sale\", seed 4711, build 0.1"), std::string::npos)
      << text->text;
  EXPECT_NE(text->text.find("402 in "), std::string::npos) << text->text;
  EXPECT_NE(text->text.find("quiet 0, info 401, warning 1, error 0"), std::string::npos)
      << text->text;
  EXPECT_NE(text->text.find("till-1/cashier           150"), std::string::npos) << text->text;
  EXPECT_NE(text->text.find("ending      whole\n"), std::string::npos) << text->text;
  EXPECT_NE(text->text.find(sample::open(bytes).hash().hex()), std::string::npos) << text->text;
}

TEST(TraceStat, CountsCausesSpansAndFaultEdges) {
  const sample::Folder folder;
  const auto told = stat(folder.put("run.tlog", run_with_everything()));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->damage, "");
  const std::string& text = told->text;
  EXPECT_NE(text.find("causes      1 events name"), std::string::npos) << text;
  EXPECT_NE(text.find("lost                     1, 0.020000000s on average, 0.020000000s at most"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("armed 0, began 1, fired 0, healed 0"), std::string::npos) << text;
  EXPECT_NE(text.find("faults 1, violations 1, snapshots 1"), std::string::npos) << text;
}

TEST(TraceStat, ACutFileIsToldAsFarAsItGoesAndIsDamage) {
  const sample::Folder folder;
  const auto bytes = run_with_everything();
  const auto told = stat(folder.put("cut.tlog", bytes.substr(0, bytes.size() - 1)));
  ASSERT_TRUE(told);
  EXPECT_NE(told->text.find("2 in "), std::string::npos) << told->text;
  EXPECT_NE(told->damage.find("is not whole"), std::string::npos);
  const auto compared = diff(folder.path("cut.tlog"), folder.path("cut.tlog"));
  ASSERT_TRUE(compared);
  EXPECT_TRUE(compared->same);
  EXPECT_NE(compared->damage.find("is not whole"), std::string::npos);
}

TEST(TraceHashLine, IsTheHashAndSaysWhenTheFileIsCut) {
  const sample::Folder folder;
  const auto bytes = sample::day({.sales = 5});
  const auto whole = hash_line(folder.put("run.tlog", bytes));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->text, "trace " + sample::open(bytes).hash().hex());
  const auto cut = hash_line(folder.put("cut.tlog", bytes.substr(0, bytes.size() - 3)));
  ASSERT_TRUE(cut);
  EXPECT_NE(cut->text.find("is not whole"), std::string::npos) << cut->text;
  EXPECT_NE(cut->damage.find("is not whole"), std::string::npos) << cut->damage;
}

TEST(TraceHashLine, NoticesARewrittenFile) {
  const sample::Folder folder;
  auto bytes = sample::day({.sales = 5});
  const Reader reader = sample::open(bytes);
  bytes[reader.chunks()[0].offset + kChunkHeaderBytes + 1] = 'X';  // in a name
  sample::reseal(bytes, reader.chunks()[0].offset);
  const auto line = hash_line(folder.put("run.tlog", bytes));
  ASSERT_FALSE(line);
  EXPECT_NE(line.error().what.find("was changed after it was written"), std::string::npos);
}

TEST(TraceDiff, SaysThatEqualRunsAreTheSame) {
  const sample::Folder folder;
  const auto a = folder.put("a.tlog", sample::day({.sales = 20}));
  const auto b = folder.put("b.tlog", sample::day({.sales = 20, .flush_every = 3}));
  const auto report = diff(a, b);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->same);
  EXPECT_EQ(report->first_difference, 0U);
  EXPECT_NE(report->text.find("The same: 160 events and 0 records."), std::string::npos);
}

TEST(TraceDiff, FindsTheFirstEventThatDiffers) {
  const sample::Folder folder;
  for (const std::uint64_t odd : {1, 2, 19, 20}) {
    const auto a = folder.put("a.tlog", sample::day({.sales = 20, .flush_every = 3}));
    const auto b =
        folder.put("b.tlog", sample::day({.sales = 20, .odd_sale = odd, .flush_every = 3}));
    const auto report = diff(a, b);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->same);
    EXPECT_EQ(report->first_difference, (odd - 1) * 8 + 3);
    EXPECT_NE(report->text.find(fmt::format("A> {{\"n\":{}", report->first_difference)),
              std::string::npos);
    EXPECT_NE(report->text.find(fmt::format("\"amount\":{}}}}}\nB> ", 1000 + odd)),
              std::string::npos)
        << report->text;
    EXPECT_NE(report->text.find(fmt::format("\"amount\":{}}}}}\n", 1001 + odd)), std::string::npos)
        << report->text;
    const auto before = fmt::format("   {{\"n\":{}", report->first_difference - 1);
    EXPECT_NE(report->text.find(before), std::string::npos) << report->text;
  }
}

TEST(TraceDiff, ComparesMeaningsAndNotIds) {
  const sample::Folder folder;
  MemorySink sink;
  RunInfo other = sample::run();
  other.seed = 1;
  Writer writer(sink, other);
  writer.lane("a lane nobody uses");
  writer.intern("a name nobody uses");
  sample::trade(writer, {.sales = 4});
  ASSERT_TRUE(writer.finish());
  const auto report =
      diff(folder.put("a.tlog", sample::day({.sales = 4})), folder.put("b.tlog", sink.bytes()));
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->same) << report->text;
}

TEST(TraceDiff, ShowsWhereTheShorterRunEnds) {
  const sample::Folder folder;
  const auto a = folder.put("a.tlog", sample::day({.sales = 4}));
  const auto b = folder.put("b.tlog", sample::day({.sales = 3}));
  const auto report = diff(a, b);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->first_difference, 25U);
  EXPECT_NE(report->text.find("B> (no more events)"), std::string::npos) << report->text;
}

TEST(TraceDiff, SeesARecordThatDiffers) {
  const sample::Folder folder;
  const auto with_fault = [&](const std::string& file, std::uint32_t line) {
    MemorySink sink;
    Writer writer(sink, sample::run());
    sample::trade(writer, {.sales = 2});
    writer.write_fault(
        {0, base::Instant{1}, FaultEdge::fired, writer.intern("wan.down"), {}, line});
    EXPECT_TRUE(writer.finish());
    return folder.put(file, sink.bytes());
  };
  const auto report = diff(with_fault("a.tlog", 7), with_fault("b.tlog", 8));
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->same);
  EXPECT_EQ(report->first_difference, 0U);
  EXPECT_NE(report->text.find("A> {\"fault\":\"wan.down\",\"edge\":\"fired\",\"after\":16,"),
            std::string::npos)
      << report->text;
}

TEST(TraceFile, ErrorsNameTheFileAndWhatToDo) {
  const sample::Folder folder;
  const auto sink = open_file_sink(folder.path("missing/run.tlog"));
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().code, base::Code::not_found);
  EXPECT_NE(sink.error().what.find("missing/run.tlog cannot be created"), std::string::npos);
  EXPECT_NE(sink.error().what.find("name a folder"), std::string::npos);
  const auto none = stat(folder.path("none.tlog"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::Code::not_found);
  const auto directory = stat(folder.path("."));
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, base::Code::bad_input);
}

TEST(TraceFile, FullDiskIsToldAndDoesNotStopTheRun) {
  auto sink = open_file_sink("/dev/full");
  if (!sink) GTEST_SKIP() << "no /dev/full here";
  Writer writer(**sink, sample::run());
  sample::trade(writer, {.sales = 2});
  EXPECT_EQ(writer.events(), 16U);
  const auto done = writer.finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::Code::no_space);
  EXPECT_NE(done.error().what.find("/dev/full"), std::string::npos);
}

TEST(TraceFile, IsReadableAfterItsWriterWasKilled) {
  const sample::Folder folder;
  const auto path = folder.path("killed.tlog");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto sink = open_file_sink(path);
    if (!sink) ::_exit(1);
    Writer writer(**sink, sample::run());
    sample::trade(writer, {.sales = 30, .flush_every = 10});
    sample::trade(writer, {.sales = 5});
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto reader = Reader::open_file(path);
  ASSERT_TRUE(reader) << reader.error().what;
  EXPECT_EQ(reader->events(), 240U);
  EXPECT_EQ(sample::events(*reader).size(), 240U);
  EXPECT_NE(reader->torn(), "");
}

}  // namespace
}  // namespace tillrig::trace
