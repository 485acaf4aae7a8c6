#include "tests/sim/oracle/day.hpp"

#include <fmt/format.h>

#include <string>

// INV-45: what is asked about receipts after a power cut, and where paper breaks the shop's words.
namespace tillrig::oracle {
namespace {

// So many sales came out on paper; the power is cut, and each is asked for again.
Day cut_day(int sales) {
  using Shown = CashierEntry::Kind;
  Day day;
  day.at(0s, 1).act(ActEntry::Kind::start, "till", Day::kTill);
  day.shows(Shown::connection, "none", "online");
  day.opens(1);
  for (int i = 0; i < sales; ++i) {
    const auto number = static_cast<std::uint64_t>(i + 1);
    day.at(10s + i * 1s, 2).sells(number + 1, number, 500);
  }
  day.at(300s, 3).act(ActEntry::Kind::power_cut, "power.cut", Day::kTill);
  day.at(310s, 4).act(ActEntry::Kind::start, "till", Day::kTill);
  for (int i = 0; i < sales; ++i) {
    day.at(320s + i * 1s, 5);
    day.shows(Shown::prompt, "receipt_missing",
              fmt::format("Receipt 1-{:07} did not come?", i + 1));
    day.shows(Shown::pressed, "receipt_missing", "Not needed");
  }
  day.at(500s, 6).act(ActEntry::Kind::quiet).looks();
  return day;
}

TEST(Inv45, ATillMayAskForSixteenPrintedReceiptsAfterAPowerCut) {
  EXPECT_TRUE(verdict_of(cut_day(16), "INV-45").violations.empty());
}

TEST(Inv45, FindsATillThatForgetsMoreAtAPowerCut) {
  const Verdict verdict = verdict_of(cut_day(17), "INV-45");
  ASSERT_FALSE(verdict.violations.empty());
  EXPECT_NE(verdict.violations.front().what.find("power cut"), std::string::npos)
      << verdict.violations.front().what;
}

TEST(Inv45, FindsAWordOfTheShopThatIsBrokenBeforeTheLineIsFull) {
  Day day = good_day();
  day.tapes.shop.footer = {"Thank you"};
  EXPECT_TRUE(verdict_of(day, "INV-45").violations.empty());
  PaperEntry& paper = day.paper("till-1.1.2");
  const std::string words = "Thank you";
  paper.text.replace(paper.text.find(words), words.size(), "Tha\n       nk you");
  EXPECT_TRUE(is_found(day, "INV-45", "till-1.1.2", 3));
}

}  // namespace
}  // namespace tillrig::oracle
