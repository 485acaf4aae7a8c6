#include "tests/house/batches.hpp"

#include <gtest/gtest.h>

namespace tillrig::house {
namespace {

std::vector<Offence> both(std::string_view first, std::string_view second) {
  const std::string head = "#include <map>\n\nnamespace tillrig::till {\nnamespace {\n";
  const std::string foot = "\n}\n}\n";
  return check_batches({{"pos/till/a.cpp", head + std::string(first) + foot},
                        {"pos/till/b.cpp", head + std::string(second) + foot}});
}

TEST(Batches, HaveEachOwnNameInOneSource) {
  EXPECT_EQ(
      text(check_batches(read_tree(
          TILLRIG_SOURCE_DIR, {"pos", "devices", "sim", "viewer", "tests", "bench"}, {".cpp"}))),
      "");
}

TEST(Batches, NoticeWhatStandsTwice) {
  for (const std::string_view twice : {
           "constexpr int kMost = 3;",
           "const std::vector<std::pair<int, Money>> kRows = {{1, {}}};",
           "base::Result<void> read(const std::string& text, int n = 3) { return {}; }",
           "template <class T> std::vector<T> names() { return {}; }",
           "struct Reader { int a; };",
           "class Reader final : public Base { void f() {} };",
           "enum class Shape { round };",
           "const words::Row<Fault> kRow{{{\"wan.down\"}, 3}};",
           "[[noreturn]] void fail(int code);",
       }) {
    EXPECT_EQ(both(twice, "int other;").size(), 0U) << twice;
    ASSERT_EQ(both(twice, twice).size(), 1U) << twice;
    EXPECT_EQ(both(twice, twice).front().line, 5);
  }
}

TEST(Batches, LetNamesStandInSourcesOfOtherRoomsAndInNamespacesOfTheirOwn) {
  const std::string own = "namespace tillrig::a {\nnamespace {\nint kRow;\n}\n}\n";
  const std::string other = "namespace tillrig::b {\nnamespace {\nint kRow;\n}\n}\n";
  EXPECT_TRUE(check_batches({{"pos/till/a.cpp", own}, {"pos/sync/b.cpp", own}}).empty());
  EXPECT_TRUE(check_batches({{"pos/till/a.cpp", own}, {"pos/till/b.cpp", other}}).empty());
  EXPECT_EQ(check_batches({{"pos/till/a.cpp", "static int count;"},
                           {"pos/till/b.cpp", "static const char* count;"}})
                .size(),
            1U);
  EXPECT_TRUE(check_batches({{"pos/till/a.cpp", "int Cart::total() { return 0; }"},
                             {"pos/till/b.cpp", "int Cart::total() { return 0; }"}})
                  .empty());
}

TEST(Batches, WantMacrosUndone) {
  EXPECT_EQ(check_batches({{"pos/till/a.cpp", "\n#define X 1\nint a = X;\n"}}).size(), 1U);
  EXPECT_TRUE(check_batches({{"pos/till/a.cpp", "\n#define X 1\nint a = X;\n#undef X\n"}}).empty());
}

}  // namespace
}  // namespace tillrig::house
