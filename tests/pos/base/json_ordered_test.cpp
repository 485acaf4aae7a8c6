#include "pos/base/json_ordered.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tillrig::base {
namespace {

struct Coin {
  std::string name;
  Money amount;

  bool operator==(const Coin&) const = default;
  static void describe(auto& self, auto& fields) {
    fields("name", self.name, {.bytes = 8})("amount", self.amount, {.least = -50, .most = 50});
  }
};

struct Purseful {
  std::uint32_t count = 0;
  std::vector<Coin> list;
  std::string maybe;
  bool flag = false;

  bool operator==(const Purseful&) const = default;
  static void describe(auto& self, auto& fields) {
    fields("count", self.count)("list", self.list, {.entries = 2})
        .maybe("maybe", self.maybe)
        .maybe("flag", self.flag);
  }
};

bool reads_purseful(std::string_view text, Purseful& message) {
  JsonOrdered in(text);
  in.object([&] { Purseful::describe(message, in); });
  return in.finished();
}

TEST(JsonOrdered, TakesWhatTheWriterWrote) {
  for (const Purseful& message : {Purseful{7, {{"Käse", {-50}}, {"", {0}}}, "", true},
                                  Purseful{0, {}, "x", false}, Purseful{}}) {
    Purseful read;
    const std::string text = write_message(message);
    EXPECT_TRUE(reads_purseful(text, read)) << text;
    EXPECT_EQ(read, message);
  }
}

TEST(JsonOrdered, IsSurprisedByAllElse) {
  for (const char* text : {
           "",
           "{",
           "{}",
           R"({"count":1})",
           R"({"list":[],"count":1})",
           R"({ "count":1,"list":[]})",
           R"({"count":1,"list":[]} )",
           R"({"count":1,"list":[],"other":1})",
           R"({"count":01,"list":[]})",
           R"({"count":-1,"list":[]})",
           R"({"count":1.0,"list":[]})",
           R"({"count":4294967296,"list":[]})",
           R"({"count":99999999999999999999,"list":[]})",
           R"({"count":1,"list":[],"flag":2})",
           R"({"count":1,"list":[],"flag":-0})",
           R"({"count":1,"list":[{"name":"123456789","amount":0}]})",
           R"({"count":1,"list":[{"name":"a","amount":51}]})",
           R"({"count":1,"list":[{"name":"\u0041","amount":0}]})",
           "{\"count\":1,\"list\":[{\"name\":\"\xff\",\"amount\":0}]}",
           R"({"count":1,"list":[{"name":"a","amount":0},{"name":"a","amount":0},)"
           R"({"name":"a","amount":0}]})",
       }) {
    Purseful message;
    EXPECT_FALSE(reads_purseful(text, message)) << text;
  }
}

}  // namespace
}  // namespace tillrig::base
