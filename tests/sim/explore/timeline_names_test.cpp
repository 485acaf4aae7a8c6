#include "sim/explore/timeline_names.hpp"

#include <gtest/gtest.h>

namespace tillrig::explore {
namespace {

RunName run(const std::string& scenario, const std::string& variant, std::uint64_t seed) {
  return {"a.toml", scenario, variant, seed};
}

TEST(TimelineNames, AreThoseOfTheRunsInPlainLetters) {
  TimelineNames names("traces");
  EXPECT_EQ(names.take(run("shop/sale", "", 1)).path, "traces/shop-sale-seed-1.tlog");
  EXPECT_EQ(names.take(run("shop/sale", "item=café, n=2", 1)).path,
            "traces/shop-sale-item-caf-n-2-seed-1.tlog");
}

TEST(TimelineNames, AreNeverTheSameTwice) {
  TimelineNames names("traces");
  EXPECT_EQ(names.take(run("shop/sale", "item=ä", 1)).path, "traces/shop-sale-item-seed-1.tlog");
  EXPECT_EQ(names.take(run("shop/sale", "item=ö", 1)).path, "traces/shop-sale-item-seed-1-2.tlog");
  EXPECT_EQ(names.take(run("shop/sale", "item=ü", 1)).number, 3U);
  EXPECT_EQ(names.take(run("shop/sale", "item", 1)).number, 4U);
}

TEST(TimelineNames, OfASweepDoNotDependOnWhichOfItsRunsComesFirst) {
  for (const bool turned : {false, true}) {
    TimelineNames names("traces");
    const auto one = names.take(run("shop/sale", "item=ä", 1));
    const auto two = names.take(run("shop/sale", "item=ö", 1));
    std::string paths[2];
    for (const bool second : {turned, !turned}) {
      const auto& probe = second ? two : one;
      const char* variant = second ? "item=ö, call=7" : "item=ä, call=7";
      paths[second ? 1 : 0] = names.take(run("shop/sale", variant, 1), probe.number).path;
    }
    EXPECT_EQ(paths[0], "traces/shop-sale-item-call-7-seed-1.tlog");
    EXPECT_EQ(paths[1], "traces/shop-sale-item-call-7-seed-1-2.tlog");
  }
}

}  // namespace
}  // namespace tillrig::explore
