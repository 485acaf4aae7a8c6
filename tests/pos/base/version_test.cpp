#include "pos/base/version.hpp"

#include <gtest/gtest.h>

namespace tillrig::base {
namespace {

// OUT-31: which versions show the prompts of the articles.
TEST(Version, IsComparedAsAVersionAndNotAsAText) {
  const Version gate = *parse_version("1.14.10");
  const auto at_least = [&](const char* text) { return *parse_version(text) >= gate; };
  EXPECT_FALSE(at_least("1.14.9"));
  EXPECT_TRUE(at_least("1.14.10"));
  EXPECT_TRUE(at_least("1.14.11"));
  EXPECT_TRUE(at_least("1.15.0"));
  EXPECT_FALSE(at_least("1.9.99"));
  EXPECT_TRUE(at_least("2.0"));
  EXPECT_FALSE(at_least("1.14.10-rc1"));
  EXPECT_TRUE(at_least("1.14.11-rc1"));
  EXPECT_TRUE(at_least("1.14.10.0"));
}

TEST(Version, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "1.", ".1", "1..2", "v1", "1.2-", "-1", "1.2 ", "1.99999999999999999999"}) {
    EXPECT_FALSE(parse_version(text)) << text;
  }
}

}  // namespace
}  // namespace tillrig::base
