#include "tests/pos/pay/model.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <iostream>

namespace tillrig::pay {
namespace {

constexpr std::string_view kNoReversal = "no_automatic_reversal";
constexpr std::size_t kAll = 1'000'000;
constexpr std::size_t kNearest = 8'000;  // enough for each of them to go wrong
constexpr std::size_t kMany = 30'000;

model::Found check(std::string_view design, std::initializer_list<std::string_view> mutants,
                   std::size_t most, int crashes = 1) {
  base::Mutants on;
  for (const std::string_view each : mutants) on.add(each);
  const model::Found found = model::explore(on, crashes, most);
  std::cout << fmt::format("{:<46} {} {:>7} states, {:>4} ends, {:>4} bad, {} charges at once\n",
                           design, found.all ? "all" : "the", found.states, found.ends, found.bad,
                           found.most_charges);
  if (found.bad > 0) std::cout << "    shortest: " << found.worst << '\n';
  return found;
}

TEST(ModelCheck, NoOrderEndsWithOtherChargesThanItsOwn) {
  const auto full = check("full design", {}, kAll);
  EXPECT_EQ(full.bad, 0U) << full.worst;
  EXPECT_TRUE(full.all);
  EXPECT_EQ(full.most_charges, 1U);
  EXPECT_GT(full.ends, 0U);
}

TEST(ModelCheck, TheDesignDoesNotLeanOnReversal) {
  const auto without = check("full design, no crash, no reversal", {kNoReversal}, kAll, 0);
  EXPECT_EQ(without.bad, 0U) << without.worst;
  EXPECT_TRUE(without.all);
}

TEST(ModelCheck, EachRuleThatIsLeftOutEndsBadlyWithoutReversal) {
  const auto bad = [](std::string_view design, std::string_view mutant) {
    return check(design, {mutant, kNoReversal}, kNearest, 0).bad;
  };
  EXPECT_GT(bad("cancel is local only, no reversal", "cancel_is_local"), 0U);
  EXPECT_GT(bad("not found is final, no reversal", "not_found_is_final"), 0U);
  EXPECT_GT(bad("other tender while unknown, no reversal", "other_tender_while_unknown"), 0U);
  EXPECT_GT(bad("void while unknown, no reversal", "void_while_unknown"), 0U);
  EXPECT_GT(
      check("second intent, no reversal", {"second_intent_allowed", kNoReversal}, kMany, 0).bad,
      0U);
}

TEST(ModelCheck, ReversalIsASecondNetUnderEachOfThem) {
  const auto bad = [](std::string_view design, std::string_view mutant) {
    return check(design, {mutant}, kNearest, 0).bad;
  };
  EXPECT_EQ(bad("cancel is local only, no crash", "cancel_is_local"), 0U);
  EXPECT_EQ(bad("not found is final, no crash", "not_found_is_final"), 0U);
  EXPECT_EQ(bad("other tender while unknown, no crash", "other_tender_while_unknown"), 0U);
  EXPECT_EQ(bad("void while unknown, no crash", "void_while_unknown"), 0U);
}

TEST(ModelCheck, WhatNoReversalMendsIsSeen) {
  const auto bad = [](std::string_view design, std::string_view mutant) {
    return check(design, {mutant}, kNearest).bad;
  };
  EXPECT_GT(bad("intent not durable before send", "intent_not_durable"), 0U);
  EXPECT_GT(bad("re-sync is a new charge", "retry_new_charge"), 0U);
  EXPECT_GT(bad("done on error", "force_done_on_error"), 0U);
  EXPECT_GT(bad("done without capture", "done_without_capture"), 0U);
  EXPECT_GT(bad("unresolved ones dropped at start", "stored_payment_dropped"), 0U);
}

}  // namespace
}  // namespace tillrig::pay
