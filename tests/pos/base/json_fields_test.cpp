#include "pos/base/json_fields.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tillrig::base {
namespace {

enum class Colour { red, green };
constexpr auto names_of(Colour) {
  return named<Colour>({{Colour::red, "red"}, {Colour::green, "green"}});
}

struct Inner {
  std::string name;
  std::int64_t size = 0;
  static void describe(auto& self, auto& fields) {
    fields("name", self.name, {.bytes = 8})("size", self.size, {.least = 0, .most = 9});
  }
  bool operator==(const Inner&) const = default;
};

struct Message {
  std::int64_t whole = 0;
  std::uint8_t small = 0;
  std::uint64_t big = 0;
  bool flag = false;
  Money amount;
  Colour colour = Colour::red;
  EventId id;
  std::optional<Rate> rate;
  Inner inner;
  std::vector<Inner> inners;
  std::vector<std::string> texts;
  std::vector<std::size_t> lines;
  std::string note;

  static void describe(auto& self, auto& fields) {
    fields("whole", self.whole)("small", self.small)("big", self.big)("flag", self.flag)(
        "amount", self.amount)("colour", self.colour)("id", self.id)("rate", self.rate)(
        "inner", self.inner)("inners", self.inners, {.entries = 3})("texts", self.texts)(
        "lines", self.lines, {.least = 1})
        .maybe("note", self.note);
  }
  bool operator==(const Message&) const = default;
};

Message full() {
  Message message;
  message.whole = INT64_MIN;
  message.small = 255;
  message.big = INT64_MAX;
  message.flag = true;
  message.amount = {-5};
  message.colour = Colour::green;
  message.id = {"till-1", 3, 42};
  message.rate = Rate{1900};
  message.inner = {"a\"b", 9};
  message.inners = {{"x", 0}, {"y", 1}};
  message.texts = {"", "\n"};
  message.lines = {1, 7};
  message.note = "n";
  return message;
}

constexpr std::string_view kFull =
    R"({"whole":-9223372036854775808,"small":255,"big":9223372036854775807,"flag":1,"amount":-5,)"
    R"("colour":"green","id":"till-1.3.42","rate":1900,"inner":{"name":"a\"b","size":9},)"
    R"("inners":[{"name":"x","size":0},{"name":"y","size":1}],"texts":["","\n"],"lines":[1,7],)"
    R"("note":"n"})";

TEST(JsonFields, AMessageDescribedOnceIsWrittenAndRead) {
  EXPECT_EQ(write_message(full()), kFull);
  const auto back = read_message<Message>(kFull, "message");
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(*back, full());
}

TEST(JsonFields, WhatSaysNothingIsLeftOutAndReadAsNothing) {
  Message bare = full();
  bare.rate.reset();
  bare.note.clear();
  const std::string text = write_message(bare);
  EXPECT_EQ(text.find("rate"), std::string::npos);
  EXPECT_EQ(text.find("note"), std::string::npos);
  EXPECT_EQ(*read_message<Message>(text, "message"), bare);
}

