// A till's files that are a copy, or may be one.

#include "pos/store/home.hpp"

#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

// A till that has sold, closed its store, and noted where it lives.
struct HomeTill : BenchTill {
  HomeTill() {
    EXPECT_TRUE(start());
    store->settle_home();
    EXPECT_TRUE(sell(100));
    EXPECT_TRUE(store->close());
    kill();
  }
};

TEST(Home, IsTheSameAfterACleanStopOnTheSameStartOfTheMachine) {
  HomeTill till;
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().moved, Moved::no);
  EXPECT_FALSE(till.store->opened().new_epoch_due);
}

TEST(Home, CannotProveThatItIsTheNewestOnAnotherStartOfTheMachine) {
  HomeTill till;
  till.clock.boot = 2;
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().moved, Moved::restarted);
  EXPECT_TRUE(till.store->opened().new_epoch_due);
  EXPECT_FALSE(till.sell(200)) << "not before somebody was asked, or an epoch was begun";
  ASSERT_TRUE(till.store->open_epoch("restarted", 2 + till.store->home().jump()));
  till.store->settle_home();
  ASSERT_TRUE(till.sell(200));
  ASSERT_TRUE(till.store->close());
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().moved, Moved::no) << "it was settled here";
}

TEST(Home, KnowsFilesThatWereCopiedBackWhileTheMachineRanOn) {
  HomeTill till;
  const auto image = till.volume.image();
  ASSERT_TRUE(till.open());
  ASSERT_TRUE(till.sell(200));
  till.kill();
  till.volume.put_back(image, true);
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().moved, Moved::copied);
  EXPECT_TRUE(till.store->opened().new_epoch_due);
}

TEST(Home, IsForgottenByNoOpeningThatSettledNothing) {
  HomeTill till;
  till.clock.boot = 2;
  ASSERT_TRUE(till.open());
  ASSERT_TRUE(till.store->close());
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().moved, Moved::restarted);
}

TEST(Home, OfAStoreThatNeverNotedItIsWhereItAlwaysWas) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  ASSERT_TRUE(till.store->close());
  till.clock.boot = 2;
  ASSERT_TRUE(till.open());
  EXPECT_EQ(till.store->opened().moved, Moved::no);
}

TEST(Home, IsReadAsItWasNotedAndNothingElseIs) {
  const Home home{18'446'744'073'709'551'615U, 7};
  const auto read = Home::read(home.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->boot, home.boot);
  EXPECT_EQ(read->birth, home.birth);
  for (const char* text : {"", "1", "1 ", " 1", "1 2 ", "1 2x", "x 2", "1  2"}) {
    EXPECT_FALSE(Home::read(text)) << text;
  }
}

TEST(Home, OfTwoMachinesJumpsApart) {
  EXPECT_NE((Home{1, 1}.jump()), (Home{2, 1}.jump()));
  EXPECT_NE((Home{1, 1}.mark()), (Home{1, 2}.mark()));
  EXPECT_GE((Home{1, 1}.jump()), 1U);
  EXPECT_EQ((Home{}.mark()), "") << "it cannot be told from others";
}

TEST(Volume, ThatWasPutBackIsTheImageAndNothingElse) {
  BenchTill till;
  ASSERT_TRUE(till.start());
  ASSERT_TRUE(till.store->close());
  till.kill();
  const auto image = till.volume.image();
  ASSERT_TRUE(till.open());
  ASSERT_TRUE(till.sell(100));
  till.kill();
  EXPECT_NE(till.volume.image(), image);
  till.volume.put_back(image, false);
  till.volume.power_cut(disk::Cut::lose_pending());
  EXPECT_EQ(till.volume.image(), image) << "all of it is on the disk";
}

}  // namespace
}  // namespace tillrig::store::test
