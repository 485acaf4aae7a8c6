#include "tests/house/arrows.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace tillrig::house {
namespace {

std::vector<Source> house_sources() {
  return read_tree(TILLRIG_SOURCE_DIR, {"pos", "devices", "sim", "viewer"}, {".hpp", ".cpp"});
}

std::vector<Offence> arrow(std::string_view from, std::string_view to) {
  return check_arrows(fmt::format("{}/x.cpp", from), fmt::format("\n#include \"{}/y.hpp\"\n", to));
}

TEST(Arrows, HoldInThisHouse) {
  const std::vector<Source> sources = house_sources();
  ASSERT_GT(sources.size(), 10U) << "no sources below " << TILLRIG_SOURCE_DIR;
  for (const Source& source : sources) {
    EXPECT_EQ(text(check_arrows(source.path, source.content)), "");
    EXPECT_EQ(text(check_namespaces(source.path, source.content)), "");
    EXPECT_EQ(text(check_parts(source.path, source.content)), "");
  }
  EXPECT_EQ(text(check_part_limits(sources)), "");
}

// The design's forbidden directions, written out by hand and not taken from the table.
struct Broken {
  std::string_view from;
  std::string_view to;
};

TEST(Arrows, NoticeEachBrokenDirection) {
  const std::vector<Broken> broken = {
      {"pos/base", "pos/ports"},
      {"pos/base", "devices/scanner"},
      {"pos/ports", "pos/wire"},
      {"pos/wire", "pos/store"},
      {"pos/store", "pos/sync"},
      {"pos/store", "pos/host"},
      {"pos/sqlite", "pos/store"},
      {"pos/wire", "pos/sqlite"},
      {"pos/sync", "pos/pay"},
      {"pos/sync", "devices/printer"},
      {"pos/sync", "pos/guard"},
      {"pos/pay", "pos/sync"},
      {"pos/pay", "pos/till"},
      {"pos/lan", "pos/pay"},
      {"pos/guard", "pos/till"},
      {"pos/guard", "devices/printer"},
      {"pos/till", "pos/oms"},
      {"pos/till", "pos/host"},
      {"pos/oms", "pos/store"},
      {"pos/oms", "pos/sync"},
      {"pos/host", "pos/wire"},
      {"pos/host", "devices/port"},
      {"pos/till", "sim/kernel"},
      {"pos/host", "sim/net"},
      {"devices/scanner", "pos/ports"},
      {"devices/printer", "devices/port"},
      {"devices/drawer", "pos/wire"},
      {"devices/port", "sim/kernel"},
      {"devices/role", "devices/printer"},
      {"devices/terminal", "pos/pay"},
      {"sim/kernel", "sim/trace"},
      {"sim/kernel", "pos/wire"},
      {"sim/trace", "pos/ports"},
      {"sim/trace", "sim/kernel"},
      {"sim/words", "pos/ports"},
      {"sim/words", "sim/net"},
      {"sim/net", "sim/disk"},
      {"sim/net", "pos/wire"},
      {"sim/disk", "pos/store"},
      {"sim/disk", "sim/world"},
      {"sim/peers", "pos/oms"},
      {"sim/peers", "sim/net"},
      {"sim/oracle", "pos/ports"},
      {"sim/oracle", "pos/wire"},
      {"sim/oracle", "sim/trace"},
      {"sim/oracle", "sim/kernel"},
      {"sim/oracle", "pos/store"},
      {"sim/world", "sim/scenario"},
      {"sim/scenario", "pos/till"},
      {"sim/scenario", "sim/report"},
      {"sim/scenario", "devices/scanner"},
      {"sim/explore", "sim/report"},
      {"sim/explore", "pos/oms"},
      {"sim/report", "sim/app"},
      {"sim/report", "pos/store"},
      {"sim/hosts", "sim/scenario"},
      {"sim/hosts", "sim/app"},
      {"sim/app", "viewer/app"},
      {"sim/world", "viewer/model"},
      {"viewer/model", "viewer/plan"},
      {"viewer/plan", "viewer/paint"},
      {"viewer/paint", "viewer/app"},
      {"viewer/app", "sim/world"},
      {"viewer/model", "pos/store"},
      {"viewer/paint", "devices/scanner"},
      {"pos/base", "tests/house"},
      {"sim/app", "bench/kernel"},
  };
  for (const Broken& one : broken) {
    const std::vector<Offence> found = arrow(one.from, one.to);
    ASSERT_EQ(found.size(), 1U) << one.from << " -> " << one.to;
    EXPECT_EQ(found.front().line, 2);
  }
  // Each room of the house is the wrong end of at least one of them.
  std::set<std::string_view> tried;
  for (const Broken& one : broken) {
    tried.insert(one.from);
  }
  for (const Arrow& row : arrows()) {
    EXPECT_TRUE(tried.count(row.room) == 1) << "no broken arrow was tried from " << row.room;
  }
}

TEST(Arrows, AllowWhatTheDesignDraws) {
  const std::vector<Broken> drawn = {
      {"pos/ports", "pos/base"},
      {"pos/sync", "pos/store"},
      {"pos/guard", "pos/sync"},
      {"pos/till", "devices/printer"},
      {"pos/pay", "devices/terminal"},
      {"pos/oms", "pos/wire"},
      {"pos/host", "pos/ports"},
      {"pos/till", "pos/till"},
      {"devices/port", "pos/base"},
      {"sim/net", "pos/ports"},
      {"sim/world", "pos/oms"},
      {"sim/app", "pos/host"},
      {"sim/app", "sim/kernel"},
      {"viewer/app", "sim/trace"},
      {"viewer/paint", "devices/printer"},
  };
  for (const Broken& one : drawn) {
    EXPECT_EQ(text(arrow(one.from, one.to)), "");
  }
}

TEST(Arrows, ReadIncludesHoweverTheyAreWritten) {
  EXPECT_EQ(check_arrows("pos/base/x.hpp", "  #  include <sim/kernel/kernel.hpp>\n").size(), 1U);
  EXPECT_EQ(check_arrows("pos/base/x.hpp", "#include\"pos/till/till.hpp\"").size(), 1U);
  EXPECT_EQ(check_arrows("pos/base/x.hpp", "// #include \"pos/till/till.hpp\"\n").size(), 0U);
  EXPECT_EQ(check_arrows("sim/words/steps/x.cpp", "#include \"sim/world/world.hpp\"\n").size(), 1U);
}

TEST(Arrows, WantPathsFromTheRootAndRoomsThatExist) {
  EXPECT_EQ(check_arrows("pos/till/x.cpp", "#include \"cart.hpp\"\n").size(), 1U);
  EXPECT_EQ(check_arrows("pos/till/x.cpp", "#include \"../wire/event.hpp\"\n").size(), 1U);
  EXPECT_EQ(check_arrows("pos/kitchen/x.cpp", "").size(), 1U);
  EXPECT_EQ(check_arrows("pos/x.cpp", "").size(), 1U);
}

TEST(Arrows, SayWhereWhatAndWhatElse) {
  EXPECT_EQ(
      text(arrow("sim/oracle", "pos/store").front()),
      "sim/oracle/x.cpp:2: found the arrow sim/oracle -> pos/store/y.hpp; expected sim/oracle "
      "to include only pos/base, sim/words");
}

TEST(Names, OfARoomThatMayNotBeIncludedAreNoticed) {
  const auto count = [](std::string_view path, std::string_view content) {
    return check_namespaces(path, content).size();
  };
  EXPECT_EQ(count("sim/scenario/play/x.cpp", "till::Command command;\n"), 1U);
  EXPECT_EQ(count("sim/scenario/read/x.hpp", "const tillrig::store::SaleRow& row\n"), 1U);
  EXPECT_EQ(count("sim/scenario/play/x.cpp", "if (x == sync::Link::online) wire::name(y);"), 2U);
  EXPECT_EQ(count("sim/oracle/x.cpp", "till::Command command;\n"), 1U);
  EXPECT_EQ(count("sim/scenario/play/x.cpp", "world::Order order(\"till::Command\");\n"), 0U);
  EXPECT_EQ(count("sim/scenario/play/x.cpp", "words::Kind::till, Kind::store::x\n"), 0U);
  EXPECT_EQ(count("sim/world/x.cpp", "till::Command command;\n"), 0U);
  EXPECT_EQ(
      text(check_namespaces("sim/scenario/x.cpp", "\ntill::Command command;\n")),
      "sim/scenario/x.cpp:2: found till:: named in sim/scenario; expected nothing of pos/till, "
      "which it may not include\n");
}

TEST(Parts, StayInTheirRooms) {
  const auto count = [](std::string_view room, std::string_view include) {
    return check_parts(fmt::format("{}/x.cpp", room), fmt::format("#include {}\n", include)).size();
  };
  EXPECT_EQ(count("viewer/plan", "<imgui.h>"), 1U);
  EXPECT_EQ(count("viewer/plan", "\"imgui_internal.h\""), 1U);
  EXPECT_EQ(count("viewer/model", "<backends/imgui_impl_glfw.h>"), 1U);
  EXPECT_EQ(count("viewer/paint", "<imgui.h>"), 0U);
  EXPECT_EQ(count("sim/app", "<toml++/toml.h>"), 1U);
  EXPECT_EQ(count("sim/scenario", "<toml++/toml.h>"), 0U);
  EXPECT_EQ(count("pos/sync", "<sqlite3.h>"), 1U);
  EXPECT_EQ(count("sim/world", "\"sqlite3.h\""), 1U);
  EXPECT_EQ(count("sim/disk", "<sqlite3.h>"), 0U);
  EXPECT_EQ(count("pos/till", "<libserialport.h>"), 1U);
  EXPECT_EQ(count("devices/scanner", "<hidapi/hidapi.h>"), 1U);
  EXPECT_EQ(count("devices/port", "<hidapi/hidapi.h>"), 0U);
  EXPECT_EQ(count("sim/report", "<CLI/CLI.hpp>"), 1U);
}

TEST(Parts, StayInFewFiles) {
  std::vector<Source> sources;
  for (const char* name : {"a", "b", "c"}) {
    sources.push_back({fmt::format("pos/oms/{}.cpp", name),
                       "#include <boost/beast/http.hpp>\n"
                       "#include <boost/beast/core.hpp>\n"});
  }
  EXPECT_EQ(text(check_part_limits(sources)), "");
  sources.push_back({"pos/host/d.cpp", "\n#include <boost/beast/ssl.hpp>\n"});
  const std::vector<Offence> found = check_part_limits(sources);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().path, "pos/host/d.cpp");
  EXPECT_EQ(found.front().line, 2);

  for (const char* include : {"#include <libserialport.h>\n", "#include <hidapi.h>\n"}) {
    EXPECT_EQ(check_part_limits({{"devices/port/a.cpp", include}}).size(), 0U);
    EXPECT_EQ(check_part_limits({{"devices/port/a.cpp", include}, {"devices/port/b.cpp", include}})
                  .size(),
              1U);
  }
}

}  // namespace
}  // namespace tillrig::house