TEST(JsonFields, AFieldThatIsMissingOrOfAnotherKindIsAnErrorThatNamesIt) {
  const std::tuple<const char*, const char*, const char*> damages[] = {
      {R"("whole":-9223372036854775808)", R"("hole":1)", "'whole' is missing"},
      {R"("small":255)", R"("small":256)", "'small' is 256; expected a whole number from 0 to 255"},
      {R"("small":255)", R"("small":-1)", "'small' is -1"},
      {R"("big":9223372036854775807)", R"("big":9223372036854775808)", "'big'"},
      {R"("flag":1)", R"("flag":2)", "'flag' is 2; expected a whole number from 0 to 1"},
      {R"("flag":1)", R"("flag":true)", "'flag'"},
      {R"("amount":-5)", R"("amount":1.5)", "'amount'"},
      {R"("colour":"green")", R"("colour":"blue")", "'colour' is 'blue'; expected red, green"},
      {R"("id":"till-1.3.42")", R"("id":"one")", "'id'"},
      {R"("rate":1900)", R"("rate":"19 %")", "'rate'"},
      {R"("inner":{)", R"("inner":[],"was":{)", "'inner' is a list of 0; expected an object"},
      {R"("size":9)", R"("size":10)", "inner: the key 'size' is 10"},
      {R"("size":1)", R"("size":-1)", "inners[1]: the key 'size' is -1"},
      {R"("name":"x")", R"("name":"far too long")", "inners[0]: the key 'name'"},
      {R"({"name":"x","size":0})", "7", "inners[0]: the key 'inners' is 7; expected an object"},
      {R"({"name":"x","size":0})", R"({},{},{})",
       "'inners' is a list of 4; expected a list of at most 3"},
      {R"("texts":["")", R"("texts":[5)", "texts[0]"},
      {R"("lines":[1)", R"("lines":[0)", "lines[0]"},
      {R"("note":"n")", R"("note":5)", "'note'"},
  };
  for (const auto& [what, with, about] : damages) {
    std::string text(kFull);
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    text.replace(at, std::string_view(what).size(), with);
    const auto read = read_message<Message>(text, "message");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::bad_input);
    EXPECT_NE(read.error().what.find(about), std::string::npos) << read.error().what;
  }
  EXPECT_FALSE(read_message<Message>("[1]", "message"));
  EXPECT_FALSE(read_message<Message>("{", "message"));
}

struct Go {
  static constexpr std::string_view kName = "go";
  std::int64_t steps = 0;
  static void describe(auto& self, auto& fields) { fields("steps", self.steps); }
};
struct Stop {
  static constexpr std::string_view kName = "stop";
  static void describe(auto&, auto&) {}
};
using Walk = std::variant<Go, Stop>;

TEST(JsonFields, ASumIsReadByTheNameOfItsKind) {
  const auto value = parse_json(R"({"steps":3})");
  JsonReader fields(value->as_object());
  const auto go = Kinds<Walk>::read("go", fields);
  ASSERT_TRUE(go && fields.ok());
  EXPECT_EQ(std::get<Go>(*go).steps, 3);
  EXPECT_EQ(Kinds<Walk>::name(*go), "go");
  ASSERT_TRUE(Kinds<Walk>::read("stop", fields));
  EXPECT_FALSE(Kinds<Walk>::read("fly", fields));
  EXPECT_EQ(Kinds<Walk>::kNames.size(), 2U);
}

// What a table must hold, on enumerations that keep it and break it.
enum class Gap { a = 1, b = 3 };
enum class From { one = 1, two };
enum class Lacks { a, b, c };
constexpr auto names_of(From) {
  return named<From>({{From::one, "one"}, {From::two, "two"}});
}
constexpr auto names_of(Lacks) {
  return named<Lacks>({{Lacks::a, "a"}, {Lacks::b, "b"}});
}

TEST(Names, ATableThatLacksAValueIsNoticedWhereItIsCompiled) {
  static_assert(names_every_value<Colour>());
  static_assert(names_every_value<From>());
  static_assert(!names_every_value<Lacks>());
  static_assert(is_enumerator<Gap::a>() && !is_enumerator<static_cast<Gap>(2)>());
  EXPECT_EQ(name(From::two), "two");
  EXPECT_EQ(name(static_cast<From>(7)), "?");
  EXPECT_EQ(by_name<Colour>("green"), Colour::green);
  EXPECT_EQ(by_name<Colour>("blue"), std::nullopt);
  EXPECT_EQ(all_names<Colour>(), "red, green");
}

TEST(Names, EveryCodeHasOneOfItsOwn) {
  for (const auto& row : names<Code>()) EXPECT_EQ(by_name<Code>(row.name), row.value) << row.name;
  EXPECT_EQ(name(Code::dead_file), "dead_file");
}

}  // namespace
}  // namespace tillrig::base
