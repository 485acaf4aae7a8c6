#include "tests/sim/oracle/day.hpp"

// INV-01 to INV-04: what was acknowledged is in the cloud, once, as it was.
namespace tillrig::oracle {
namespace {

TEST(Inv01, FindsASaleThatIsNeitherInTheCloudNorHeldAtTheTill) {
  Day day = good_day();
  day.not_in_cloud("till-1.1.3");
  EXPECT_TRUE(is_found(day, "INV-01", "till-1.1.3", 7));
}

TEST(Inv01, CountsAReceiptAsAnAcknowledgement) {
  Day day = good_day();
  std::erase_if(day.tapes.cashier, [](const auto& entry) { return entry.sale == "till-1.1.3"; });
  day.not_in_cloud("till-1.1.3");
  EXPECT_TRUE(is_found(day, "INV-01", "till-1.1.3", 7));
  day.paper("till-1.1.3").complete = false;
  EXPECT_TRUE(verdict_of(day, "INV-01").violations.empty()) << "a torn receipt promises nothing";
}

TEST(Inv01, HoldsForASaleThatTheTillStillShowsAsQueued) {
  Day day = good_day();
  day.not_in_cloud("till-1.1.3");
  day.register_row("till-1.1.3").sync = "queued";
  EXPECT_TRUE(verdict_of(day, "INV-01").violations.empty());
}

TEST(Inv01, FindsThatTheCloudLostWhatWasSoldBeforeTheStory) {
  Day day = good_day();
  day.tapes.past_begin = day.tapes.past_end = {1000, 1, "as it was"};
  EXPECT_TRUE(verdict_of(day, "INV-01").violations.empty());
  day.tapes.past_end.held = 999;
  EXPECT_EQ(verdict_of(day, "INV-01").violations.size(), 1U);
  day.tapes.past_end = {1000, 1, "other"};
  EXPECT_EQ(verdict_of(day, "INV-01").violations.size(), 1U) << "one of them is not what it was";
}

TEST(Inv01, FindsASoundSaleThatTheCloudRefuses) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 100);
  day.sends({id}, "rejected");
  day.at(190s, 13).looks();
  EXPECT_TRUE(is_found(day, "INV-01", id, 12));
}

TEST(Inv01, HoldsForARefundOfASaleThatTheCloudIsMeantToRefuse) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, -999, "till-1.1.5");
  day.sends({id}, "rejected");
  day.at(190s, 13).looks();
  EXPECT_TRUE(verdict_of(day, "INV-01").violations.empty());
}

TEST(Inv01, DoesNotCallASaleLostThatNobodyCouldLookFor) {
  Day day = good_day();
  const auto judged = verdict_of(day, "INV-01").judged;
  day.at(180s, 12).sells(6, 5, 100);
  day.at(181s, 13).act(ActEntry::Kind::kill, "till.kill", Day::kTill);
  day.act(ActEntry::Kind::quiet);
  const Verdict verdict = verdict_of(day, "INV-01");
  EXPECT_TRUE(verdict.violations.empty());
  EXPECT_EQ(verdict.judged, judged);
}

TEST(Inv02, FindsAnEventThatIsInTheCloudTwice) {
  Day day = good_day();
  CloudEntry twin = day.cloud_row("till-1.1.3");
  twin.v = 99;
  day.tapes.cloud.back().rows.push_back(twin);
  EXPECT_TRUE(is_found(day, "INV-02", "till-1.1.3", 7));
  EXPECT_EQ(verdict_of(day, "INV-02").violations.size(), 1U);
}

TEST(Inv02, FindsASaleThatIsInTheCloudUnderTwoIds) {
  Day day = good_day();
  CloudEntry twin = day.cloud_row("till-1.1.3");
  twin.id = "till-1.1.9";
  twin.v = 99;
  day.tapes.cloud.back().rows.push_back(twin);
  EXPECT_TRUE(is_found(day, "INV-02", "till-1.1.9", 0));
}

