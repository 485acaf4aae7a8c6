#include "pos/lan/board.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tillrig::lan {
namespace {

OpenOrder order(const std::string& id, std::string cart = "{}") {
  OpenOrder made;
  made.id = id;
  made.label = "table 4";
  made.total = base::Money{258};
  made.since_ms = 1;
  made.cart = std::move(cart);
  return made;
}

TEST(Board, WhatIsHandedOverIsNobodyElsesAnyMore) {
  Board board("till-1", {});
  ASSERT_TRUE(board.add(order("a")));
  const auto theirs = board.hand_over("a", "till-2");
  ASSERT_TRUE(theirs);
  EXPECT_EQ(theirs->holder, "till-2");
  EXPECT_FALSE(board.pick_up("a"));
  EXPECT_FALSE(board.hand_over("a", "till-3"));
}

TEST(Board, WhatIsInHandIsNotHandedOver) {
  Board board("till-1", {});
  ASSERT_TRUE(board.add(order("a")));
  ASSERT_TRUE(board.pick_up("a"));
  const auto refused = board.hand_over("a", "till-2");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("till-1"), std::string::npos);
}

TEST(Board, TheNewerVersionStandsInWhateverOrderItComes) {
  Board one("till-1", {});
  ASSERT_TRUE(one.add(order("a")));
  std::vector<OpenOrder> tellings = {*one.find("a")};
  tellings.push_back(*one.hand_over("a", "till-2"));
  Board two("till-2", {});
  two.merge(tellings.back());
  ASSERT_TRUE(two.pick_up("a"));
  tellings.push_back(*two.find("a"));
  ASSERT_TRUE(two.close("a", OrderState::sold, 5));
  tellings.push_back(*two.find("a"));
  std::sort(tellings.begin(), tellings.end(),
            [](const auto& a, const auto& b) { return a.version < b.version; });
  do {
    Board third("till-3", {});
    for (const OpenOrder& telling : tellings) third.merge(telling);
    for (const OpenOrder& telling : tellings) EXPECT_FALSE(third.merge(telling));
    EXPECT_EQ(third.find("a")->state, OrderState::sold);
    EXPECT_EQ(third.digest(), two.digest());
    EXPECT_TRUE(third.open().empty());
  } while (
      std::next_permutation(tellings.begin(), tellings.end(),
                            [](const auto& a, const auto& b) { return a.version < b.version; }));
}

TEST(Board, OfOneVersionAllTillsTakeTheSameOne) {
  OpenOrder here = order("a");
  here.version = 3;
  here.holder = "till-1";
  OpenOrder there = here;
  there.holder = "till-2";
  there.state = OrderState::sold;
  Board one("till-1", {});
  Board two("till-2", {});
  one.merge(here);
  two.merge(there);
  one.merge(there);
  two.merge(here);
  EXPECT_EQ(*one.find("a"), *two.find("a"));
  EXPECT_EQ(one.find("a")->state, OrderState::sold) << "what is closed stays closed";
}

TEST(Board, IsTheSameAfterItWasWrittenDown) {
  Board board("till-1", {});
  ASSERT_TRUE(board.add(order("a", R"({"lines":["\u00e9"]})")));
  ASSERT_TRUE(board.add(order("b")));
  ASSERT_TRUE(board.close("b", OrderState::cancelled, 9));
  Board again("till-1", {});
  ASSERT_TRUE(again.read(board.text()));
  EXPECT_EQ(again.all(), board.all());
  EXPECT_FALSE(again.read("{\"orders\":[{}]}"));
}

TEST(Board, RemembersTheNewestOfWhatIsClosed) {
  Board board("till-1", {});
  for (std::size_t i = 0; i < kClosedKept + 10; ++i) {
    const std::string id = fmt::format("o-{}", i);
    ASSERT_TRUE(board.add(order(id)));
    ASSERT_TRUE(board.close(id, OrderState::sold, static_cast<std::int64_t>(i)));
  }
  EXPECT_EQ(board.all().size(), kClosedKept);
  EXPECT_EQ(board.find("o-0"), nullptr);
}

TEST(Board, TakesNoMoreThanAShopCanUse) {
  Board board("till-1", {});
  EXPECT_FALSE(board.add(order("long", std::string(kCartBytes + 1, 'x'))));
  for (std::size_t i = 0; i < kMostOpen; ++i) ASSERT_TRUE(board.add(order(fmt::format("{}", i))));
  EXPECT_FALSE(board.add(order("more")));
}

}  // namespace
}  // namespace tillrig::lan
