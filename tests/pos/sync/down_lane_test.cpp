// The down lane's rules, without a network.
#include "pos/sync/down_lane.hpp"

#include "tests/pos/sync/fake_shelf.hpp"
#include "tests/pos/sync/fixed_entropy.hpp"

#include <gtest/gtest.h>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

wire::FeedRow row(std::uint64_t v, std::string id) {
  return {v, std::move(id), 1, false, "{}"};
}

wire::FeedPage page(std::vector<wire::FeedRow> rows, std::uint64_t next, std::uint64_t head) {
  return {"cloud-1", std::move(rows), next, head, 0};
}

FeedOutcome told(wire::FeedPage page) {
  FeedOutcome outcome;
  outcome.status = 200;
  outcome.answer = std::move(page);
  return outcome;
}

FeedOutcome no_page(Cause cause, int status = 0) {
  FeedOutcome outcome;
  outcome.cause = cause;
  outcome.status = status;
  return outcome;
}

class DownLaneTest : public ::testing::Test {
 protected:
  FeedAsk ask() {
    auto asked = lane.next(now);
    EXPECT_TRUE(asked) << "there was nothing to ask for";
    return asked.value_or(FeedAsk{});
  }
  bool take(const FeedAsk& asked, const FeedOutcome& outcome) {
    const auto kept = lane.finish(asked, outcome, now);
    EXPECT_TRUE(kept);
    return kept.value_or(false);
  }
  // The till has read all that there is.
  void be_at(std::uint64_t v) {
    shelf.kept = {"cloud-1", v, false, 0};
    lane.heard("cloud-1", v);
  }

  FakeShelf shelf;
  FixedEntropy entropy{~0ULL};
  DownLane lane{shelf, entropy, wire::kItems};
  Instant now{0};
};

TEST_F(DownLaneTest, AsksForNothingWhileNothingChanged) {
  EXPECT_FALSE(lane.next(now)) << "nobody has said anything yet";
  lane.heard("cloud-1", 0);
  EXPECT_FALSE(lane.next(now)) << "a cloud without tables";
  be_at(7);
  EXPECT_FALSE(lane.next(now));
  EXPECT_EQ(lane.resume_at(now), Instant::never());
}

TEST_F(DownLaneTest, WhoAsksWhileAPageIsUnderWayIsNotAnsweredByItsFailure) {
  be_at(7);
  lane.heard("cloud-1", 8);
  const FeedAsk under_way = ask();
  lane.now();
  EXPECT_FALSE(lane.next(now)) << "one page at a time";
  take(under_way, no_page(Cause::server, 500));
  EXPECT_TRUE(lane.next(now)) << "at once, whatever the pause after a failure";
}

TEST_F(DownLaneTest, WhoAsksWaitsAsLongAsTheCloudSaid) {
  be_at(7);
  lane.heard("cloud-1", 8);
  FeedOutcome busy = no_page(Cause::busy, 429);
  busy.retry_after = 30s;
  take(ask(), busy);
  lane.now();
  EXPECT_FALSE(lane.next(now));
  now = now + 30s;
  EXPECT_TRUE(lane.next(now));
}

TEST_F(DownLaneTest, ReadsFromTheStartAtFirst) {
  lane.heard("cloud-1", 2);
  const FeedAsk first = ask();
  EXPECT_EQ(first.after, (store::Reading{"", 0, true, 0}));
  EXPECT_TRUE(take(first, told(page({row(1, "milk"), row(2, "bread")}, 2, 2))));
  EXPECT_EQ(shelf.rows.size(), 2U);
  EXPECT_FALSE(lane.next(now));
}

TEST_F(DownLaneTest, HasOnePageUnderWay) {
  be_at(1);
  lane.heard("cloud-1", 3);
  const FeedAsk one = ask();
  EXPECT_FALSE(lane.next(now));
  EXPECT_TRUE(take(one, told(page({row(2, "milk")}, 2, 3))));
  EXPECT_EQ(ask().after.v, 2U) << "the next page at once";
}

TEST_F(DownLaneTest, KeepsTheTableInEffectWhileItReadsAnotherFromTheStart) {
  be_at(4);
  shelf.rows["old"] = "{}";
  lane.heard("cloud-1", 9);
  EXPECT_FALSE(take(ask(), no_page(Cause::none, 410)));
  const FeedAsk first = ask();
  EXPECT_TRUE(first.after.anew);
  EXPECT_FALSE(take(first, told(page({row(5, "milk")}, 5, 9))));
  EXPECT_TRUE(shelf.rows.contains("old")) << "no table is suddenly empty";
  const FeedAsk second = ask();
  EXPECT_EQ(second.after, (store::Reading{"cloud-1", 5, true, 0}));
  EXPECT_TRUE(take(second, told(page({row(9, "bread")}, 9, 9))));
  EXPECT_EQ(shelf.rows.size(), 2U);
  EXPECT_FALSE(shelf.rows.contains("old"));
}

TEST_F(DownLaneTest, ReadsAnewWhenToldToAlsoWhileAPageIsUnderWay) {
  be_at(4);
  shelf.rows["old"] = "{}";
  lane.heard("cloud-1", 5);
  const FeedAsk before = ask();
  lane.read_anew();
  EXPECT_TRUE(take(before, told(page({row(5, "milk")}, 5, 5))));
  const FeedAsk anew = ask();
  EXPECT_EQ(anew.after, (store::Reading{"", 0, true, 0}));
  EXPECT_TRUE(take(anew, told(page({row(5, "milk")}, 5, 5))));
  EXPECT_FALSE(shelf.rows.contains("old"));
  EXPECT_FALSE(lane.next(now)) << "once";
}