TEST(Inv03, FindsADuplicateWithAnotherHash) {
  Day day = good_day();
  WireEntry& last = day.tapes.wire.back();
  const std::string hash = "hash-of-till-1.1.3";
  last.cloud_answer.replace(last.cloud_answer.find(hash), hash.size(), "another");
  EXPECT_TRUE(is_found(day, "INV-03", "till-1.1.3", 7));
}

TEST(Inv03, FindsAnAnsweredSaleThatTheCloudDoesNotHave) {
  Day day = good_day();
  day.not_in_cloud("till-1.1.4");
  EXPECT_TRUE(is_found(day, "INV-03", "till-1.1.4", 8));
}

TEST(Inv01, FindsARefusedSaleThatTheCloudDoesNotKeepForAPerson) {
  Day day = good_day();
  day.tapes.refused_known = true;
  EXPECT_TRUE(is_found(day, "INV-01", "till-1.1.5", 9));
  day.tapes.refused = {"till-1.1.5"};
  EXPECT_TRUE(verdict_of(day, "INV-01").violations.empty());
}

TEST(Inv03, ALookInTheMomentOfTheAnswerMayHaveComeBeforeIt) {
  Day day = good_day();
  day.at(200s, 20);
  const std::string id = day.sells(6, 5, 500);
  const WireEntry& wire = day.sends({id});
  CloudLook early = day.tapes.cloud.back();
  early.at = wire.ended;
  day.tapes.cloud.push_back(early);
  day.at(201s, 21).looks();
  EXPECT_TRUE(verdict_of(day, "INV-03").violations.empty());
}

TEST(Inv03, FindsThatNotAllIsThereUpToWhereTheCloudSays) {
  Day day = good_day();
  std::string& answer = day.tapes.wire.back().cloud_answer;
  const std::string one = "\"contiguous_through\":1";
  answer.replace(answer.find(one), one.size(), "\"contiguous_through\":4");
  EXPECT_TRUE(verdict_of(day, "INV-03").violations.empty());
  answer.replace(answer.find("through\":4"), 10, "through\":5");
  EXPECT_TRUE(is_found(day, "INV-03", "till-1.1.5", 9));
}

TEST(Inv03, FindsThatSomethingElseIsHeldThanWasSent) {
  Day day = good_day();
  day.cloud_row("till-1.1.4").hash = "another";
  EXPECT_TRUE(is_found(day, "INV-03", "till-1.1.4", 8));
}

TEST(Inv03, HoldsTheCloudToAnAnswerThatWasLost) {
  Day day = good_day();
  const std::string id = day.at(180s, 12).sells(6, 5, 100);
  day.sends({id});
  day.answer_lost().at(190s, 13).looks();
  EXPECT_TRUE(verdict_of(day, "INV-03").violations.empty());
  day.not_in_cloud(id);
  EXPECT_TRUE(is_found(day, "INV-03", id, 12));
}

TEST(Inv04, FindsARowThatChangedInTheCloud) {
  Day day = good_day();
  day.cloud_row("till-1.1.2").payments_total = 1;
  EXPECT_TRUE(is_found(day, "INV-04", "till-1.1.2", 3));
}

TEST(Inv04, FindsARowThatDisappearedFromTheCloud) {
  Day day = good_day();
  day.not_in_cloud("till-1.1.2");
  EXPECT_TRUE(is_found(day, "INV-04", "till-1.1.2", 3));
}

TEST(Inv04, FindsACopyWithAnotherTotal) {
  Day day = good_day();
  PaperEntry copy = day.paper("till-1.1.2");
  copy.text = "COPY\n" + copy.text;
  day.tapes.paper.push_back(copy);
  EXPECT_TRUE(verdict_of(day, "INV-04").violations.empty());
  std::string& text = day.tapes.paper.back().text;
  text.replace(text.find("4.20", text.find("TOTAL")), 4, "4.10");
  EXPECT_TRUE(is_found(day, "INV-04", "till-1.1.2", 3));
}

TEST(Inv04, FindsARegisterRowThatChanged) {
  Day day = good_day();
  day.register_row("till-1.1.2").number = "1-0000009";
  EXPECT_TRUE(is_found(day, "INV-04", "till-1.1.2", 3));
}

}  // namespace
}  // namespace tillrig::oracle
