#include "tests/sim/oracle/day.hpp"

#include <set>
#include <string_view>

namespace tillrig::oracle {
namespace {

TEST(Invariants, AreExactlyThoseOfThisHouse) {
  std::vector<std::string> names;
  for (const Invariant* row : words::Table<Invariant>::all()) {
    names.emplace_back(row->name);
    EXPECT_FALSE(row->doc.empty()) << row->name;
    EXPECT_FALSE(row->when.empty()) << row->name;
    EXPECT_NE(row->check, nullptr) << row->name;
    const bool known =
        row->failure == "safety" || row->failure == "liveness" || row->failure == "determinism";
    EXPECT_TRUE(known) << row->name << ": " << row->failure;
  }
  const std::vector<std::string> expected = {
      "INV-01", "INV-02", "INV-03", "INV-04", "INV-05", "INV-06", "INV-07", "INV-08", "INV-09",
      "INV-10", "INV-11", "INV-12", "INV-13", "INV-14", "INV-15", "INV-16", "INV-17", "INV-18",
      "INV-19", "INV-20", "INV-21", "INV-22", "INV-23", "INV-24", "INV-25", "INV-26", "INV-27",
      "INV-28", "INV-29", "INV-30", "INV-33", "INV-34", "INV-35", "INV-36", "INV-37", "INV-38",
      "INV-39", "INV-40", "INV-41", "INV-42", "INV-43", "INV-44", "INV-45", "INV-46", "INV-47",
      "INV-48", "INV-49", "INV-50", "INV-51", "INV-52", "INV-53", "INV-54", "INV-55"};
  EXPECT_EQ(names, expected);
}

TEST(Judge, HoldsAGoodDayAndJudgesSomethingOfEveryInvariant) {
  const Day day = good_day();
  for (const Verdict& verdict : judge(day.tapes)) {
    // What was rung up is on other tapes: rung_up_test.cpp.
    // Nor did anybody take a card: card_test.cpp.
    const bool card = (verdict.invariant >= "INV-08" && verdict.invariant <= "INV-11") ||
                      (verdict.invariant >= "INV-34" && verdict.invariant <= "INV-36");
    const bool account = card || verdict.invariant == "INV-12" || verdict.invariant == "INV-13" ||
                         verdict.invariant == "INV-14" || verdict.invariant == "INV-15" ||
                         verdict.invariant == "INV-17" || verdict.invariant == "INV-33" ||
                         verdict.invariant == "INV-19" || verdict.invariant == "INV-39" ||
                         (verdict.invariant >= "INV-41" && verdict.invariant <= "INV-43");
    // Nobody used the Sync Manager or was asked to wait on that day, it was one day, and no upload
    // failed but over a line that had been down.
    static const std::set<std::string_view> kCalm{"INV-18", "INV-20", "INV-29", "INV-30", "INV-37",
                                                  "INV-40", "INV-46", "INV-47", "INV-49", "INV-50",
                                                  "INV-51", "INV-52", "INV-53", "INV-54", "INV-55"};
    const bool calm = kCalm.contains(verdict.invariant);
    EXPECT_TRUE(account || calm || verdict.judged > 0) << verdict.invariant;
    for (const Violation& violation : verdict.violations) {
      ADD_FAILURE() << verdict.invariant << ": " << violation.what << " Expected "
                    << violation.expected << ", seen " << violation.seen;
    }
  }
}

TEST(Judge, JudgesNothingOnEmptyTapes) {
  for (const Verdict& verdict : judge(Tapes{})) {
    EXPECT_EQ(verdict.judged, 0U) << verdict.invariant;
    EXPECT_TRUE(verdict.violations.empty()) << verdict.invariant;
  }
}

TEST(Judge, LeavesOutWhatIsWaived) {
  Day day = good_day();
  day.tapes.digest_second = 1;
  const auto verdicts = judge(day.tapes, {"INV-38"});
  EXPECT_EQ(verdicts.size(), 52U);
  for (const Verdict& verdict : verdicts) EXPECT_NE(verdict.invariant, "INV-38");
}

}  // namespace
}  // namespace tillrig::oracle
