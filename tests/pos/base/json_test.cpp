#include "pos/base/json.hpp"

#include "tests/pos/base/fuzz.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <string>

namespace tillrig::base {
namespace {

json::object object(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? value->get_object() : json::object();
}

std::string literal(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

TEST(Json, ReadsAnObjectFieldByField) {
  const auto o = object(R"({"till":"till-1","total":1299,"lines":[1,2],"who":{"member":"ana"}})");
  EXPECT_EQ(*get_text(o, "till"), "till-1");
  EXPECT_EQ(*get_int(o, "total", 0, 10'000), 1299);
  EXPECT_EQ((*get_array(o, "lines", 2))->size(), 2U);
  EXPECT_EQ(*get_text(**get_object(o, "who"), "member"), "ana");
}

TEST(Json, RefusesWhatIsNotStrictJson) {
  for (const char* text : {"",         " ",
                           "{",        "}",
                           "{}x",      "{} {}",
                           "[1,]",     "{\"a\":1,}",
                           "{a:1}",    "{'a':1}",
                           "// x\n1",  "/* x */ 1",
                           "01",       "+1",
                           "1.",       ".5",
                           "1e",       "NaN",
                           "Infinity", "-",
                           "nul",      "\"",
                           "\"\\x\"",  "\"\\ud800\"",
                           "\"\xff\"", "\"\xc0\xaf\"",
                           "\"\t\"",   "\xef\xbb\xbf{}",
                           "[1 2]"}) {
    const auto value = parse_json(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, Code::bad_input) << text;
  }
  EXPECT_FALSE(parse_json(std::string("{}\0", 3)));
}

TEST(Json, SaysAtWhichByteItWentWrong) {
  EXPECT_NE(parse_json("{\"a\":tru}").error().what.find("byte 5"), std::string::npos)
      << parse_json("{\"a\":tru}").error().what;
}

TEST(Json, IsAtMostThirtyTwoDeep) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(32)));
  EXPECT_FALSE(parse_json(nested(33)));
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
}

TEST(Json, TakesWholeNumbersOnly) {
  const auto o = object(
      R"({"one":1,"point":1.0,"exp":1e3,"big":9223372036854775808,"huge":1e400,"far":-9223372036854775809,)"
      R"("max":9223372036854775807,"min":-9223372036854775808,"text":"1","none":null,"yes":true})");
  EXPECT_EQ(*get_int(o, "one", 1, 1), 1);
  EXPECT_EQ(*get_int(o, "max", INT64_MIN, INT64_MAX), INT64_MAX);
  EXPECT_EQ(*get_int(o, "min", INT64_MIN, INT64_MAX), INT64_MIN);
  for (const char* key : {"point", "exp", "big", "huge", "far", "text", "none", "yes", "absent"}) {
    const auto value = get_int(o, key, INT64_MIN, INT64_MAX);
    ASSERT_FALSE(value) << key;
    EXPECT_EQ(value.error().code, Code::bad_input) << key;
    EXPECT_NE(value.error().what.find(std::string("'") + key + "'"), std::string::npos) << key;
  }
  EXPECT_FALSE(get_int(o, "one", 2, 9));
  EXPECT_FALSE(get_int(o, "one", -9, 0));
}

TEST(Json, NamesWhatWasFoundAndWhatWasExpected) {
  const auto o = object(R"({"total":"12","list":[1,2,3],"long":"abcdef"})");
  EXPECT_EQ(get_int(o, "total", 0, 9).error().what,
            "the key 'total' is the text \"12\"; expected a whole number from 0 to 9");
  EXPECT_EQ(get_array(o, "list", 2).error().what,
            "the key 'list' is a list of 3; expected a list of at most 2");
  EXPECT_EQ(get_text(o, "long", 5).error().what,
            "the key 'long' is the text \"abcdef\"; expected a text of at most 5 bytes");
  EXPECT_EQ(get_object(o, "gone").error().what, "the key 'gone' is missing; expected an object");
  EXPECT_FALSE(as_object(o.at("list"), "batch"));
}

TEST(Json, QuotesAnyTextSoThatItReadsBack) {
  EXPECT_EQ(literal("milk"), "\"milk\"");
  EXPECT_EQ(literal("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
  EXPECT_EQ(literal("K\xc3\xa4se \xe2\x82\xac \xf0\x9f\xa5\x9b"),
            "\"K\xc3\xa4se \xe2\x82\xac \xf0\x9f\xa5\x9b\"");
  EXPECT_EQ(literal("\xff|\xc3|\xed\xa0\x80|\xc0\xaf"),
            R"("\ufffd|\ufffd|\ufffd\ufffd\ufffd|\ufffd\ufffd")");
}

TEST(Json, QuotesNoTextThatItsOwnReaderRefuses) {
  Damage damage;
  for (int i = 0; i < 5000; ++i) {
    const auto text = damage.mutate("K\xc3\xa4se \xe2\x82\xac \xf0\x9f\xa5\x9b \"12\"\\", "\"\\\n");
    const auto back = parse_json(literal(text));
    ASSERT_TRUE(back) << to_hex(text);
    const auto again = parse_json(literal(back->get_string()));
    ASSERT_EQ(*back, *again) << to_hex(text);
  }
}

TEST(Json, SurvivesDamage) {
  const std::string sound =
      R"({"id":"till-1.3.42","lines":[{"item":"milk","qty":1000,"minor":129},{"item":"br\u00e4d"}],"ok":true})";
  Damage damage;
  int parsed = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto value = parse_json(damage.mutate(sound, "{}[]\",:\\0123456789.eE-+ u"));
    if (!value) {
      ASSERT_EQ(value.error().code, Code::bad_input);
      continue;
    }
    ++parsed;
    if (const auto o = as_object(*value, "event")) {
      (void)get_text(**o, "id");
      (void)get_array(**o, "lines", 10);
    }
    const auto back = parse_json(json::serialize(*value));
    ASSERT_TRUE(back);
  }
  EXPECT_GT(parsed, 100);
}

}  // namespace
}  // namespace tillrig::base
