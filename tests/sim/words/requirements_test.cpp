#include "sim/words/requirements.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace tillrig::words {
namespace {

namespace fs = std::filesystem;

// "Suite, Test" of all tests of this house.
std::set<std::string> all_tests() {
  std::set<std::string> names;
  for (const auto& each :
       fs::recursive_directory_iterator(fs::path(TILLRIG_SOURCE_DIR) / "tests")) {
    if (each.path().extension() != ".cpp") continue;
    std::ifstream file(each.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t at = text.find("\nTEST"); at != std::string::npos;
         at = text.find("\nTEST", at + 1)) {
      const std::size_t open = text.find('(', at);
      const std::size_t close = text.find(')', at);
      if (open < close) names.insert(text.substr(open + 1, close - open - 1));
    }
  }
  return names;
}

TEST(Requirements, HaveIdsOfTheirOwn) {
  std::set<std::string_view> ids;
  for (const Requirement& each : requirements()) {
    EXPECT_TRUE(ids.insert(each.id).second) << each.id;
    EXPECT_FALSE(each.text.empty()) << each.id;
  }
}

TEST(Requirements, TestsThatStandForOneAreThere) {
  const std::set<std::string> known = all_tests();
  ASSERT_GT(known.size(), 100U);
  for (const Requirement& each : requirements()) {
    std::string_view rest = each.tests;
    while (!rest.empty()) {
      std::string name(rest.substr(0, rest.find(", ")));
      rest.remove_prefix(std::min(rest.size(), name.size() + 2));
      const std::size_t dot = name.find('.');
      ASSERT_NE(dot, std::string::npos) << name;
      name.replace(dot, 1, ", ");
      EXPECT_TRUE(known.contains(name)) << each.id << ": there is no TEST(" << name << ")";
    }
  }
}

}  // namespace
}  // namespace tillrig::words
