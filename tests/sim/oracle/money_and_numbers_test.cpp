#include "tests/sim/oracle/day.hpp"

// INV-05 to INV-07, INV-22: amounts and receipt numbers.
namespace tillrig::oracle {
namespace {

void replace_on_paper(Day& day, const std::string& id, const std::string& after,
                      const std::string& was, const std::string& is) {
  std::string& text = day.paper(id).text;
  text.replace(text.find(was, text.find(after)), was.size(), is);
}

TEST(Inv05, FindsATotalThatDiffersInTheCloud) {
  Day day = good_day();
  day.cloud_row("till-1.1.3").total = 1251;
  EXPECT_TRUE(is_found(day, "INV-05", "till-1.1.3", 7));
}

TEST(Inv05, FindsPaymentsThatAreNotTheTotal) {
  Day day = good_day();
  day.cloud_row("till-1.1.4").payments_total = 0;
  EXPECT_TRUE(is_found(day, "INV-05", "till-1.1.4", 8));
}

TEST(Inv05, FindsALineOnPaperThatDoesNotAddUp) {
  Day day = good_day();
  replace_on_paper(day, "till-1.1.3", "Milk", "12.50", "12.40");
  EXPECT_TRUE(is_found(day, "INV-05", "till-1.1.3", 7));
}

TEST(Inv05, FindsChangeThatTheCashierSawOtherwise) {
  Day day = good_day();
  day.acknowledgement("till-1.1.3").change = 79;
  EXPECT_TRUE(is_found(day, "INV-05", "till-1.1.3", 7));
}

TEST(Inv05, FindsARegisterRowWithAnotherTotal) {
  Day day = good_day();
  day.register_row("till-1.1.5").total = 998;
  EXPECT_TRUE(is_found(day, "INV-05", "till-1.1.5", 9));
}

TEST(Inv06, FindsANumberThatStandsForTwoSales) {
  Day day = good_day();
  const std::string id = day.at(60s, 20).sells(6, 2, 777);
  EXPECT_TRUE(is_found(day, "INV-06", id, 20));
  const Verdict verdict = verdict_of(day, "INV-06");
  EXPECT_EQ(verdict.violations.size(), 1U);
  EXPECT_NE(verdict.violations.front().what.find("till-1.1.3 and till-1.1.6"), std::string::npos);
}

TEST(Inv06, FindsASecondSaleUnderTheSameIdAndNumber) {
  Day day = good_day();
  day.at(60s, 20).sells(3, 2, 777);
  EXPECT_TRUE(is_found(day, "INV-06", "till-1.1.3", 20));
}

TEST(Inv06, AllowsACopy) {
  Day day = good_day();
  PaperEntry copy = day.paper("till-1.1.3");
  copy.text = "COPY\n" + copy.text;
  day.tapes.paper.push_back(copy);
  EXPECT_TRUE(verdict_of(day, "INV-06").violations.empty());
  day.tapes.paper.push_back(day.paper("till-1.1.3"));
  EXPECT_TRUE(is_found(day, "INV-06", "till-1.1.3", 7));
}

TEST(Inv06, FindsANumberThatTheCloudHasForAnotherSale) {
  Day day = good_day();
  CloudEntry other = day.cloud_row("till-1.1.3");
  other.id = "till-1.1.9";
  other.total = 5;
  day.tapes.cloud.back().rows.push_back(other);
  EXPECT_TRUE(is_found(day, "INV-06", "till-1.1.9", 0));
}

TEST(Inv06, FindsAnotherNumberOrKindInRegisterSales) {
  Day day = good_day();
  day.register_row("till-1.1.3").number = "2-0000002";
  EXPECT_TRUE(is_found(day, "INV-06", "till-1.1.3", 7));
  day.register_row("till-1.1.3").number = "1-0000002";
  EXPECT_TRUE(verdict_of(day, "INV-06").violations.empty());
  day.register_row("till-1.1.4").kind = "sale";
  EXPECT_TRUE(is_found(day, "INV-06", "till-1.1.4", 8));
}

TEST(Inv07, FindsAStampThatDoesNotGrow) {
  Day day = good_day();
  for (WireEntry& wire : day.tapes.wire) {
    const std::size_t at = wire.body.find("\"ms\":4,");
    if (at != std::string::npos) wire.body.replace(at, 7, "\"ms\":3,");
  }
  EXPECT_TRUE(is_found(day, "INV-07", "till-1.1.4", 8));
}

TEST(Inv07, FindsAnotherTimeInRegisterSales) {
  Day day = good_day();
  day.register_row("till-1.1.3").wall_ms = 1;
  EXPECT_TRUE(is_found(day, "INV-07", "till-1.1.3", 7));
}

TEST(Inv07, FindsAGap) {
  Day day = good_day();
  const std::string id = day.at(60s, 20).sells(6, 6, 777);
  EXPECT_TRUE(is_found(day, "INV-07", id, 20));
  EXPECT_EQ(verdict_of(day, "INV-07").violations.front().expected, "1-0000005 next");
}

TEST(Inv07, CountsASaleThatOnlyTheTillShows) {
  Day day = good_day();
  day.at(60s, 20).sells(6, 6, 777);
  day.tapes.registers.back().rows.push_back({"till-1.1.7", "sale", "1-0000005", 5, "queued", ""});
  EXPECT_TRUE(verdict_of(day, "INV-07").violations.empty());
}

TEST(Inv07, FindsAnEpochThatWasNotAnnounced) {
  Day day = good_day();
  day.at(180s, 20).opens(2);
  const std::string id = day.sells(2, 1, 500);
  day.sends({id});
  day.looks();
  EXPECT_TRUE(is_found(day, "INV-07", id, 20));
}

TEST(Inv07, FindsAnEpochThatWasOpenedForNoReason) {
  Day day = good_day();
  std::string& sent = day.tapes.wire.at(1).body;
  const std::string reason = R"("reason":"created",)";
  ASSERT_NE(sent.find(reason), std::string::npos);
  sent.erase(sent.find(reason), reason.size());
  EXPECT_FALSE(verdict_of(day, "INV-07").violations.empty());
}

TEST(Inv22, FindsAnAmountWithAPointOnTheWire) {
  Day day = good_day();
  std::string& body = day.tapes.wire.back().body;
  body.replace(body.find("1250"), 4, "12.50");
  EXPECT_TRUE(is_found(day, "INV-22", "till-1.1.3", 7));
}

TEST(Inv22, FindsAnAmountWithAnExponentOrAsText) {
  Day day = good_day();
  std::string& body = day.tapes.wire.back().body;
  body.replace(body.find("-420"), 4, "-42e1");
  EXPECT_TRUE(is_found(day, "INV-22", "till-1.1.4", 8));
  body.replace(body.find("-42e1"), 5, "\"-4\"");
  EXPECT_TRUE(is_found(day, "INV-22", "till-1.1.4", 8));
}

TEST(Inv22, SaysThatABodyCouldNotBeReadInsteadOfReadingItsBytes) {
  Day day = good_day();
  WireEntry& sent = day.tapes.wire.back();
  sent.body = "\x28\xb5\x2f\xfd\"total\":-E\"";
  sent.unreadable = "the body of 14 bytes is not a zstd frame that states its unpacked size";
  EXPECT_TRUE(is_found(day, "INV-22", "", 0));
  const auto violations = verdict_of(day, "INV-22").violations;
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].seen, sent.unreadable);
}

}  // namespace
}  // namespace tillrig::oracle
