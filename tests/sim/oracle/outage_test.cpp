// INV-54: in a fiscal shop an outage in which something was sold is closed by one null receipt.
#include "sim/oracle/outage_text.hpp"
#include "tests/sim/oracle/day.hpp"

namespace tillrig::oracle {
namespace {

constexpr std::int64_t kOpen = 1'772'438'400'000;  // 2026-03-02 08:00 UTC
constexpr const char* kEvent = "till-1.1.6";

std::string body_of(std::int64_t since, std::int64_t until, int documents) {
  return R"({"hlc":{"ms":1,"count":0},"wall":1,"since_ms":)" + std::to_string(since) +
         R"(,"until_ms":)" + std::to_string(until) + R"(,"documents":)" +
         std::to_string(documents) + "}";
}

std::string slip_of(std::int64_t since, std::int64_t until, int documents, bool copy) {
  return std::string(copy ? "COPY\n" : "") + "NULL RECEIPT\nEvent " + kEvent + "\nFrom " +
         moment_on_paper(since) + "\nUntil " + moment_on_paper(until) + "\nDocuments " +
         std::to_string(documents) + "\nTOTAL     0.00\n";
}

// The good day in a fiscal shop: its outage from the sale at 40 s to 104 s is closed.
class Inv54 : public ::testing::Test {
 protected:
  Inv54() : day_(good_day()) {
    Tapes& tapes = day_.tapes;
    tapes.shop.null_receipt = true;
    tapes.wall_open_ms = kOpen;
    tapes.printers = {Day::kTill};
    CloudEntry row;
    row.id = kEvent;
    row.till = Day::kTill;
    row.epoch = 1;
    row.seq = 6;
    row.kind = "outage_closed";
    tapes.cloud.back().rows.push_back(row);
    tapes.held.push_back({kEvent, body_of(kOpen + 40'000, kOpen + 104'000, 3)});
    prints(false);
    CashierEntry booked;
    booked.at = Instant{0} + 104s;
    booked.till = Day::kTill;
    booked.kind = CashierEntry::Kind::other;
    booked.code = "booked";
    booked.order = 1'000;
    booked.facts.add("event", std::string(kEvent));
    tapes.cashier.push_back(booked);
  }

  void prints(bool copy) {
    const std::string text = slip_of(kOpen + 40'000, kOpen + 104'000, 3, copy);
    day_.tapes.paper.push_back({Instant{0} + 110s, Day::kTill, 10, true, text});
  }
  [[nodiscard]] std::string found() const {
    const Verdict verdict = verdict_of(day_, "INV-54");
    return verdict.violations.empty() ? std::string() : verdict.violations.front().what;
  }
  void not_closed() { day_.not_in_cloud(kEvent); }

  Day day_;
};

TEST_F(Inv54, HoldsWhereItIsClosedOnceAndJudgesNoOtherShop) {
  EXPECT_EQ(found(), "");
  EXPECT_EQ(verdict_of(day_, "INV-54").judged, 1U);
  prints(true);
  EXPECT_EQ(found(), "") << "a copy says that it is one";
  not_closed();
  day_.tapes.shop.null_receipt = false;
  EXPECT_EQ(verdict_of(day_, "INV-54").judged, 0U);
}

TEST_F(Inv54, FindsAnOutageThatIsNotClosed) {
  not_closed();
  EXPECT_NE(found().find("has no null receipt"), std::string::npos) << found();
}

TEST_F(Inv54, FindsASecondEventAndOneWithoutACause) {
  CloudEntry second = day_.cloud_row(kEvent);
  second.id = "till-1.1.7";
  second.seq = 7;
  day_.tapes.cloud.back().rows.push_back(second);
  day_.tapes.held.push_back({second.id, body_of(kOpen + 105'000, kOpen + 105'000, 0)});
  EXPECT_NE(found().find("that there was not"), std::string::npos) << found();
}

TEST_F(Inv54, FindsAnotherNumberAnotherSpanAndAnotherBeginning) {
  auto& body = day_.tapes.held.back().body;
  body = body_of(kOpen + 40'000, kOpen + 104'000, 2);
  EXPECT_NE(found().find("other documents"), std::string::npos) << found();
  body = body_of(kOpen + 75'000, kOpen + 104'000, 3);
  EXPECT_NE(found().find("over another time"), std::string::npos) << found();
}

TEST_F(Inv54, FindsAFlagForNothing) {
  day_.cloud_row(kEvent).facts.add("flag", std::string("outage_to_report"));
  EXPECT_NE(found().find("flagged for nothing"), std::string::npos) << found();
}

TEST_F(Inv54, FindsAPromptForNothing) {
  day_.at(120s, 10).prompt("outage_report", {"OK"});
  EXPECT_NE(found().find("and none has"), std::string::npos) << found();
}

TEST_F(Inv54, FindsTwoOriginalsAndPaperThatSaysSomethingElse) {
  prints(false);
  EXPECT_NE(found().find("twice as an original"), std::string::npos) << found();
  day_.tapes.paper.pop_back();
  std::string& text = day_.tapes.paper.back().text;
  text.replace(text.find("Documents 3"), 11, "Documents 4");
  EXPECT_NE(found().find("other than its event"), std::string::npos) << found();
}

TEST_F(Inv54, FindsPaperThatDidNotComeOut) {
  day_.tapes.paper.pop_back();
  day_.at(300s, 12).act(ActEntry::Kind::quiet);
  EXPECT_NE(found().find("is not on paper"), std::string::npos) << found();
}

TEST_F(Inv54, BelievesAWorldWhoseClocksAreWrong) {
  not_closed();
  day_.tapes.acts.insert(day_.tapes.acts.begin() + 1,
                         {Instant{0} + 1s, ActEntry::Kind::fault, "clock.jump", "", 1, 2});
  EXPECT_EQ(verdict_of(day_, "INV-54").judged, 0U);
}

TEST(OutageText, ReadsItsOwnPaperAndNoOther) {
  const auto slip = read_null_receipt(slip_of(0, 1'000, 7, true), "COPY");
  ASSERT_TRUE(slip);
  EXPECT_TRUE(slip->copy && slip->nothing);
  EXPECT_EQ(slip->since, "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(slip->until, "1970-01-01 00:00:01 UTC");
  EXPECT_EQ(slip->documents, 7U);
  EXPECT_FALSE(read_null_receipt("Receipt 1-0000001\nTOTAL 0.00\n", "COPY"));
}

}  // namespace
}  // namespace tillrig::oracle
