#include "tests/house/rules.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tillrig::house {
namespace {

// Files of pos where a float cannot touch money, each with why.
const std::vector<FloatAllowed> kFloatsAllowed = {};

std::vector<Source> code() {
  return read_tree(TILLRIG_SOURCE_DIR, {"pos", "devices", "sim", "viewer", "tests", "bench"},
                   {".hpp", ".cpp"});
}

TEST(Rules, StackAndDevicesReachTheWorldOnlyThroughPorts) {
  for (const Source& source : code()) {
    EXPECT_EQ(text(check_names(source.path, source.content)), "");
  }
}

TEST(Rules, NoticeEachBannedName) {
  for (const std::string_view snippet : {
           "std::random_device seed;",
           "int a = rand();",
           "int a = std::rand();",
           "return rand() % 6;",
           "srand(1);",
           "auto now = time(nullptr);",
           "auto now = std::time(nullptr);",
           "auto now = ::time(nullptr);",
           "return ::time(nullptr);",
           "if (time(&t) > 1) {}",
           "auto home = std::getenv(name);",
           "auto now = std::chrono::system_clock::now();",
           "auto now = std::chrono::steady_clock::now();",
           "using Clock = std::chrono::high_resolution_clock;",
           "std::thread worker(run);",
           "std::jthread worker(run);",
           "std::this_thread::sleep_for(d);",
           "auto later = std::async(run);",
           "FILE* f = fopen(name, mode);",
           "std::ofstream out(name);",
           "std::ifstream in(name);",
           "std::fstream both(name);",
           "int s = ::socket(2, 1, 0);",
           "return ::socket(2, 1, 0);",
           "int f = ::open(name, 0);",
           "boost::asio::steady_timer timer(ex);",
           "#include <thread>",
           "#include <fstream>",
           "#include <filesystem>",
           "#include <random>",
           "#include <boost/asio/ip/tcp.hpp>",
           "#include <boost/asio/steady_timer.hpp>",
           "#include <boost/asio/system_timer.hpp>",
           "#include <sys/socket.h>",
           "#include <fcntl.h>",
           "#include <unistd.h>",
       }) {
    for (const char* room : {"pos/till", "pos/oms", "devices/printer"}) {
      const std::vector<Offence> found =
          check_names(fmt::format("{}/x.cpp", room), fmt::format("\n{}\n", snippet));
      EXPECT_GE(found.size(), 1U) << room << ": " << snippet;
      EXPECT_TRUE(found.empty() || found.front().line == 2) << snippet;
    }
    for (const char* room : {"pos/host", "devices/port", "sim/app"}) {
      EXPECT_EQ(text(check_names(fmt::format("{}/x.cpp", room), snippet)), "");
    }
  }
}

TEST(Rules, LeaveAloneWhatOnlyLooksLikeABannedName) {
  for (const std::string_view snippet : {
           "// std::thread and rand() are explained here",
           "/* time(nullptr)\n rand() */",
           "say(\"rand() and fopen()\");",
           "auto text = R\"(std::thread)\";",
           "Instant time() const;",
           "std::optional<Instant> time() const;",
           "auto t = event.time();",
           "auto t = event->time();",
           "auto t = base::time(event);",
           "int grand(int); int a = grand(1);",
           "store.open(name);",
           "disk_->open(name);",
           "int thread = 1'000; bool socket = false;",
       }) {
    EXPECT_EQ(text(check_names("pos/till/x.cpp", snippet)), "") << snippet;
  }
}

TEST(Rules, DeadlinesAreArgumentsAndNotAlternatives) {
  const std::string include = "#include <boost/asio/experimental/awaitable_operators.hpp>\n";
  const std::string use = "using namespace boost::asio::experimental::awaitable_operators;\n";
  for (const char* room : {"pos/sync", "pos/host", "devices/scanner", "devices/port"}) {
    const std::string path = fmt::format("{}/x.cpp", room);
    EXPECT_GE(check_names(path, include).size(), 1U) << room;
    EXPECT_GE(check_names(path, use).size(), 1U) << room;
  }
  EXPECT_EQ(check_names("sim/app/x.cpp", include + use).size(), 0U);
}

TEST(Rules, MoneyNeverPassesThroughAFloat) {
  const std::vector<Source> sources = code();
  for (const Source& source : sources) {
    EXPECT_EQ(text(check_floats(source.path, source.content, kFloatsAllowed)), "");
  }
  for (const FloatAllowed& row : kFloatsAllowed) {
    const auto file = std::find_if(sources.begin(), sources.end(),
                                   [&](const Source& source) { return source.path == row.path; });
    EXPECT_TRUE(file != sources.end() && !check_floats(row.path, file->content, {}).empty())
        << row.path << " is allowed floats (" << row.reason << ") and has none: take the row out";
  }
}

TEST(Rules, NoticeAFloatInTheStack) {
  EXPECT_EQ(check_floats("pos/till/x.cpp", "double total = 0;", {}).size(), 1U);
  EXPECT_EQ(check_floats("pos/host/x.hpp", "std::vector<float> a;", {}).size(), 1U);
  EXPECT_EQ(check_floats("pos/base/x.cpp", "auto a = static_cast<long double>(b);", {}).size(), 1U);
  EXPECT_EQ(
      check_floats("pos/base/x.cpp", "// never a float\nsay(\"double\"); is_double();", {}).size(),
      0U);
  EXPECT_EQ(check_floats("sim/report/x.cpp", "double share = 0.5;", {}).size(), 0U);
  EXPECT_EQ(check_floats("pos/base/x.cpp", "double a;", {{"pos/base/x.cpp", "a reason"}}).size(),
            0U);
}

TEST(Rules, FilesStayShort) {
  std::string smells;
  for (const Source& source : code()) {
    EXPECT_EQ(text(check_length(source.path, source.content)), "");
    const int lines = line_count(source.content);
    if (lines > kManyLines) {
      smells += fmt::format("  {} has {} lines\n", source.path, lines);
    }
  }
  if (!smells.empty()) {
    fmt::print("Longer than {} lines, which is a smell and not yet a failure:\n{}", kManyLines,
               smells);
  }
}

TEST(Rules, NoticeALongFile) {
  std::string long_file;
  for (int i = 0; i < kMostLines; ++i) {
    long_file += "int a;\n";
  }
  EXPECT_EQ(check_length("sim/app/x.cpp", long_file).size(), 0U);
  EXPECT_EQ(check_length("sim/app/x.cpp", long_file + "int b;").size(), 1U);
}

TEST(Rules, RepositorySpeaksOfItselfAlone) {
  const std::vector<Source> sources = read_tree(
      TILLRIG_SOURCE_DIR,
      {"pos", "devices", "sim", "viewer", "tests", "bench", "cmake", "scenarios", "fixtures", ".ci",
       "tillrig", "packages.txt", "README.md", "CMakeLists.txt", "CMakePresets.json"},
      {".hpp", ".cpp", ".txt", ".cmake", ".toml", ".json", ".md", "run", "tillrig"});
  const bool has_launcher = std::any_of(sources.begin(), sources.end(), [](const Source& source) {
    return source.path == "tillrig";
  });
  EXPECT_TRUE(has_launcher) << "the launcher was not read, so other files may be missed as well";
  for (const Source& source : sources) {
    EXPECT_EQ(text(check_words(source.path, source.content)), "");
  }
}

TEST(Rules, NoticeNotesAndMachinePaths) {
  const auto count = [](std::string_view line) { return check_words("README.md", line).size(); };
  // In halves, so that the rule above does not find them in this file.
  EXPECT_EQ(count("// TO"
                  "DO(ana): later"),
            1U);
  EXPECT_EQ(count("# FIX"
                  "ME"),
            1U);
  EXPECT_EQ(count("cd /wo"
                  "rk/main"),
            1U);
  EXPECT_EQ(count("\"/ro"
                  "ot/x\""),
            1U);
  EXPECT_EQ(count("-B /tmp/bu"
                  "ild/x"),
            1U);
  EXPECT_EQ(count("TO"
                  "DOS and MASTO"
                  "DON"),
            0U);
  EXPECT_EQ(count("https://example.org/wo"
                  "rk/main and ${x}/wo"
                  "rk/"),
            0U);
}

TEST(Rules, AClassStandsInOneSource) {
  EXPECT_EQ(text(check_classes(read_tree(TILLRIG_SOURCE_DIR, {"pos", "devices", "sim"}, {".cpp"}))),
            "");
  const std::string_view total = "\nbase::Money Cart::total() const {\n  return {};\n}\n";
  const std::string_view clear = "\nvoid Cart::clear() {\n  Lines::drop();\n}\n";
  EXPECT_EQ(check_classes({{"pos/till/cart.cpp", std::string(total) + std::string(clear)},
                           {"pos/sync/cart.cpp", std::string(clear)}})
                .size(),
            0U);
  EXPECT_EQ(check_classes({{"pos/till/cart.cpp", std::string(total)},
                           {"pos/till/cart_more.cpp", std::string(clear)}})
                .size(),
            1U);
}

}  // namespace
}  // namespace tillrig::house
