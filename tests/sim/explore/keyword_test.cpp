#include "sim/explore/keyword.hpp"

#include <gtest/gtest.h>

namespace tillrig::explore {
namespace {

bool met(std::string_view expression) {
  const auto keyword = Keyword::read(expression);
  EXPECT_TRUE(keyword) << keyword.error().what;
  return keyword && keyword->met_by({"outage/drop-mid-sale", "The line drops in a sale"});
}

TEST(Keyword, JoinsTextsByAndOrNotAndBrackets) {
  for (const char* yes :
       {"", "drop-mid", "THE LINE", "drop and sale", "zebra or drop", "not zebra",
        "drop and not (zebra or lion)", "zebra and lion or drop", "not not drop"}) {
    EXPECT_TRUE(met(yes)) << yes;
  }
  for (const char* no : {"zebra", "drop and zebra", "not drop", "not (drop or zebra)",
                         "zebra and (drop or lion)", "sale outage"}) {
    EXPECT_FALSE(met(no)) << no;
  }
}

TEST(Keyword, SaysWhatItExpectedWhere) {
  for (const char* wrong : {"and", "drop and", "(drop", "drop)", "not", "drop or or sale"}) {
    const auto keyword = Keyword::read(wrong);
    ASSERT_FALSE(keyword) << wrong;
    EXPECT_NE(keyword.error().what.find("expected"), std::string::npos);
  }
  EXPECT_FALSE(Keyword::read(std::string(10'000, '(') + "x"));
}

}  // namespace
}  // namespace tillrig::explore
