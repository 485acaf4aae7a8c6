#include "pos/base/json.hpp"
#include "sim/scenario/play/player.hpp"
#include "sim/scenario/read/plan.hpp"
#include "sim/trace/reader.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"
#include "sim/world/live_bed.hpp"
#include "sim/world/virtual_bed.hpp"
#include "tests/sim/app/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace tillrig::app {
namespace {

namespace fs = std::filesystem;

const std::string kSource = TILLRIG_SOURCE_DIR;
const fs::path kBuild = fs::path(TILLRIG_BIN_DIR).parent_path();

// What the shop's owner would call the run: the documents of the till, step by step, and what the
// cloud holds of them in the end.
struct Business {
  std::vector<std::string> events;  // mark, document and what is said of it
  std::vector<std::string> rows;    // kind, document, number, total
  bool held = false;
};

std::string said(const trace::Reader& reader, const trace::Event& event) {
  std::string text;
  for (const trace::Arg& arg : event.args) {
    text += " " + std::string(reader.text(arg.key)) + "=";
    if (arg.kind == trace::ArgKind::number) {
      text += std::to_string(arg.number);
    } else if (arg.kind == trace::ArgKind::name) {
      text += reader.text(trace::Name{static_cast<std::uint32_t>(arg.number)});
    } else {
      text += arg.text;
    }
  }
  return text;
}

std::vector<std::string> business_events(const base::Bytes& timeline) {
  static const std::set<std::string_view> kMarks = {
      "checkout.begun", "sale.begun",   "ledger.appended",   "ledger.synced", "db.committed",
      "sale.committed", "epoch.opened", "sale.acknowledged", "outbox.settled"};
  std::vector<std::string> events;
  const auto reader = trace::Reader::open(timeline, "timeline");
  EXPECT_TRUE(reader) << reader.error().what;
  if (!reader) return events;
  trace::EventCursor cursor = reader->from();
  for (trace::Event event; cursor.next(event);) {
    const std::string_view lane = reader->text(event.lane);  // "till-1", "till-1/store", ...
    if (!lane.starts_with("till-1") || !kMarks.contains(reader->text(event.name))) continue;
    events.push_back(std::string(reader->text(event.name)) + " " +
                     std::string(reader->text(event.sale)) + said(*reader, event));
  }
  EXPECT_FALSE(cursor.error());
  return events;
}

std::vector<std::string> cloud_rows(const oracle::Tapes& tapes) {
  std::vector<std::string> rows;
  if (tapes.cloud.empty()) return rows;
  for (const oracle::CloudEntry& row : tapes.cloud.back().rows) {
    rows.push_back(
        fmt::format("{} {} number {} total {}", row.kind, row.id, row.number, row.total));
  }
  return rows;
}

// Plays on the bed that `make` makes over a timeline, and tells the business of it.
template <class Make, class Time>
Business play_on(const scenario::Plan& plan, Make make, Time limit) {
  trace::MemorySink sink;
  trace::Writer writer(sink, trace::RunInfo{});
  Business business;
  scenario::Outcome outcome;
  {
    const auto bed = make(&writer);
    const auto ran = bed->run(scenario::play(*bed, plan, outcome), limit);
    EXPECT_TRUE(ran) << ran.error().what;
    scenario::judge_outcome(*bed, plan, outcome);
    business.rows = cloud_rows(bed->recording().tapes());
  }
  for (const scenario::Failure& failure : outcome.failures) {
    ADD_FAILURE() << failure.what << "\n  " << failure.expected << "\n  " << failure.seen;
  }
  EXPECT_TRUE(writer.finish());
  business.events = business_events(sink.bytes());
  business.held = outcome.held();
  return business;
}

TEST(OneCodePath, DoesTheSameBusinessInVirtualAndInRealTime) {
  const scenario::Scenario file = scenario::load(kSource + "/scenarios/outage/drop-mid-sale.toml");
  ASSERT_EQ(file.plans.size(), 1U);
  const scenario::Plan& plan = file.plans.front();
  const Business simulated = play_on(
      plan,
      [&](trace::Writer* timeline) {
        return std::make_unique<world::VirtualBed>(plan.setup, timeline);
      },
      plan.limit);

  const TestFolder folder;
  world::LivePlace place;
  place.program = std::string(TILLRIG_BIN_DIR) + "/tillrig";
  place.folder = folder.path();
  const base::Duration patience = std::chrono::minutes(1);
  const Business real = play_on(
      plan,
      [&](trace::Writer* timeline) {
        return std::make_unique<world::LiveBed>(plan.setup, place, timeline);
      },
      patience);

  EXPECT_TRUE(simulated.held);
  EXPECT_TRUE(real.held);
  EXPECT_EQ(simulated.events, real.events);
  EXPECT_EQ(simulated.rows, real.rows);
  // The epoch's opening and one sale, each with its steps.
  EXPECT_GE(simulated.events.size(), 12U);
  EXPECT_EQ(simulated.rows.size(), 2U);
}

// What is in the stack: every source under pos/ except the ports on a real machine.
std::set<std::string> stack_sources() {
  std::set<std::string> sources;
  for (const auto& entry : fs::recursive_directory_iterator(kSource + "/pos")) {
    const std::string path = entry.path().string();
    if (path.ends_with(".cpp") && path.find("/pos/host/") == std::string::npos)
      sources.insert(path);
  }
  return sources;
}

struct Compiled {
  std::vector<std::string> objects;  // relative to the build folder
  std::set<std::string> definitions;
};

// The sources that one compiler call reads: itself, or those of a batch.
std::vector<std::string> sources_of(const std::string& file) {
  if (file.find("/Unity/") == std::string::npos) return {file};
  std::vector<std::string> sources;
  std::istringstream lines(read_file(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("#include \"", 0) == 0) sources.push_back(line.substr(10, line.size() - 11));
  }
  return sources;
}

std::map<std::string, Compiled> compiled_sources() {
  std::map<std::string, Compiled> all;
  const std::string text = read_file((kBuild / "compile_commands.json").string());
  const auto commands = base::parse_json(text);
  EXPECT_TRUE(commands) << "the build keeps compile_commands.json";
  if (!commands) return all;
  for (const auto& each : commands->as_array()) {
    const auto& entry = each.as_object();
    Compiled compiled;
    std::istringstream words{std::string(entry.at("command").as_string())};
    for (std::string word; words >> word;) {
      if (word.rfind("-D", 0) == 0) compiled.definitions.insert(word);
      if (word == "-o" && words >> word) compiled.objects.push_back(word);
    }
    for (const std::string& source : sources_of(std::string(entry.at("file").as_string()))) {
      all[source].definitions.merge(std::set(compiled.definitions));
      for (const std::string& object : compiled.objects) all[source].objects.push_back(object);
    }
  }
  return all;
}

TEST(OneCodePath, CompilesEverySourceOfTheStackOnceAndForNoBed) {
  const auto compiled = compiled_sources();
  const auto ground = compiled.find(kSource + "/pos/base/money.cpp");
  ASSERT_NE(ground, compiled.end());
  const std::set<std::string> sources = stack_sources();
  EXPECT_GT(sources.size(), 50U);
  for (const std::string& source : sources) {
    const auto at = compiled.find(source);
    ASSERT_NE(at, compiled.end()) << source;
    EXPECT_EQ(at->second.objects.size(), 1U) << source << " is compiled more than once";
    // Nothing but what the libraries ask for: neither a bed nor a mode.
    for (const std::string& definition : at->second.definitions) {
      EXPECT_TRUE(definition.rfind("-DBOOST_", 0) == 0 || definition == "-DFMT_SHARED")
          << source << " is compiled with " << definition;
    }
  }
}

// The words of Ninja's rule that links the program.
std::set<std::string> linked_into_tillrig() {
  std::istringstream rules(read_file((kBuild / "build.ninja").string()));
  for (std::string line; std::getline(rules, line);) {
    if (line.rfind("build bin/tillrig: ", 0) != 0) continue;
    std::istringstream words(line);
    return {std::istream_iterator<std::string>(words), std::istream_iterator<std::string>()};
  }
  return {};
}

TEST(OneCodePath, LinksThoseObjectsIntoTheOneProgramThatPlaysBothBeds) {
  if (!fs::exists(kBuild / "build.ninja")) GTEST_SKIP() << "only Ninja's rules are read";
  const std::set<std::string> linked = linked_into_tillrig();
  const auto compiled = compiled_sources();
  std::set<std::string> stack;
  for (const std::string& source : stack_sources()) {
    const auto at = compiled.find(source);
    ASSERT_NE(at, compiled.end()) << source;
    for (const std::string& object : at->second.objects) {
      stack.insert(object);
      EXPECT_TRUE(linked.contains(object)) << object << " is not what the program is linked from";
    }
  }
  // Both beds are in it, and nothing else under pos/.
  for (const std::string bed : {"/sim/world/virtual_bed.cpp", "/sim/world/live_bed.cpp"}) {
    const auto at = compiled.find(kSource + bed);
    ASSERT_NE(at, compiled.end()) << bed;
    EXPECT_TRUE(linked.contains(at->second.objects.front())) << bed;
  }
  std::set<std::string> from_stack;
  for (const std::string& word : linked) {
    if (word.rfind("CMakeFiles/pos_", 0) == 0 && word.rfind("CMakeFiles/pos_host.dir", 0) != 0) {
      from_stack.insert(word);
    }
  }
  EXPECT_EQ(from_stack, stack);
}

}  // namespace
}  // namespace tillrig::app