TEST_F(DownLaneTest, BeginsOnceMoreWhenAReadingFromTheStartHasBecomeTooOld) {
  be_at(4);
  shelf.beside = store::Reading{"cloud-1", 5, true, 2};
  EXPECT_FALSE(take(ask(), no_page(Cause::none, 410)));
  EXPECT_EQ(ask().after, (store::Reading{"", 0, true, 0}));
}

TEST_F(DownLaneTest, GoesOnWithAReadingFromTheStartAfterARestart) {
  shelf.kept = {"cloud-1", 2, false, 0};
  shelf.beside = store::Reading{"cloud-1", 5, true, 3};
  lane.heard("cloud-1", 5);
  EXPECT_EQ(ask().after, *shelf.beside);
}

TEST_F(DownLaneTest, AnotherCloudIsAskedEvenWhenItHasLess) {
  be_at(9);
  lane.heard("cloud-2", 0);
  EXPECT_EQ(ask().after.epoch, "cloud-1") << "it says itself that it is another one";
}

TEST_F(DownLaneTest, IsNotTurnedAwayInACircle) {
  lane.heard("cloud-1", 2);
  EXPECT_FALSE(take(ask(), no_page(Cause::none, 410)));
  EXPECT_FALSE(lane.next(now)) << "a reading that only begins cannot be too old: later";
  EXPECT_GT(lane.resume_at(now), now);
}

TEST_F(DownLaneTest, WaitsLongerAfterEachFailureAndNoLongerThanTheLineIsAway) {
  be_at(1);
  lane.heard("cloud-1", 2);
  Duration before{};
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(take(ask(), no_page(Cause::slow)));
    EXPECT_FALSE(lane.next(now));
    const Duration wait = lane.resume_at(now) - now;
    EXPECT_GT(wait, before);
    before = wait;
    now = lane.resume_at(now);
  }
  EXPECT_FALSE(take(ask(), no_page(Cause::reset)));
  lane.line_is_back(now);
  EXPECT_LE(lane.resume_at(now) - now, Duration(2s));
}

TEST_F(DownLaneTest, DoesNotAskBeforeTheCloudWantsToBeAsked) {
  be_at(1);
  lane.heard("cloud-1", 2);
  FeedOutcome busy = no_page(Cause::busy, 429);
  busy.retry_after = 90s;
  EXPECT_FALSE(take(ask(), busy));
  lane.line_is_back(now);
  EXPECT_EQ(lane.resume_at(now), now + Duration(90s));
}

TEST_F(DownLaneTest, TakesNoAnswerToAnotherQuestion) {
  be_at(4);
  lane.heard("cloud-1", 9);
  wire::FeedPage other_cloud = page({row(5, "milk")}, 9, 9);
  other_cloud.epoch = "cloud-2";
  for (const wire::FeedPage& wrong :
       {other_cloud, page({row(3, "milk")}, 9, 9), page({}, 2, 9), page({}, 4, 9)}) {
    EXPECT_FALSE(take(ask(), told(wrong)));
    EXPECT_EQ(shelf.pages, 0);
    now = lane.resume_at(now);
  }
}

TEST_F(DownLaneTest, AsksAgainForAPageThatCouldNotBeKept) {
  be_at(1);
  lane.heard("cloud-1", 2);
  shelf.failing = true;
  const FeedAsk asked = ask();
  EXPECT_FALSE(lane.finish(asked, told(page({row(2, "milk")}, 2, 2)), now));
  EXPECT_FALSE(lane.next(now)) << "not at once";
  shelf.failing = false;
  now = lane.resume_at(now);
  EXPECT_EQ(ask().after.v, 1U);
  shelf.dead = true;
  DownLane other(shelf, entropy, wire::kItems);
  other.heard("cloud-1", 2);
  EXPECT_FALSE(other.next(now)) << "nothing can be kept";
}

TEST_F(DownLaneTest, ACloudThatLostWhatItToldIsNotAskedForEver) {
  be_at(4);
  lane.heard("cloud-1", 9);
  EXPECT_FALSE(take(ask(), told(page({}, 4, 4))));
  EXPECT_FALSE(lane.next(now));
}

TEST_F(DownLaneTest, WhoAsksByHandComparesAndATableThatDiffersIsReadFromTheStart) {
  be_at(4);
  shelf.rows = {{"milk", "{}"}};
  lane.now();
  const FeedAsk asked = ask();
  EXPECT_TRUE(asked.compare);
  wire::FeedPage last = page({}, 4, 4);
  wire::TableSum cloud;
  cloud.add("milk", false, "{}");
  cloud.add("bread", false, "{}");
  last.sum = cloud.text();
  EXPECT_FALSE(take(asked, told(last)));
  EXPECT_TRUE(lane.drifted());
  const FeedAsk anew = ask();
  EXPECT_TRUE(anew.after.anew);
  EXPECT_FALSE(anew.compare) << "compared once for each time that somebody asks";
}

TEST_F(DownLaneTest, ATableThatIsTheCloudsIsLeftAlone) {
  be_at(4);
  shelf.rows = {{"milk", "{}"}};
  lane.now();
  const FeedAsk asked = ask();
  wire::FeedPage last = page({}, 4, 4);
  last.sum = shelf.sum("items")->text();
  EXPECT_FALSE(take(asked, told(last)));
  EXPECT_FALSE(lane.drifted());
  EXPECT_FALSE(lane.next(now));
}

TEST_F(DownLaneTest, ComparesWithTheLastPageAlone) {
  be_at(4);
  lane.heard("cloud-1", 9);
  lane.now();
  EXPECT_TRUE(take(ask(), told(page({row(6, "milk")}, 6, 9))));
  EXPECT_FALSE(lane.drifted());
  EXPECT_TRUE(ask().compare) << "it was not told yet";
}

}  // namespace
}  // namespace tillrig::sync
